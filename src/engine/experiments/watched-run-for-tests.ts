// What the tests of the experiments share: one run, its facts as they are seen, what is asked of them, and a stranger who
// has a port. To import it gives each test of the file a run of its own, and cleans up behind it.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect } from 'vitest';

import type { Fact, FactKind } from '../../shared/trace/fact.ts';
import { newTranscript, transcriptOf } from '../../shared/trace/transcript.ts';
import { portOf } from '../system/port-for-tests.ts';
import { createTraceWriter } from '../recording/trace-writer.ts';
import { openTrace } from '../recording/trace-reader.ts';
import type { ExperimentName } from '../../shared/experiments/definitions.ts';

/** What every experiment is given: any free port of this machine. */
export const OPTIONS = {
  host: '127.0.0.1',
  port: 0,
  by: 'grapheme',
  maxLineBytes: 1_048_576,
  runtime: { app: '0.1.0', node: process.version, platform: process.platform, arch: process.arch },
} as const;

/** Where the kernel's socket table is a file; elsewhere the system's own commands are asked, which need not be there. */
export const examines = process.platform === 'linux';
/** Where the kernel tells its range of ephemeral ports, and how many bytes wait to be read. */
export const tells = process.platform === 'linux' || process.platform === 'darwin';

/** How each run starts, and how its server does. */
export const START: readonly FactKind[] = [
  'run-started',
  ...(tells ? (['ephemeral-range-read'] as const) : []),
];
export const SERVER: readonly FactKind[] = ['server-created', 'host-named', 'listen-called', 'listening'];

/** The test's run, new before each test. A test may empty `facts` for a second run, or do something at a fact. */
export const watched: { facts: Fact[]; controller: AbortController; onFact: (fact: Fact) => void } = {
  facts: [],
  controller: new AbortController(),
  onFact: () => undefined,
};
/** What a test has to undo when it is over; the last is undone first. */
export const cleanUp: (() => unknown)[] = [];

beforeEach(() => {
  watched.facts = [];
  watched.controller = new AbortController();
  watched.onFact = () => undefined;
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

export function emit(fact: Fact): void {
  watched.facts.push(fact);
  watched.onFact(fact);
}

export function kinds(among: readonly Fact[] = watched.facts): FactKind[] {
  return among.map((fact) => fact.kind);
}

export function of<Kind extends FactKind>(
  kind: Kind,
  among: readonly Fact[] = watched.facts,
): Extract<Fact, { kind: Kind }>[] {
  return among.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
}

/** The facts of each round; what comes before the first one is left out, and so is the run's end. */
export function rounds(): Fact[][] {
  const found: Fact[][] = [];
  for (const fact of watched.facts) {
    if (fact.kind === 'round-started') found.push([]);
    if (fact.kind !== 'run-ended') found.at(-1)?.push(fact);
  }
  return found;
}

export function transcript(): string[] {
  const state = newTranscript();
  return watched.facts.flatMap((fact) => [...transcriptOf(fact, state)]);
}

/** A folder that is there until the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * A program of somebody else that has a port already and does to who comes what the test says; `close` gives the port up.
 */
export async function stranger(
  behave: (socket: Socket, close: () => void) => void = () => undefined,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer({ allowHalfOpen: true });
  const close = (): void => {
    server.close();
  };
  server.on('connection', (socket) => {
    socket.on('error', () => undefined).resume();
    cleanUp.push(() => socket.destroy());
    behave(socket, close);
  });
  server.listen(0, OPTIONS.host);
  await once(server, 'listening');
  cleanUp.push(close);
  return { port: portOf(server.address()), close };
}

/** Records what `run` emits and expects a trace of that experiment that opens and holds the facts that were seen. */
export async function expectTraceOf(name: ExperimentName, run: () => Promise<unknown>): Promise<void> {
  const path = join(await temporaryFolder(), `${name}.socketscope`);
  const recorder = createTraceWriter({ path });
  watched.onFact = recorder.emit;
  await run();
  await recorder.end();
  await recorder.log.close();
  const trace = await openTrace(path);
  if (!trace.ok) throw new Error(trace.problem.message);
  expect(trace.value.first.experiment).toBe(name);
  const all = await trace.value.facts(1, watched.facts.length);
  await trace.value.close();
  expect(all.ok && all.value).toMatchObject(watched.facts);
}
