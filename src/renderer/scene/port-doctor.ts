// What holds the port that a server could not bind, as known at the cursor, and when a TIME_WAIT is over. Pure: the caller
// passes the time.

import { SECOND_SERVER } from '../../shared/trace/fact.ts';
import type { PeerName, PortHolder, TraceEvent } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';

export interface Diagnosis {
  /** `seq` of the fact that it rests on. */
  readonly seq: number;
  readonly port: number;
  readonly holder: PortHolder;
  readonly source: string;
  /** Wall clock when the kernel's table was read, in ms since 1970. */
  readonly examinedAtMs: number;
  /** The second server of a run asked: the first one has the port, as it should. */
  readonly ofSecondServer: boolean;
  /** The server has the port at the cursor: so long after it was first refused. */
  readonly hadAfterUs?: number;
  /** The server waits for it at the cursor. */
  readonly waits: boolean;
}

/** The newest reading of the kernel's table at the cursor; undefined before there was one. */
export function diagnosisAt(landmarks: readonly TraceEvent[], cursor: number): Diagnosis | undefined {
  const [first] = landmarks;
  if (first?.kind !== 'run-started') return undefined;
  const startedAtMs = Date.parse(first.startedAt);
  let found: Diagnosis | undefined;
  let refusedAtUs: number | undefined;
  let lastRefused: PeerName | undefined;
  for (const event of landmarks) {
    if (event.seq > cursor) break;
    switch (event.kind) {
      case 'failed':
        if (event.problem.code === 'port-in-use') {
          refusedAtUs ??= event.atUs;
          lastRefused = event.peer;
        }
        break;
      case 'port-examined':
        found = {
          seq: event.seq,
          port: event.port,
          holder: event.holder,
          source: printable(event.source),
          examinedAtMs: startedAtMs + event.atUs / 1_000,
          ofSecondServer: lastRefused === SECOND_SERVER,
          waits: found?.waits ?? false,
        };
        break;
      case 'port-awaited':
        if (found !== undefined) found = { ...found, waits: true };
        break;
      case 'listening':
        if (found !== undefined && refusedAtUs !== undefined && event.peer !== SECOND_SERVER) {
          found = { ...found, waits: false, hadAfterUs: event.atUs - refusedAtUs };
        }
        break;
      case 'run-ended':
        if (found !== undefined) found = { ...found, waits: false };
        break;
      default:
        break;
    }
  }
  return found;
}

/** Wall clock when the TIME_WAIT is over, in ms since 1970, from the kernel's own timer; undefined where it reported none. */
export function freeAtMs({ holder, examinedAtMs }: Diagnosis): number | undefined {
  return holder.what === 'time-wait' && holder.secondsLeft !== undefined
    ? examinedAtMs + holder.secondsLeft * 1_000
    : undefined;
}

/** Seconds until then, as a person counts them down: 1 until it is over, then 0. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
}

/** What a run waits for that has not got its port yet, by its newest facts; undefined where it does not wait. */
export function waitingFor(
  facts: readonly TraceEvent[],
): { readonly port: number; readonly holder: PortHolder | undefined } | undefined {
  let port: number | undefined;
  let holder: PortHolder | undefined;
  for (const event of facts) {
    if (event.kind === 'port-examined') holder = event.holder;
    else if (event.kind === 'port-awaited') port = event.port;
    // The lines come after this, and there can be millions of them: the wait is over.
    else if (event.kind === 'listening' && event.peer !== SECOND_SERVER) return undefined;
    else if (event.kind === 'run-ended') return undefined;
  }
  return port === undefined ? undefined : { port, holder };
}
