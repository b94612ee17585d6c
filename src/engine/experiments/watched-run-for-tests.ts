// Shared by the tests of the experiments: one run, its facts as they are emitted, queries on them, and another program
// that holds a port. Importing it gives each test of the file a run of its own, and cleans up after it.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect } from 'vitest';

import type { Fact, FactKind } from '../../shared/trace/fact.ts';
import { formatStamped } from '../../shared/trace/json-lines.ts';
import { newTranscript, transcriptOf } from '../../shared/trace/transcript.ts';
import { portOf } from '../system/port-for-tests.ts';
import { createTraceWriter } from '../recording/trace-writer.ts';
import { allFactsOf, traceIn } from '../recording/trace-for-tests.ts';
import type { ExperimentName } from '../../shared/experiments/definitions.ts';

/** The options of every experiment: any free port of this machine. */
export const OPTIONS = {
  host: '127.0.0.1',
  port: 0,
  by: 'grapheme',
  maxLineBytes: 1_048_576,
  runtime: { app: '0.1.0', node: process.version, platform: process.platform, arch: process.arch },
} as const;

/** True where the kernel's socket table is a file; elsewhere it is read by commands, which may be missing. */
export const hasProcTable = process.platform === 'linux';
/** True where the kernel reports its range of ephemeral ports, and how many bytes wait to be read. */
export const kernelReports = process.platform === 'linux' || process.platform === 'darwin';

/** The first facts of each run, and of its server. */
export const START: readonly FactKind[] = [
  'run-started',
  ...(kernelReports ? (['ephemeral-range-read'] as const) : []),
];
export const SERVER: readonly FactKind[] = ['server-created', 'host-named', 'listen-called', 'listening'];

/** The test's run, new before each test. A test may empty `facts` for a second run, or act on a fact in `onFact`. */
export const watched: { facts: Fact[]; controller: AbortController; onFact: (fact: Fact) => void } = {
  facts: [],
  controller: new AbortController(),
  onFact: () => undefined,
};
/** Called after the test, the last one first. */
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

/** The facts of each round, without those before the first round and without the end of the run. */
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

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  return folder;
}

/** Another program that holds a port and treats each connection as `behave` does; `close` releases the port. */
export async function otherProgram(
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

/** The fact as its trace has it, for a comparison: in memory its bytes may be a part of a larger buffer. */
export function written(fact: Fact): unknown {
  return JSON.parse(formatStamped(fact, 0, 0));
}

/** Records what `run` emits and expects a trace of that experiment that opens and contains the emitted facts. */
export async function expectTraceOf(name: ExperimentName, run: () => Promise<unknown>): Promise<void> {
  const path = join(await temporaryFolder(), `${name}.socketscope`);
  const recorder = createTraceWriter({ path });
  watched.onFact = recorder.emit;
  await run();
  await recorder.end();
  await recorder.log.close();
  const trace = await traceIn(path);
  expect(trace.first.experiment).toBe(name);
  const all = await allFactsOf(trace);
  await trace.close();
  expect(all.map(({ seq, atUs, ...fact }) => [seq, atUs >= 0, written(fact)])).toEqual(
    watched.facts.map((fact, index) => [index + 1, true, written(fact)]),
  );
}
