// Lines that are in memory, as a client asks for them.

import type { LineSource, LineToSend } from './programs/line-client.ts';

export function sourceOf(lines: readonly LineToSend[]): LineSource {
  let next = 0;
  return { next: () => lines[next++] };
}
