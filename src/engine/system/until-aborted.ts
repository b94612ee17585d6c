// Makes a wait abortable where the awaited work does not accept an AbortSignal.

/** Resolves and rejects as `work`, or with undefined as soon as `signal` is aborted; a later result is dropped. */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    giveUp = () => {
      resolve(undefined);
    };
  });
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
