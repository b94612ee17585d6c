import { describe, expect, it } from 'vitest';

import { createConnections } from './connections.ts';
import type { Pair } from './connections.ts';

const pair = (clientPort: number, serverPort = 50_007, host = '127.0.0.1'): Pair => ({
  client: { address: host, port: clientPort },
  server: { address: host, port: serverPort },
});

describe('the numbers of connections', () => {
  it('count from 1, and are the same for both ends, whichever was seen first', () => {
    const connections = createConnections();
    expect(connections.seenBy('client', pair(40_001))).toBe(1);
    expect(connections.seenBy('server', pair(40_002))).toBe(2);
    expect(connections.seenBy('server', pair(40_001))).toBe(1);
    expect(connections.seenBy('client', pair(40_002))).toBe(2);
    expect(connections.seenBy('server', pair(40_003))).toBe(3);
  });

  it('tell connections apart by both addresses: one port of a client may reach two servers', () => {
    const connections = createConnections();
    expect(connections.seenBy('client', pair(40_001, 50_007))).toBe(1);
    expect(connections.seenBy('client', pair(40_001, 50_008))).toBe(2);
    expect(connections.seenBy('client', pair(40_001, 50_007, '127.0.0.2'))).toBe(3);
    const between: Pair = { client: pair(40_001).client, server: pair(0, 50_007, '127.0.0.2').server };
    expect(connections.seenBy('client', between)).toBe(4);
    expect(connections.seenBy('server', pair(40_001, 50_008))).toBe(2);
    expect(connections.bothEndsOurs(pair(40_001, 50_008))).toBe(true);
    expect(connections.bothEndsOurs(pair(40_001, 50_007))).toBe(false);
    connections.closedBy('client', pair(40_001, 50_008));
    connections.closedBy('server', pair(40_001, 50_008));
    // The one beside it is open still, and keeps its number.
    expect(connections.seenBy('server', pair(40_001, 50_007))).toBe(1);
  });

  it('are new where a side sees the same addresses again, though the other end is not closed yet', () => {
    const connections = createConnections();
    expect(connections.seenBy('server', pair(40_001))).toBe(1);
    expect(connections.seenBy('server', pair(40_001))).toBe(2);
    expect(connections.seenBy('client', pair(40_001))).toBe(2);
  });

  it('are new once the addresses are used again after every end that was seen is closed', () => {
    const connections = createConnections();
    connections.seenBy('client', pair(40_001));
    connections.seenBy('server', pair(40_001));
    connections.closedBy('client', pair(40_001));
    // Half closed: it is this connection still.
    expect(connections.bothEndsOurs(pair(40_001))).toBe(true);
    connections.closedBy('server', pair(40_001));
    expect(connections.bothEndsOurs(pair(40_001))).toBe(false);
    expect(connections.seenBy('server', pair(40_001))).toBe(2);
    connections.closedBy('server', pair(40_001));
    expect(connections.seenBy('client', pair(40_001))).toBe(3);
  });

  it('are not changed by the end of a connection that this side has not seen', () => {
    const connections = createConnections();
    connections.closedBy('server', pair(40_001));
    expect(connections.seenBy('client', pair(40_001))).toBe(1);
    connections.closedBy('server', pair(40_001));
    expect(connections.seenBy('server', pair(40_001))).toBe(1);
  });
});

describe('whether both ends are ours', () => {
  it('is known once both were seen', () => {
    const connections = createConnections();
    expect(connections.bothEndsOurs(pair(40_001))).toBe(false);
    connections.seenBy('server', pair(40_001));
    expect(connections.bothEndsOurs(pair(40_001))).toBe(false);
    connections.seenBy('client', pair(40_001));
    expect(connections.bothEndsOurs(pair(40_001))).toBe(true);
    expect(connections.bothEndsOurs(pair(40_002))).toBe(false);
  });
});
