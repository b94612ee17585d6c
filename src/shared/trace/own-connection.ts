// Which connection is our own client's. Any program on this machine can connect to our server, and its facts stand in the
// trace beside ours: what is counted, printed or bounded asks here whose they are.

import type { Fact } from './fact.ts';

/** No connection has this number. */
export const NO_CONNECTION = 0;

/**
 * The number of our client's connection behind a fact, where `before` was the number in front of it; `NO_CONNECTION` while
 * it has none. Of clients only ours is recorded from its own side, so what it connects or writes on is ours. Each round
 * has a client of its own, and may number its connections anew.
 */
export function ownConnectionAfter(fact: Fact, before: number): number {
  switch (fact.kind) {
    case 'connected':
      return fact.connection;
    case 'wrote':
      return fact.side === 'client' ? fact.connection : before;
    case 'round-started':
      return NO_CONNECTION;
    default:
      return before;
  }
}
