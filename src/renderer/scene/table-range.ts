// Which lines the lines table has rows for: all of them, up to what can be counted in
// pixels; beyond that the part that the
// cursor is in. A saved run may claim any number of lines.

/** Ten times as many as the longest run has; far below what a pixel can still be told of. */
const MAX_ROWS = 100_000_000;

/** The rows of a run of `total` lines while line `current` is under way (0 for none): how many, and behind how many lines. */
export function tableRange(
  total: number,
  current: number,
): { readonly before: number; readonly rows: number } {
  const before = Math.floor(Math.max(0, Math.min(current, total) - 1) / MAX_ROWS) * MAX_ROWS;
  return { before, rows: Math.max(0, Math.min(MAX_ROWS, total - before)) };
}
