/**
 * The `seq` of the last of `facts` facts at or before a time, in microseconds; 0 where there is none. `timeOf` gives the
 * time of a fact; undefined where it is not kept or cannot be read: then one before it is found.
 */
export async function seqAtTime(
  us: number,
  facts: number,
  timeOf: (seq: number) => Promise<number | undefined>,
): Promise<number> {
  let low = 0;
  let high = facts;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const time = await timeOf(middle);
    if (time !== undefined && time <= us) low = middle;
    else high = middle - 1;
  }
  return low;
}
