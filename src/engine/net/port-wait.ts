// A port that somebody has: who it is, and the wait until it may be free. listen.ts asks here when its port is
// in use; what the kernel says is recorded.

import { setTimeout as pause } from 'node:timers/promises';

import type { Emit, Endpoint, PortHolder } from '../../shared/trace/fact.ts';

/** What was found out about a port. */
interface PortExamination {
  readonly holder: PortHolder;
  readonly source: string;
}

/** Finds out who has a port; undefined where nothing can be known. */
export type ExaminePort = (port: number, address: string) => Promise<PortExamination | undefined>;

/** Which port, and who is asked about it. */
interface TakenPort {
  readonly requested: Endpoint;
  /** Where it is absent, nothing can be known. */
  readonly examinePort?: ExaminePort;
}

/** Whoever is asked who has the port must not hold the run up for longer. */
const EXAMINE_MS = 1_000;
/** Between two looks at a port, and between two facts about it. */
const LOOK_EVERY_MS = 1_000;
/** Linux lets a TIME_WAIT go up to a few seconds after its timer has reached 0: then the next look is soon. */
const LOOK_SOON_MS = 200;

/** Records who has the port. That nobody can tell is no failure. */
export async function recordHolder(taken: TakenPort, emit: Emit, signal: AbortSignal): Promise<void> {
  const examined = await examine(taken, signal);
  if (examined !== undefined) emitExamined(taken, examined, emit);
}

/**
 * Looks at a taken port about once a second, and records what it sees, until the port may be free: nobody is seen on it
 * any more, or the socket table does not tell who it is. Never resolves at once, so that a port that cannot be had
 * though nobody is seen on it is not asked for without a pause. True then, false where `signal` was aborted.
 */
export async function untilItMayBeFree(taken: TakenPort, emit: Emit, signal: AbortSignal): Promise<boolean> {
  let waitMs = LOOK_EVERY_MS;
  let recordedMs = performance.now();
  for (;;) {
    if (!(await paused(waitMs, signal))) return false;
    const examined = await examine(taken, signal);
    if (signal.aborted) return false;
    if (examined === undefined || examined.holder.what === 'unknown') return true;
    waitMs = isAboutToEnd(examined.holder) ? LOOK_SOON_MS : LOOK_EVERY_MS;
    // A timer has whole milliseconds and may come within one of its time.
    if (performance.now() - recordedMs < LOOK_EVERY_MS - 1) continue;
    emitExamined(taken, examined, emit);
    recordedMs = performance.now();
  }
}

function isAboutToEnd(holder: PortHolder): boolean {
  return holder.what === 'time-wait' && holder.secondsLeft !== undefined && holder.secondsLeft <= 1;
}

function emitExamined({ requested }: TakenPort, { holder, source }: PortExamination, emit: Emit): void {
  emit({ kind: 'port-examined', seenBy: 'kernel', port: requested.port, holder, source });
}

/** Asks who has the port, for a second at most and not beyond an abort. */
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
  const timer = setTimeout(giveUp, EXAMINE_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([examinePort(requested.port, requested.address), late]);
  } catch {
    // The port is in use, which is recorded; by whom is not known.
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** False where the abort came first. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  return pause(ms, true, { signal }).catch((error: unknown) => {
    if (signal.aborted) return false;
    throw error;
  });
}
