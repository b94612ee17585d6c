import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { constants } from 'node:os';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Result } from '../../shared/result.ts';
import type { Fact, FactKind } from '../../shared/trace/fact.ts';
import { examinePort } from '../evidence/kernel/port-doctor.ts';
import { portOf } from '../system/port-for-tests.ts';
import { createConnections } from './connections.ts';
import { startGreetingServer } from './programs/greeting-server.ts';
import type { RunningServer, ServerOptions } from './listen.ts';

const HOST = '127.0.0.1';

let facts: Fact[] = [];
let atMs: number[] = [];
let controller = new AbortController();
let onFact: (fact: Fact) => void = () => undefined;
let cleanUp: (() => unknown)[] = [];

beforeEach(() => {
  facts = [];
  atMs = [];
  controller = new AbortController();
  onFact = () => undefined;
});
afterEach(async () => {
  for (const clean of cleanUp) await clean();
  cleanUp = [];
});

function emit(fact: Fact): void {
  facts.push(fact);
  atMs.push(performance.now());
  onFact(fact);
}

async function start(port: number, options: Partial<ServerOptions> = {}): Promise<Result<RunningServer>> {
  const started = await startGreetingServer(
    {
      requested: { address: HOST, port },
      connections: createConnections(),
      greeting: Buffer.from('Hi'),
      ...options,
    },
    emit,
    controller.signal,
  );
  if (started.ok) cleanUp.push(() => started.value.close());
  return started;
}

const kinds = (): FactKind[] => facts.map(({ kind }) => kind);

function of<Kind extends FactKind>(kind: Kind): Extract<Fact, { kind: Kind }>[] {
  return facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

/** The times between the facts of that kind, in ms. */
function pausesBetween(kind: FactKind): number[] {
  const times = atMs.filter((_, index) => facts[index]?.kind === kind);
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

async function taken(): Promise<{ port: number; giveUp: () => void }> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const giveUp = (): void => {
    server.close();
  };
  cleanUp.push(giveUp);
  return { port: portOf(server.address()), giveUp };
}

describe('a server that waits for its port', () => {
  it('listens when the program that listened there has released it', async () => {
    const { port, giveUp } = await taken();
    onFact = ({ kind }) => {
      if (kind === 'port-awaited') giveUp();
    };
    const started = await start(port, { waits: true, examinePort });
    const [failed] = of('failed');
    expect(failed?.problem).toMatchObject({ code: 'port-in-use', detail: { errorCode: 'EADDRINUSE', port } });
    expect(started).toMatchObject({
      ok: true,
      value: { local: { address: HOST, port }, refusal: failed?.problem },
    });
    expect(kinds().filter((kind) => kind !== 'port-examined')).toEqual([
      'server-created',
      'listen-called',
      'failed',
      'port-awaited',
      'listen-called',
      'listening',
    ]);
    expect(of('port-awaited')).toEqual([{ kind: 'port-awaited', peer: 'server', seenBy: 'program', port }]);
  });

  it('tries again only when no holder is found, and examines the port about once a second', async () => {
    const { port, giveUp } = await taken();
    let looks = 0;
    const started = await start(port, {
      waits: true,
      examinePort: (...place) => {
        looks += 1;
        if (looks === 4) giveUp();
        return examinePort(...place);
      },
    });
    expect(started.ok).toBe(true);
    expect(of('listen-called')).toHaveLength(2);
    expect(of('failed')).toHaveLength(1);
    if (process.platform !== 'linux') return;
    expect(of('port-examined')).toHaveLength(3);
    for (const { holder } of of('port-examined')) {
      expect(holder).toMatchObject({ what: 'listener', pid: process.pid });
    }
    for (const pause of pausesBetween('port-examined')) expect(pause).toBeGreaterThan(990);
  });

  it('tries again once a second where the system reports no holder', async () => {
    const { port, giveUp } = await taken();
    onFact = () => {
      if (of('failed').length === 3) giveUp();
    };
    const started = await start(port, { waits: true });
    expect(started).toMatchObject({ ok: true, value: { refusal: of('failed')[0]?.problem } });
    expect(kinds()).toEqual([
      'server-created',
      'listen-called',
      'failed',
      'port-awaited',
      'listen-called',
      'failed',
      'listen-called',
      'failed',
      'listen-called',
      'listening',
    ]);
    for (const pause of pausesBetween('listen-called')) expect(pause).toBeGreaterThan(990);
  });

  it('tries once a second at most where it is refused though no holder is found', async () => {
    const { port, giveUp } = await taken();
    onFact = () => {
      if (of('failed').length === 2) giveUp();
    };
    const nobody = { what: 'unknown', why: 'Nobody can be seen.' } as const;
    await start(port, {
      waits: true,
      examinePort: () => Promise.resolve({ holder: nobody, source: '/proc/net/tcp' }),
    });
    expect(of('listen-called')).toHaveLength(3);
    for (const pause of pausesBetween('listen-called')) expect(pause).toBeGreaterThan(990);
  });

  it.each<FactKind>(['failed', 'port-examined', 'port-awaited'])(
    'waits no longer when it is cancelled at %s',
    async (kind) => {
      const { port } = await taken();
      let abortedMs = 0;
      onFact = (fact) => {
        if (fact.kind !== kind) return;
        abortedMs = performance.now();
        controller.abort();
      };
      expect(await start(port, { waits: true, examinePort })).toMatchObject({
        ok: false,
        problem: { code: 'cancelled' },
      });
      expect(performance.now() - abortedMs).toBeLessThan(900);
      expect(kinds().at(-1)).toBe('server-closed');
      expect(of('listen-called')).toHaveLength(1);
    },
  );

  it('waits for nothing where the port is free', async () => {
    expect(await start(0, { waits: true, examinePort })).toMatchObject({ ok: true });
    expect(kinds()).toEqual(['server-created', 'listen-called', 'listening']);
  });
});

describe('the port that a server asks for', () => {
  it('can be the last one there is', async () => {
    expect(await start(65_535)).toMatchObject({ ok: true, value: { local: { port: 65_535 } } });
  });

  it.each([65_536, -1, 1.5])('cannot be %d, and the message names the range', async (port) => {
    expect(await start(port, { waits: true })).toMatchObject({
      ok: false,
      problem: { code: 'bad-option', message: `${port} is not a port. Choose a port from 0 to 65535.` },
    });
    expect(kinds()).toEqual(['server-created', 'listen-called', 'failed', 'server-closed']);
  });

  it('cannot be one that is reserved for the administrator, which is not waited for', async () => {
    const port = (await firstPortForAll()) - 1;
    // Where a container reserves no ports, none is refused: 0 is any free port then.
    const started = await asOrdinaryUser(() => start(Math.max(port, 0), { waits: true }));
    if (port < 1) {
      expect(started.ok).toBe(true);
      return;
    }
    expect(started).toMatchObject({
      ok: false,
      problem: {
        code: 'port-not-permitted',
        message: `This program may not listen on port ${port} of 127.0.0.1. Choose a port from 1024 to 65535 or let the system pick a free one.`,
        detail: { errorCode: 'EACCES', errno: constants.errno.EACCES, port },
      },
    });
    expect(kinds()).toEqual(['server-created', 'listen-called', 'failed', 'server-closed']);
  });
});

/** From this port on every user may listen: 1024, or what the system was set to (ip(7), ip_unprivileged_port_start). */
async function firstPortForAll(): Promise<number> {
  if (process.platform !== 'linux') return 1_024;
  return Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
}

/** Does `work` as a user who is not root: root may listen on every port. */
async function asOrdinaryUser<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return work();
  process.seteuid('nobody');
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}
