// Lost boundaries, question 5 of the course: sends the same bytes to three servers, of which only one frames by
// newlines.

import { basename } from 'node:path';

import { MAX_BOUNDARY_BYTES } from '../../../shared/experiments/framing-words.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';
import type { Problem, Result } from '../../../shared/result.ts';
import { failed, succeeded } from '../../../shared/result.ts';
import type { Emit, Endpoint, Framing, HandOver } from '../../../shared/trace/fact.ts';
import { startEachReadServer } from '../../net/programs/each-read-server.ts';
import { createLineFramer } from '../../net/line-framer.ts';
import { writesOf } from '../../net/write-split.ts';
import { runSplitWriteClient } from '../../net/programs/split-write-client.ts';
import type { ExamineQueue } from '../../net/programs/split-write-client.ts';
import type { RunningServer, ServerOptions } from '../../net/listen.ts';
import { lineTooLongProblem } from '../../net/problems.ts';
import { createReadGate } from '../../net/read-gate.ts';
import { startLineServer } from '../../net/programs/line-server.ts';
import { startWholeStreamServer } from '../../net/programs/whole-stream-server.ts';
import { readShortFile } from '../../files/short-file.ts';
import { readReceiveQueue } from '../../evidence/kernel/receive-queue.ts';
import { executeRun, prepareServer } from '../run-context.ts';
import type { LoopbackOptions, Run } from '../run-context.ts';

/** The servers in the order of their rounds. */
const FRAMINGS: readonly Framing[] = ['each-read', 'whole-stream', 'newlines'];

export interface BoundariesOptions extends LoopbackOptions {
  /** A regular file of 1 to 4,096 bytes. */
  readonly inputPath: string;
  /**
   * The ways to split the bytes into writes; each is run with each of the three servers, way by way. One that the input
   * does not allow is left out, unless it is the only one: then the run fails.
   */
  readonly handOvers: readonly HandOver[];
  /**
   * Ignored for `inside-a-character`, which is always read after each write. `maxLineBytes` applies to `newlines` only.
   */
  readonly readWhen: OptionsOf<'boundaries'>['readWhen'];
  /** Returns how many bytes wait in the kernel; reads the socket table by default. */
  readonly examineQueue?: ExamineQueue;
}

/** The reply of one server to one way of splitting the bytes. */
export interface RoundReply {
  readonly handOver: HandOver;
  readonly framing: Framing;
  /** How often the client wrote, and how often the server read. */
  readonly writes: number;
  readonly reads: number;
  readonly reply: Buffer;
}

export interface BoundariesOutcome {
  /** In the order of the rounds. */
  readonly replies: readonly RoundReply[];
  /** The ways that were asked for and that the input does not allow. */
  readonly leftOut: readonly HandOver[];
}

/** The options that decide whether a file can be shown. */
type InputOptions = Pick<BoundariesOptions, 'inputPath' | 'handOvers' | 'maxLineBytes'>;

/**
 * The problem that the run would fail with because none of these ways can show the file; undefined where one can. Reads
 * the file.
 */
export async function boundariesProblem(shown: InputOptions): Promise<Problem | undefined> {
  const input = await readShortFile(shown.inputPath, MAX_BOUNDARY_BYTES);
  const plan = input.ok ? planFor(input.value, shown) : input;
  return plan.ok ? undefined : plan.problem;
}

/** One exchange after the other, each closed before the next. Resolves when all is closed; fails as `executeRun`. */
export async function runBoundariesExperiment(
  options: BoundariesOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<BoundariesOutcome>> {
  const { handOvers, inputPath } = options;
  const input = await readShortFile(inputPath, MAX_BOUNDARY_BYTES);
  const plan = input.ok ? planFor(input.value, options) : input;
  const ways = plan.ok ? plan.value.ways.map((each) => each.handOver) : handOvers;
  const [way, ...others] = ways;
  return executeRun(
    {
      experiment: 'boundaries',
      input: { name: basename(inputPath), bytes: input.ok ? input.value.length : 0 },
      options: {
        by: options.by,
        readWhen: ways.every((way) => way === 'inside-a-character') ? 'after-each-write' : options.readWhen,
        // Where it writes in several ways, each round says its own.
        ...(way === undefined || others.length > 0 ? {} : { handOver: way }),
      },
    },
    options,
    async (run) => (plan.ok ? await showAll(plan.value, options, run, signal) : plan),
    emit,
    signal,
  );
}

/** A way of splitting the input, and its writes. */
interface Way {
  readonly handOver: HandOver;
  readonly writes: readonly Buffer[];
}

interface Plan {
  readonly ways: readonly Way[];
  readonly leftOut: readonly HandOver[];
}

/** The ways that the input allows; fails before a port is opened where there are none. */
function planFor(input: Buffer, { inputPath, handOvers, maxLineBytes }: InputOptions): Result<Plan> {
  const tooLong = overLimit(input, inputPath, maxLineBytes);
  if (tooLong !== undefined) return { ok: false, problem: tooLong };
  const ways: Way[] = [];
  const leftOut: HandOver[] = [];
  for (const handOver of handOvers) {
    const writes = writesOf(input, handOver);
    if (writes === undefined) leftOut.push(handOver);
    else ways.push({ handOver, writes });
  }
  if (ways.length > 0) return succeeded({ ways, leftOut });
  return failed(
    'bad-option',
    `${inputPath} has no character of more than one byte, so that none can be split. Choose another way to hand it over, or a file with a character such as é.`,
    { path: inputPath },
  );
}

function overLimit(input: Buffer, path: string, maxLineBytes: number): Problem | undefined {
  const framer = createLineFramer(maxLineBytes);
  framer.push(input);
  framer.end();
  const { tooLong } = framer;
  return tooLong === undefined
    ? undefined
    : lineTooLongProblem(`Line ${tooLong.line} of ${path}`, tooLong, maxLineBytes);
}

async function showAll(
  { ways, leftOut }: Plan,
  options: BoundariesOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<BoundariesOutcome>> {
  // The machine's facts are read once, before the first round.
  const { beforeListen, ...prepared } = await prepareServer(options, run);
  const first = beforeListen === undefined ? {} : { beforeListen };
  let { requested } = prepared;
  const replies: RoundReply[] = [];
  let round = 0;
  for (const way of ways) {
    for (const framing of FRAMINGS) {
      const problem = run.problem();
      if (problem !== undefined) return { ok: false, problem };
      round += 1;
      run.emit({ kind: 'round-started', seenBy: 'program', round, framing, handOver: way.handOver });
      const server = { ...prepared, requested, ...(round === 1 ? first : {}) };
      const shown = await show(way, framing, server, options, run, signal);
      if (!shown.ok) return shown;
      replies.push(shown.value.reply);
      // A free port is chosen once: all rounds use it.
      requested = shown.value.server;
    }
  }
  const problem = run.problem();
  return problem === undefined ? succeeded({ replies, leftOut }) : { ok: false, problem };
}

/** One round: a server on the port, a client that makes the writes, and both ends closed. */
async function show(
  { handOver, writes }: Way,
  framing: Framing,
  prepared: ServerOptions,
  options: BoundariesOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<{ readonly reply: RoundReply; readonly server: Endpoint }>> {
  const readWhen = handOver === 'inside-a-character' ? 'after-each-write' : options.readWhen;
  const readGate = createReadGate(readWhen);
  const started = await startServer(framing, { ...prepared, readGate }, options, run, signal);
  if (!started.ok) {
    run.note(started.problem);
    return started;
  }
  const server = started.value;
  try {
    const { examineQueue = readReceiveQueue } = options;
    const { connections } = prepared;
    const client = await runSplitWriteClient(
      { remote: server.local, connections, writes, readWhen, readGate, examineQueue },
      run.emit,
      signal,
    );
    if (client.problem !== undefined) {
      run.note(client.problem);
      return { ok: false, problem: client.problem };
    }
    // The client's FIN may not have arrived yet: closing the server now would lose its last facts.
    if (client.connection !== undefined) await server.over(client.connection);
    const { reply } = client;
    return succeeded({
      reply: { handOver, framing, writes: writes.length, reads: readGate.reads(), reply },
      server: server.local,
    });
  } finally {
    await server.close();
  }
}

function startServer(
  framing: Framing,
  server: ServerOptions,
  { by, maxLineBytes }: BoundariesOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  switch (framing) {
    case 'each-read':
      return startEachReadServer({ ...server, by }, run.emit, signal);
    case 'whole-stream':
      return startWholeStreamServer({ ...server, by, maxTextBytes: MAX_BOUNDARY_BYTES }, run.emit, signal);
    case 'newlines':
      return startLineServer({ ...server, by, maxLineBytes }, run.emit, signal);
  }
}
