import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import type { Fact, FactKind, Framing, HandOver, ReadWhen, TraceEvent } from '../../../shared/trace/fact.ts';
import { newTranscript, transcriptOf } from '../../../shared/trace/transcript.ts';
import { createConnections } from '../../net/connections.ts';
import { writesOf } from '../../net/write-split.ts';
import { runSplitWriteClient } from '../../net/programs/split-write-client.ts';
import { createReadGate } from '../../net/read-gate.ts';
import { reverseLine } from '../../net/transform/reverse-line.ts';
import { reverseText } from '../../net/transform/reverse-text.ts';
import { freePort, portOf } from '../../system/port-for-tests.ts';
import { createTraceWriter } from '../../recording/trace-writer.ts';
import { traceIn } from '../../recording/trace-for-tests.ts';
import { runBoundariesExperiment } from './boundaries.ts';
import type { BoundariesOptions, BoundariesOutcome, RoundReply } from './boundaries.ts';
import {
  cleanUp,
  emit,
  of,
  OPTIONS,
  rounds,
  temporaryFolder,
  kernelReports,
  watched,
} from '../watched-run-for-tests.ts';
import { factsOf } from '../../../shared/trace/packed.ts';

const WAYS: readonly HandOver[] = ['a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character'];
const PYTHON_SERVER = join(import.meta.dirname, '../../../../e2e/fixtures/python/server2_lost_boundaries.py');
const HANDED = { ...OPTIONS, by: 'codepoint', handOvers: WAYS, readWhen: 'late' } as const;

let folder = '';

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function run(
  input: string | Buffer,
  options: Partial<BoundariesOptions> = {},
): Promise<Result<BoundariesOutcome>> {
  const inputPath = join(folder, 'in-proj.txt');
  await writeFile(inputPath, input);
  return runBoundariesExperiment({ ...HANDED, inputPath, ...options }, emit, watched.controller.signal);
}

async function repliesTo(
  input: string | Buffer,
  options: Partial<BoundariesOptions> = {},
): Promise<readonly RoundReply[]> {
  const outcome = await run(input, options);
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value.replies;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Each line reversed in its place, with its LF after it: by a split of the text, and not by the framing under test. */
function lineByLine(input: Buffer): Buffer {
  const lines = input.toString('latin1').split('\n').map(latin1);
  const reversed = lines.map((line, index) => reverseLine(line, 'codepoint', { first: index === 0 }).bytes);
  return latin1(reversed.map((line) => line.toString('latin1')).join('\n'));
}

/** The reply of a server that treats each of these reads as a line. */
function readByRead(reads: readonly Buffer[]): Buffer {
  return Buffer.concat(reads.map((read) => reverseText(read, 'codepoint').bytes));
}

function wantedOf(input: Buffer, framing: Framing, handOver: HandOver, readWhen: ReadWhen): Buffer {
  if (framing === 'newlines') return lineByLine(input);
  if (framing === 'whole-stream') return reverseText(input, 'codepoint').bytes;
  const oneRead = readWhen === 'late' && handOver !== 'inside-a-character';
  return readByRead(oneRead ? [input] : (writesOf(input, handOver) ?? []));
}

const INPUTS: readonly (readonly [string, Buffer])[] = [
  ['ASCII', Buffer.from('HELLO\nWelcome to CS 352!\nInternet Technology\nracecar\n')],
  ['one line and no newline', Buffer.from('HELLO')],
  ['characters of two and four bytes', Buffer.from('né\nWélcome 🎉\n東京\n')],
  ['CR LF', Buffer.from('HELLO\r\né\r\n\r\nlast\r\n')],
  ['empty lines', Buffer.from('\n\nHELLO\n\n\n')],
  ['no newline at the end', Buffer.from('HELLO\n\nlast é')],
  ['bytes that are no text', Buffer.concat([latin1('caf\xe9\n\xff\xfe\n'), Buffer.from('né\n')])],
  ['a BOM', Buffer.from('\ufeffHELLO\nné')],
];

describe('three servers that get the same bytes', () => {
  describe.each<ReadWhen>(['late', 'after-each-write'])('and read %s', (readWhen) => {
    it.each(INPUTS)('give back what their framing makes of %s, in every way', async (_what, input) => {
      const all = await repliesTo(input, { readWhen });
      const possible = WAYS.filter((way) => writesOf(input, way) !== undefined);
      expect(all.map(({ handOver, framing }) => [handOver, framing])).toEqual(
        possible.flatMap((way) => [
          [way, 'each-read'],
          [way, 'whole-stream'],
          [way, 'newlines'],
        ]),
      );
      for (const { handOver, framing, writes, reads, reply } of all) {
        expect([handOver, framing, reply.toString('latin1')]).toEqual([
          handOver,
          framing,
          wantedOf(input, framing, handOver, readWhen).toString('latin1'),
        ]);
        expect(writes).toBe(writesOf(input, handOver)?.length);
        const oneRead = kernelReports && readWhen === 'late' && handOver !== 'inside-a-character';
        expect(reads).toBe(oneRead ? 1 : writes);
      }
      expect(of('failed')).toEqual([]);
      expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'completed' });
    });
  });

  it("have the report's result: the one that reads to the end gives the last line first, each line reversed", async () => {
    const [each, whole, newlines] = await repliesTo('HELLO\nWelcome\nlast', {
      handOvers: ['a-write-a-line'],
    });
    expect(whole?.reply.toString()).toBe('tsal\nemocleW\nOLLEH');
    expect(newlines?.reply.toString()).toBe('OLLEH\nemocleW\ntsal');
    if (kernelReports) expect(each?.reply.toString()).toBe('tsal\nemocleW\nOLLEH');
  });

  it('treat each byte as a line, so that nothing is reversed, where each is read at once', async () => {
    const [each] = await repliesTo('HELLO\nWelcome\n', {
      handOvers: ['byte-by-byte'],
      readWhen: 'after-each-write',
    });
    expect(each).toMatchObject({ writes: 14, reads: 14, reply: Buffer.from('HELLO\nWelcome\n') });
  });

  it('break a character that is split, where a read is treated as a line', async () => {
    const [each, whole, newlines] = await repliesTo('aé\n', { handOvers: ['inside-a-character'] });
    expect(each?.reply).toEqual(latin1('\xc3a\n\xa9'));
    expect(whole?.reply.toString()).toBe('\néa');
    expect(newlines?.reply.toString()).toBe('éa\n');
    expect(of('text-transformed').map(({ bytes, by, validUtf8 }) => [bytes, by, validUtf8])).toEqual([
      [2, 'byte', false],
      [2, 'byte', false],
      [4, 'codepoint', true],
    ]);
  });
});

describe('the run', () => {
  it('is one exchange after the other on one port, each closed at both ends before the next', async () => {
    await repliesTo('né\nb\n', { handOvers: ['all-at-once', 'inside-a-character'] });
    expect(watched.facts[0]).toMatchObject({
      experiment: 'boundaries',
      options: { by: 'codepoint', readWhen: 'late' },
      input: { name: 'in-proj.txt', bytes: 6 },
    });
    expect(of('host-named')).toHaveLength(1);
    const ports = of('listening').map(({ local }) => local.port);
    expect(new Set(ports).size).toBe(1);
    expect(of('listen-called').map(({ requested }) => requested.port)).toEqual([0, ...ports.slice(1)]);
    expect(of('round-started').map(({ round, framing, handOver }) => [round, framing, handOver])).toEqual([
      [1, 'each-read', 'all-at-once'],
      [2, 'whole-stream', 'all-at-once'],
      [3, 'newlines', 'all-at-once'],
      [4, 'each-read', 'inside-a-character'],
      [5, 'whole-stream', 'inside-a-character'],
      [6, 'newlines', 'inside-a-character'],
    ]);
    for (const [index, round] of rounds().entries()) {
      const last = round.filter(({ kind }) => kind !== 'run-ended').at(-1);
      expect(last?.kind).toBe('server-closed');
      expect(of('connected', round)).toMatchObject([{ connection: index + 1 }]);
      expect(of('accepted', round)).toMatchObject([{ connection: index + 1 }]);
      expect(of('closed', round).map(({ hadError }) => hadError)).toEqual([false, false]);
      expect(of('end-received', round).map(({ side }) => side)).toEqual(['server', 'client']);
      expect(of('text-received', round)).toMatchObject([{ side: 'client', offset: 0, bytes: 6 }]);
    }
    expect(watched.facts.at(-1)).toMatchObject({ linesSent: 0, resultBytes: 0 });
  });

  it.runIf(kernelReports)(
    'has one read of all that was written where servers read late, fifty times',
    async () => {
      for (let time = 1; time <= 50; time += 1) {
        const handOver = WAYS[time % 2] ?? 'all-at-once';
        const all = await repliesTo('HELLO\nWelcome\n\nlast é', { handOvers: [handOver] });
        expect(all.map(({ reads }) => reads)).toEqual([1, 1, 1]);
        watched.facts = [];
      }
    },
  );

  it.runIf(kernelReports)('has one read of 4,096 bytes that were written one by one', async () => {
    const input = Buffer.alloc(4_096, 'HELLO é\n');
    const all = await repliesTo(input, { handOvers: ['byte-by-byte'] });
    expect(all.map(({ writes, reads }) => [writes, reads])).toEqual(Array(3).fill([4_096, 1]));
    for (const round of rounds()) expect(of('queue-examined', round)).toHaveLength(16);
  });

  // With Nagle's algorithm a byte waits for the acknowledgement of the one before, which a server puts off that does not
  // answer each byte: on Linux for 40 ms a line, 18 s in all.
  it('has 4,096 reads of 4,096 bytes where each is read before the next is written, without a delay', async () => {
    const input = Buffer.alloc(4_096, 'HELLO é\n');
    const all = await repliesTo(input, { handOvers: ['byte-by-byte'], readWhen: 'after-each-write' });
    expect(all.map(({ reads }) => reads)).toEqual([4_096, 4_096, 4_096]);
    expect(of('queue-examined')).toEqual([]);
  }, 15_000);

  it.runIf(kernelReports)(
    "looks into the server's kernel after each of few writes, before anything is read",
    async () => {
      await repliesTo('HELLO\nné\n\nlast', { handOvers: ['a-write-a-line'] });
      for (const round of rounds()) {
        expect(of('queue-examined', round).map(({ bytes, side, seenBy }) => [bytes, side, seenBy])).toEqual([
          [6, 'server', 'kernel'],
          [10, 'server', 'kernel'],
          [11, 'server', 'kernel'],
          [15, 'server', 'kernel'],
        ]);
        const order = round
          .filter((fact) => !('side' in fact) || fact.side === (fact.kind === 'wrote' ? 'client' : 'server'))
          .map(({ kind }) => kind);
        expect(order.lastIndexOf('queue-examined')).toBeLessThan(order.indexOf('read'));
      }
    },
  );

  it.runIf(kernelReports)(
    'looks sixteen times where there are many writes, the last time at all of the bytes',
    async () => {
      await repliesTo('x'.repeat(100), { handOvers: ['byte-by-byte'] });
      for (const round of rounds()) {
        const waiting = of('queue-examined', round).map(({ bytes }) => bytes);
        expect(waiting).toHaveLength(16);
        expect(waiting).toEqual([...waiting].sort((one, other) => one - other));
        expect(waiting.at(-1)).toBe(100);
      }
    },
  );

  it('has no such facts, and comes to its end, where no table can be read', async () => {
    let asked = 0;
    const all = await repliesTo('HELLO\nWelcome\n', {
      handOvers: ['a-write-a-line'],
      examineQueue: () => {
        asked += 1;
        return Promise.resolve(undefined);
      },
    });
    expect(all.at(-1)?.reply.toString()).toBe('OLLEH\nemocleW\n');
    expect(of('queue-examined')).toEqual([]);
    // Once a round: a queue that is not reported the first time is not examined again.
    expect(asked).toBe(3);
  });

  it('has a transcript of what each server treated as a line', async () => {
    const state = newTranscript();
    const lines: string[] = [];
    watched.onFact = (fact) => lines.push(...transcriptOf(fact, state));
    await repliesTo('HELLO\né\nx', { handOvers: ['inside-a-character'] });
    expect(lines.filter((line) => /^Round|Data received|^Done/.test(line))).toEqual([
      'Round 1: split inside a character; each read is a line',
      '[S]: Data received from client: HELLO\\n\\xc3',
      '[S]: Data received from client: \\xa9\\nx',
      '[C]: Data received from server: \\xc3\\nOLLEHx\\n\\xa9',
      'Round 2: split inside a character; all until the end is a line',
      '[S]: Data received from client: HELLO\\n\\xc3\\xa9\\nx',
      '[C]: Data received from server: x\\né\\nOLLEH',
      'Round 3: split inside a character; a newline ends a line',
      '[S]: Data received from client: HELLO',
      '[S]: Data received from client: \\xc3\\xa9',
      '[S]: Data received from client: x',
      '[C]: Data received from server: OLLEH\\né\\nx',
      'Done.',
    ]);
  });

  it('records that the split is read after each write, where it is the only way', async () => {
    await repliesTo('é', { handOvers: ['inside-a-character'] });
    expect(watched.facts[0]).toMatchObject({
      kind: 'run-started',
      options: { readWhen: 'after-each-write' },
    });
    expect(of('round-started')).toHaveLength(3);
    expect(of('queue-examined')).toEqual([]);
  });

  it('leaves out the one of several ways that the input does not allow', async () => {
    const outcome = await run('HELLO\n');
    expect(outcome).toMatchObject({ ok: true, value: { leftOut: ['inside-a-character'] } });
    expect(of('round-started')).toHaveLength(9);
  });
});

describe('what cannot be shown is refused before a port is opened', () => {
  const path = (): string => join(folder, 'in-proj.txt');

  it.each<[string, string | Buffer, Partial<BoundariesOptions>, string, (path: string) => string]>([
    ['an empty file', '', {}, 'bad-option', (at) => `${at} is empty, so that there is nothing to send.`],
    [
      'a file that is too large',
      Buffer.alloc(4_097, 'x'),
      {},
      'input-too-large',
      (at) => `${at} is 4097 bytes long; the limit here is 4096 bytes, so that each of them can be seen.`,
    ],
    [
      'a file without a long character, to be split inside one',
      'HELLO\n',
      { handOvers: ['inside-a-character'] },
      'bad-option',
      (at) => `${at} has no character of more than one byte, so that none can be split.`,
    ],
    [
      'a line over the limit',
      'a\nHELLO\n',
      { maxLineBytes: 4 },
      'line-too-long',
      (at) => `Line 2 of ${at} is 5 bytes long; the limit is 4 bytes.`,
    ],
  ])('%s', async (_what, input, options, code, begin) => {
    const outcome = await run(input, options);
    expect(outcome).toMatchObject({ ok: false, problem: { code } });
    if (!outcome.ok) expect(outcome.problem.message.startsWith(begin(path()))).toBe(true);
    expect(watched.facts.map(({ kind }) => kind)).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it('a file that is not there', async () => {
    const inputPath = join(folder, 'missing');
    const outcome = await runBoundariesExperiment({ ...HANDED, inputPath }, emit, watched.controller.signal);
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'file-missing' } });
    expect(watched.facts.map(({ kind }) => kind)).toEqual(['run-started', 'failed', 'run-ended']);
  });

  it('4,096 bytes are not too many', async () => {
    const all = await repliesTo(Buffer.alloc(4_096, 'x'), { handOvers: ['all-at-once'] });
    expect(all.map(({ reply }) => reply.length)).toEqual([4_096, 4_096, 4_096]);
  });
});

describe('a run that is disturbed', () => {
  it.each<[FactKind, number]>([
    ['run-started', 1],
    ['listening', 1],
    ['connected', 2],
    ['wrote', 3],
    ['queue-examined', 5],
    ['text-transformed', 2],
    ['round-started', 5],
    ['text-received', 3],
    ['server-closed', 2],
  ])('is cancelled at %s, and all is closed', async (kind, time) => {
    if (kind === 'queue-examined' && !kernelReports) return;
    let seen = 0;
    watched.onFact = (fact) => {
      if (fact.kind === kind && (seen += 1) === time) watched.controller.abort();
    };
    expect(await run('HELLO\nné\n')).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' });
    expect(of('failed')).toHaveLength(1);
    expect(of('closed').filter(({ side }) => side === 'server')).toHaveLength(of('accepted').length);
    expect(of('server-closed')).toHaveLength(of('server-created').length);
  });

  it('fails where its port is in use, and records what holds it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    cleanUp.push(() => holder.close());
    const port = portOf(holder.address());
    expect(await run('HELLO\n', { port })).toMatchObject({ ok: false, problem: { code: 'port-in-use' } });
    expect(of('failed')).toHaveLength(1);
    expect(of('round-started')).toHaveLength(1);
    if (process.platform === 'linux')
      expect(of('port-examined')).toMatchObject([{ holder: { pid: process.pid } }]);
  });

  it.each<ReadWhen>(['late', 'after-each-write'])(
    'serves other clients before and after its client, and gives its client the same (%s)',
    async (readWhen) => {
      const heard: Promise<string>[] = [];
      const connectOther = (port: number): void => {
        const socket = connect({ port, host: '127.0.0.1' });
        cleanUp.push(() => socket.destroy());
        socket.end('ab\ncd\n');
        heard.push(textOf(socket).catch(() => 'cut off'));
      };
      let port = 0;
      watched.onFact = (fact) => {
        if (fact.kind === 'listening') ({ port } = fact.local);
        if (fact.kind === 'listening' || fact.kind === 'connected') connectOther(port);
      };
      const all = await repliesTo('HELLO\nné\n', { readWhen });
      for (const { handOver, framing, reply } of all) {
        expect(reply).toEqual(wantedOf(Buffer.from('HELLO\nné\n'), framing, handOver, readWhen));
      }
      // Some connect too late for the round; a complete reply is the one of this server.
      const answers = await Promise.all(heard);
      for (const answer of answers) expect(['\ndc\nba', 'ba\ndc\n', 'cut off', '']).toContain(answer);
      expect(answers).toContain('ba\ndc\n');
      expect(watched.facts.at(-1)).toMatchObject({ outcome: 'completed' });
    },
  );

  it('ends the connection of another client that sends more than the server that waits for the end keeps', async () => {
    let flood: Promise<unknown> | undefined;
    watched.onFact = (fact) => {
      if (fact.kind !== 'listening' || of('listening').length !== 2) return;
      const socket = connect({ port: fact.local.port, host: '127.0.0.1' });
      socket.on('error', () => undefined);
      cleanUp.push(() => socket.destroy());
      flood = new Promise((resolve) => socket.once('close', resolve));
      socket.write(Buffer.alloc(100_000, 'x'));
    };
    const all = await repliesTo('HELLO\n', { handOvers: ['all-at-once'] });
    await flood;
    expect(all[1]?.reply.toString()).toBe('\nOLLEH');
    expect(of('failed')).toMatchObject([{ peer: 'server', problem: { code: 'input-too-large' } }]);
  });
});

describe('a recorded run', () => {
  async function recorded(
    input: Buffer,
    options: Partial<BoundariesOptions>,
  ): Promise<readonly TraceEvent[]> {
    const path = join(folder, 'run.socketscope');
    const recorder = createTraceWriter({ path });
    watched.onFact = recorder.emit;
    await repliesTo(input, options);
    expect(await recorder.end()).toMatchObject({ ok: true });
    await recorder.log.close();
    const trace = await traceIn(path);
    const last = await trace.fact(watched.facts.length);
    expect(last).toMatchObject({ ok: true, value: { kind: 'run-ended', outcome: 'completed' } });
    const paged: TraceEvent[] = [];
    for (let page = 0; paged.length < watched.facts.length; page += 1) {
      const asked = await trace.page(page);
      if (!asked.ok) throw new Error(asked.problem.message);
      for (const part of asked.value.parts) {
        for (const fact of factsOf(part)) if (fact.ok) paged.push(fact.value);
      }
    }
    await trace.close();
    return paged;
  }

  it('comes to the window with all its facts, also where there are the most that there can be', async () => {
    const pushed = await recorded(Buffer.alloc(4_096, '\n'), {
      handOvers: ['byte-by-byte'],
      readWhen: 'after-each-write',
    });
    expect(pushed.length).toBeGreaterThan(40_000);
    expect(pushed.map(({ kind }) => kind)).toEqual(watched.facts.map(({ kind }) => kind));
  });

  it.each([
    ['text', Buffer.alloc(4_096, 'é')],
    ['no text', Buffer.alloc(4_096, 0xff)],
  ])('comes to the window with all its bytes, also where they are %s', async (_what, input) => {
    const pushed = await recorded(input, { handOvers: ['all-at-once'] });
    expect(of('wrote', pushed)).toHaveLength(6);
    const dataOf = (facts: readonly Fact[]): unknown[] =>
      of('wrote', facts).map(({ data: { bytes, ...others } }) => ({ ...others, bytes: Buffer.from(bytes) }));
    expect(dataOf(pushed)).toEqual(dataOf(watched.facts));
  });
});

describe("the course's Python program of question 5", () => {
  /** What it gives back for one write: it serves one client, so that a refused connect is tried until it listens. */
  async function pythonsReply(input: Buffer): Promise<Buffer> {
    const port = await freePort();
    const python = spawn('python3', ['-I', PYTHON_SERVER, String(port)], { stdio: 'inherit' });
    cleanUp.push(() => python.kill());
    try {
      await once(python, 'spawn');
    } catch (error) {
      throw new Error('python3 is needed for this comparison and could not be started', { cause: error });
    }
    for (;;) {
      const client = await runSplitWriteClient(
        {
          remote: { address: '127.0.0.1', port },
          connections: createConnections(),
          writes: [input],
          readWhen: 'late',
          readGate: createReadGate('late'),
          examineQueue: () => Promise.resolve(undefined),
        },
        () => undefined,
        watched.controller.signal,
      );
      if (client.problem === undefined) return client.reply;
      if (client.problem.code !== 'connection-refused' || python.exitCode !== null) {
        throw new Error(client.problem.message);
      }
    }
  }

  // It puts a sign of its own where bytes are no text, so that these cannot be compared.
  it.each(['HELLO\nWelcome\nlast line', 'né\nWélcome 🎉\n東京\n', '\ufeffHELLO\r\n\r\n\né\n'])(
    'gives back the same as two of our servers where one read has all (%#)',
    async (text) => {
      const input = Buffer.from(text);
      const reply = await pythonsReply(input);
      const all = await repliesTo(input, { handOvers: ['all-at-once'] });
      const [each, whole] = all;
      expect(whole?.reply.toString()).toBe(reply.toString());
      if (kernelReports) expect(each?.reply.toString()).toBe(reply.toString());
    },
  );
});
