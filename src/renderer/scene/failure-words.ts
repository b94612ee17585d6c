// What went wrong, in few words, for every place but the one that has the whole sentence: the card in the picture. Pure.

import { SECOND_SERVER } from '../../shared/trace/fact.ts';
import type { PeerName, TraceEvent } from '../../shared/trace/fact.ts';
import { PROGRAM } from '../../shared/trace/fact.ts';
import { roleOf } from '../../shared/trace/connection.ts';
import { printable } from '../../shared/trace/transcript.ts';
import type { ProblemCode } from '../../shared/result.ts';

export type FailedFact = Extract<TraceEvent, { kind: 'failed' }>;

/** Of problems for which the system has no number. */
const TITLES: Partial<Record<ProblemCode, string>> = {
  'server-closed-early': 'The server closed the connection before it had answered',
  'line-too-long': 'A line is longer than the limit',
  'input-too-large': 'More was sent than the server keeps',
  'file-missing': 'The file is gone',
  'file-changed': 'The file was changed while it was read',
  'disk-full': 'The disk is full',
  'too-many-clients': 'The client was turned away',
  'program-missing': 'A program that is needed is missing',
  'program-failed': 'The other program failed',
  cancelled: 'The run was cancelled',
  'window-closed': 'The window was closed',
};

/** "The second server’s listen() failed: EADDRINUSE (errno 98)", without a period. Ready to be shown. */
export function failureTitle({ peer, problem }: Pick<FailedFact, 'peer' | 'problem'>): string {
  const { errorCode, syscall } = problem.detail;
  if (errorCode === undefined) return TITLES[problem.code] ?? `${nameOf(peer)} failed`;
  const call = syscall === undefined ? '' : `’s ${printable(syscall)}()`;
  return `${nameOf(peer)}${peer === undefined ? '' : call} failed: ${errnoWords(problem.detail)}`;
}

/** "EADDRINUSE (errno 98)" */
export function errnoWords({ errorCode = '', errno }: FailedFact['problem']['detail']): string {
  return `${printable(errorCode)}${errno === undefined ? '' : ` (errno ${errno})`}`;
}

function nameOf(peer: PeerName | undefined): string {
  if (peer === SECOND_SERVER) return 'The second server';
  if (peer === PROGRAM) return 'The other program';
  const role = roleOf(peer);
  return role === undefined ? 'The run' : `The ${role}`;
}

/** Width of a card, and of an average character of its sentence, which is counted wide: no card may cover its neighbour. */
export const FAILURE_CARD_PX = 520;
const CARD_INSIDE_PX = FAILURE_CARD_PX - 34;
const CHARACTER_PX = 7.2;
const LINE_PX = 20;
const PADDING_PX = 20;
const BUTTONS_PX = 44;
/** In an untrusted trace a sentence may have any length: what is higher scrolls. */
export const MAX_FAILURE_CARD_PX = 320;

/** The room that the card of a failure needs. */
export function failureCardPx({ peer, problem }: Pick<FailedFact, 'peer' | 'problem'>): number {
  const lines = Math.ceil((problem.message.length * CHARACTER_PX) / CARD_INSIDE_PX);
  const title = problem.detail.errorCode === undefined ? 0 : LINE_PX;
  // What an experiment shows on purpose has no buttons.
  const isShown = peer === SECOND_SERVER || problem.code === 'connection-refused';
  const px = PADDING_PX + title + lines * LINE_PX + (isShown ? 0 : BUTTONS_PX);
  return Math.min(MAX_FAILURE_CARD_PX, px);
}
