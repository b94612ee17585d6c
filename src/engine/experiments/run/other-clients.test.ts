// Runs beside which other clients flood the server: their part of the trace is bounded, ours is complete, and the run
// reports what was left out.

import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Fact, TraceEvent } from '../../../shared/trace/fact.ts';
import { startGreetingServer } from '../../net/programs/greeting-server.ts';
import { OTHER_CLIENTS_LIMITS } from '../../net/other-clients.ts';
import { createTraceWriter } from '../../recording/trace-writer.ts';
import { allFactsOf, traceIn } from '../../recording/trace-for-tests.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import { runFileExperiment } from './file.ts';
import { exchangeGreeting } from './welcome.ts';
import {
  cleanUp,
  emit,
  kinds,
  of,
  OPTIONS,
  temporaryFolder,
  transcript,
  watched,
} from '../watched-run-for-tests.ts';

const LINES = 300;
/** The line of ours behind which the others come. */
const FLOODED_AT = 50;
const { maxBytes, maxOtherFacts } = OTHER_CLIENTS_LIMITS;

let folder = '';
let tracePath = '';
/** Resolves when the run has begun to leave out what others do. */
let leavesOut: Promise<void>;

beforeEach(async () => {
  folder = await temporaryFolder();
  tracePath = join(folder, 'run.socketscope');
});

/** Records the run to a file, too. */
function record(): { readonly end: () => Promise<void> } {
  const recorder = createTraceWriter({ path: tracePath });
  leavesOut = new Promise((resolve) => {
    watched.onFact = (fact) => {
      recorder.emit(fact);
      if (fact.kind === 'other-clients-left-out') resolve();
    };
  });
  return {
    async end() {
      expect(await recorder.end()).toEqual({ ok: true, value: undefined });
      await recorder.log.close();
    },
  };
}

/** Another client of the server; errors of its connection are ignored. */
function other(): Socket {
  const [listening] = of('listening');
  if (listening === undefined) throw new Error('Nobody listens');
  const socket = connect(listening.local.port, listening.local.address);
  socket.on('error', () => undefined).resume();
  cleanUp.push(() => socket.destroy());
  return socket;
}

/** Clients that come and go until the run leaves them out. */
async function comeAndGo(): Promise<void> {
  let enough = false;
  void leavesOut.then(() => (enough = true));
  const comeOften = async (): Promise<void> => {
    while (!enough) {
      const socket = other();
      await once(socket, 'connect');
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: 10 }, comeOften));
}

/** Runs a file; `flood` is called behind one of its lines, `beside` behind each one after that. */
async function runFile(flood: () => Promise<void>, beside: () => void): Promise<void> {
  const inputPath = join(folder, 'in-proj.txt');
  const resultPath = join(folder, 'out-proj.txt');
  await writeFile(inputPath, Array.from({ length: LINES }, (_, index) => `line ${index}\n`).join(''));
  const recording = record();
  let lines = 0;
  const afterLine = (): Promise<void> | undefined => {
    lines += 1;
    if (lines === FLOODED_AT) return flood();
    if (lines > FLOODED_AT) beside();
    return undefined;
  };
  const options = { ...OPTIONS, inputPath, resultPath, afterLine };
  const outcome = await runFileExperiment(options, emit, watched.controller.signal);
  await recording.end();
  expect(outcome).toMatchObject({ ok: true, value: { linesReceived: LINES, linesByByte: 0 } });
  expect(await readFile(resultPath, 'utf8')).toBe(
    Array.from({ length: LINES }, (_, index) => `${Array.from(`line ${index}`).reverse().join('')}\n`).join(
      '',
    ),
  );
}

/** The facts of the trace, which is one that opens and no larger than it may be. */
async function factsInTrace(): Promise<readonly TraceEvent[]> {
  expect((await stat(tracePath)).size).toBeLessThan(maxBytes + 1024 ** 2);
  const opened = await traceIn(tracePath);
  const facts = await allFactsOf(opened);
  expect(opened.counts).toMatchObject({
    linesSent: LINES,
    linesTransformed: LINES,
    linesReceived: LINES,
    linesByByte: 0,
  });
  await opened.close();
  return facts;
}

/** Each of our lines has all its facts, and the facts have no gap. */
function expectOurs(facts: readonly TraceEvent[]): void {
  const [connected] = of('connected', facts);
  const ours = facts.filter((fact) => 'connection' in fact && fact.connection === connected?.connection);
  for (const kind of ['line-transformed', 'line-received'] as const) {
    expect(of(kind, ours).map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, at) => at + 1));
  }
  expect(of('wrote', ours)).toHaveLength(2 * LINES);
  expect(kinds(ours).filter((kind) => kind === 'closed')).toHaveLength(2);
  expect(of('detail-left-out', facts)).toEqual([]);
  expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
}

describe('a run', { timeout: 60_000 }, () => {
  it('records its own exchange in full beside a client that sends lines without end', async () => {
    let flooding: Socket | undefined;
    const lines = Buffer.from(`${'x'.repeat(63)}\n`.repeat(1_000));
    await runFile(
      async () => {
        const socket = other();
        flooding = socket;
        let enough = false;
        void leavesOut.then(() => (enough = true));
        const send = (): void => {
          if (!enough) socket.write(lines, send);
        };
        socket.once('connect', send);
        await leavesOut;
      },
      // It goes on, not so fast that ours takes minutes.
      () => flooding?.write(Buffer.from([0xff, 0x0a])),
    );
    const facts = await factsInTrace();
    expectOurs(facts);
    const leftOut = of('other-clients-left-out', facts);
    expect(leftOut).toHaveLength(2);
    expect(leftOut[0]).toMatchObject({ facts: 0, bytes: 0 });
    expect(leftOut[1]?.facts).toBeGreaterThan(0);
    expect(leftOut[1]?.bytes).toBeGreaterThan(0);
    expect(kinds(facts).slice(-2)).toEqual(['other-clients-left-out', 'run-ended']);
    expect(transcript().filter((line) => line.includes('ther clients'))).toEqual([
      '[S]: Other clients have had their share of the record: what they do from here on is counted and left out.',
      expect.stringMatching(
        /^\[S\]: \d+ facts about other clients were counted and left out, with \d+ bytes that the server read from them\.$/,
      ),
    ]);
  });

  it('records its own exchange in full beside clients that come and go without end', async () => {
    await runFile(comeAndGo, () => {
      other().end();
    });
    const facts = await factsInTrace();
    expectOurs(facts);
    const others = facts.filter((fact) => 'connection' in fact && fact.connection !== 1);
    // What is open then is followed to its end: a hundred connections at most.
    expect(others.length).toBeLessThanOrEqual(maxOtherFacts + 100 * 4);
    expect(of('closed', others)).toHaveLength(of('accepted', others).length);
    expect(of('other-clients-left-out', facts)).toHaveLength(2);
  });

  it('records its own client in full, which connects when the others have reached their limits', async () => {
    const recording = record();
    const greeting = Buffer.from('Welcome to CS 352!');
    const { signal } = watched.controller;
    const outcome = await executeRun(
      { experiment: 'welcome', input: { name: 'greeting', bytes: greeting.length } },
      OPTIONS,
      (run) =>
        exchangeWithServer(
          OPTIONS,
          run,
          (server) => startGreetingServer({ ...server, greeting }, run.emit, signal),
          async (server, connections) => {
            await comeAndGo();
            const crowd = Array.from({ length: 20 }, other);
            const client = await exchangeGreeting(server, connections, run.emit, signal);
            for (const socket of crowd) socket.destroy();
            return client;
          },
        ),
      emit,
      signal,
    );
    await recording.end();
    expect(outcome).toMatchObject({ ok: true, value: { client: { problem: undefined } } });
    const ofOurs = (fact: Fact): boolean =>
      'connection' in fact && fact.connection === of('connected')[0]?.connection;
    expect(kinds(watched.facts.filter(ofOurs)).toSorted()).toEqual(
      [
        'accepted',
        'closed',
        'closed',
        'connected',
        'end-called',
        'end-called',
        'end-received',
        'end-received',
        'read',
        'text-received',
        'wrote',
      ].toSorted(),
    );
    // None of those that connected at the same time.
    expect(of('accepted', watched.facts.slice(kinds().indexOf('connect-called')))).toHaveLength(1);
    expect(kinds().slice(-2)).toEqual(['other-clients-left-out', 'run-ended']);
  });
});
