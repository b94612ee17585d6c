// Which lines of the programs beside the picture belong to the facts at the cursor.

import type { Call, Program } from '../../shared/experiments/programs/program.ts';
import { SECOND_SERVER } from '../../shared/trace/fact.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import { indexAt, isOfOtherClient, ownConnection } from '../scene/ladder.ts';

/** The call of a program that a fact belongs to; undefined for facts that no line of a program makes. */
function callOf(event: TraceEvent): Call | undefined {
  switch (event.kind) {
    case 'server-created':
      return event.peer === SECOND_SERVER ? 'socket-2' : 'socket';
    case 'client-created':
      return 'socket';
    case 'listen-called':
      return event.peer === SECOND_SERVER ? 'bind-2' : 'bind';
    case 'failed':
      return event.peer === SECOND_SERVER ? 'fail-2' : 'fail';
    case 'program-started':
      return 'program';
    case 'program-ended':
      return 'program-over';
    case 'slept':
      return 'sleep';
    case 'listening':
      return 'listen';
    case 'connect-called':
      return 'connect';
    case 'connected':
      return 'connected';
    case 'accepted':
      return 'accept';
    case 'wrote':
      return 'send';
    case 'read':
      return 'recv';
    case 'line-transformed':
    case 'text-transformed':
      return 'transform';
    case 'line-received':
    case 'text-received':
      return 'use';
    case 'end-called':
      return 'end';
    case 'end-received':
      return 'recv';
    case 'closed':
      return 'close';
    case 'server-closed':
      return event.peer === SECOND_SERVER ? 'close-server-2' : 'close-server';
    default:
      return undefined;
  }
}

/** A line by the program's place among the programs and its own place in it, both counted from 0. */
export interface LitLine {
  readonly program: number;
  readonly line: number;
}

export interface LitLines {
  readonly client?: LitLine;
  readonly server?: LitLine;
  /** The side whose fact it is that the cursor stands on. */
  readonly at?: Side;
}

function lineOf(programs: readonly Program[], side: Side, call: Call): LitLine | undefined {
  for (const [program, { lines }] of programs.entries()) {
    const line = lines.findIndex((candidate) => candidate.side === side && candidate.calls.includes(call));
    if (line >= 0) return { program, line };
  }
  return undefined;
}

/** The line of each side that its last fact before the cursor belongs to; a fact without a line leaves the one before. */
export function litLines(
  facts: readonly TraceEvent[],
  cursor: number,
  programs: readonly Program[],
): LitLines {
  const found: { client?: LitLine; server?: LitLine; at?: Side } = {};
  const own = ownConnection(facts);
  for (let index = indexAt(facts, cursor); index >= 0; index -= 1) {
    const event = facts[index];
    const side = event === undefined ? undefined : sideOf(event);
    if (event === undefined || side === undefined || found[side] !== undefined || isOfOtherClient(event, own))
      continue;
    const call = callOf(event);
    const lit = call === undefined ? undefined : lineOf(programs, side, call);
    if (lit === undefined) continue;
    found.at ??= side;
    found[side] = lit;
    if (found.client !== undefined && found.server !== undefined) break;
  }
  return found;
}
