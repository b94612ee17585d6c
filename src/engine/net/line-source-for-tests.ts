// A LineSource of lines in memory.

import type { LineSource, LineToSend } from './programs/line-client.ts';

export function sourceOf(lines: readonly LineToSend[]): LineSource {
  let next = 0;
  return { next: () => lines[next++] };
}
