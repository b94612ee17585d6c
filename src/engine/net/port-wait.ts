// A port in use: records what holds it, and waits until it may be free.

import { setTimeout as pause } from 'node:timers/promises';

import { SERVER } from '../../shared/trace/fact.ts';
import type { Emit, Endpoint, PeerName, PortHolder } from '../../shared/trace/fact.ts';

/** What is known of a port. */
interface PortExamination {
  readonly holder: PortHolder;
  readonly source: string;
}

/** Finds what holds a port; undefined where the system does not report it. */
export type ExaminePort = (port: number, address: string) => Promise<PortExamination | undefined>;

/** A port in use, and how to examine it. */
interface TakenPort {
  readonly requested: Endpoint;
  /** Who asked for it; `server` by default. */
  readonly peer?: PeerName;
  /** Where absent, the holder stays unknown. */
  readonly examinePort?: ExaminePort;
}

/** An examination must not delay the run for longer. */
const EXAMINE_LIMIT_MS = 1_000;
/** Between two examinations of a port, and between two facts about it. */
const EXAMINE_INTERVAL_MS = 1_000;
/**
 * Linux removes a TIME_WAIT up to a few seconds after its timer has reached 0: from then on it is examined more often.
 */
const SHORT_INTERVAL_MS = 200;

/** Records what holds the port; nothing where that is not known. */
export async function recordHolder(taken: TakenPort, emit: Emit, signal: AbortSignal): Promise<void> {
  const examined = await examine(taken, signal);
  if (examined !== undefined) emitExamined(taken, examined, emit);
}

/**
 * Examines a port in use about once a second, and records what holds it, until it may be free: the socket table shows
 * no holder any more, or cannot be read. Waits at least one interval, so an unavailable port is not polled in a tight
 * loop. Resolves with true then, with false where `signal` was aborted.
 */
export async function untilItMayBeFree(taken: TakenPort, emit: Emit, signal: AbortSignal): Promise<boolean> {
  let waitMs = EXAMINE_INTERVAL_MS;
  let recordedMs = performance.now();
  for (;;) {
    if (!(await paused(waitMs, signal))) return false;
    const examined = await examine(taken, signal);
    if (signal.aborted) return false;
    if (examined === undefined || examined.holder.what === 'unknown') return true;
    waitMs = isAboutToEnd(examined.holder) ? SHORT_INTERVAL_MS : EXAMINE_INTERVAL_MS;
    // A timer may fire up to a millisecond early.
    if (performance.now() - recordedMs < EXAMINE_INTERVAL_MS - 1) continue;
    emitExamined(taken, examined, emit);
    recordedMs = performance.now();
  }
}

function isAboutToEnd(holder: PortHolder): boolean {
  return holder.what === 'time-wait' && holder.secondsLeft !== undefined && holder.secondsLeft <= 1;
}

function emitExamined(
  { requested, peer = SERVER }: TakenPort,
  { holder, source }: PortExamination,
  emit: Emit,
): void {
  emit({ kind: 'port-examined', seenBy: 'kernel', peer, port: requested.port, holder, source });
}

/** Finds what holds the port, in a second at most; an abort ends it. */
async function examine(
  { requested, examinePort }: TakenPort,
  signal: AbortSignal,
): Promise<PortExamination | undefined> {
  if (examinePort === undefined || signal.aborted) return undefined;
  let giveUp: () => void = () => undefined;
  const late = new Promise<undefined>((resolve) => {
    giveUp = () => {
      resolve(undefined);
    };
  });
  const timer = setTimeout(giveUp, EXAMINE_LIMIT_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([examinePort(requested.port, requested.address), late]);
  } catch {
    // The refusal is recorded; the holder stays unknown.
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Waits; false where the abort came first. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch((error: unknown) => {
    if (signal.aborted) return false;
    throw error;
  });
}
