// The guide of the first start: its current step, computed from what the person did and what happened, and the words of
// each step. Pure.

import { assertNever } from '../../shared/result.ts';
import type { TraceEvent, Transform } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import type { Ends } from './peers.ts';
import { indexAt, isOfOtherClient, ownConnection } from './ladder.ts';
import { transformedName } from '../../shared/experiments/transform-words.ts';

/** What the guide asks a person to do, in this order. */
export const GUIDE_TASKS = ['time', 'line', 'ports', 'result'] as const;

export type GuideTask = (typeof GUIDE_TASKS)[number];

export type GuideStep = 'run' | GuideTask | 'farewell';

/** The current step. Without a run on the screen that is to run one. */
export function guideStepAt(done: readonly GuideTask[], runShown: boolean): GuideStep {
  const next = GUIDE_TASKS.find((task) => !done.includes(task));
  if (next === undefined) return 'farewell';
  return runShown ? next : 'run';
}

/** "Step 2 of 5", as a number; the farewell is none. */
export function stepNumber(step: GuideStep): number | undefined {
  return step === 'farewell' ? undefined : step === 'run' ? 1 : GUIDE_TASKS.indexOf(step) + 2;
}

export const STEP_COUNT = GUIDE_TASKS.length + 1;

/** Where the cursor is and what moves it. */
export interface CursorState {
  readonly cursor: number;
  readonly playing: boolean;
  readonly following: boolean;
  readonly glideTo?: number;
  readonly selectedSeq?: number | undefined;
}

function atRest({ playing, following, glideTo }: CursorState): boolean {
  return !playing && !following && glideTo === undefined;
}

/** Whether a person paused, stepped or moved the cursor between two states. Playing to the end does not count. */
export function isManualMove(before: CursorState, after: CursorState, lastSeq: number): boolean {
  if (after.playing || after.following) return false;
  if (before.playing || before.following) return after.glideTo !== undefined || after.cursor < lastSeq;
  // A glide under way was started by a step, which counted.
  if (before.glideTo !== undefined) return false;
  return after.glideTo !== undefined || after.cursor !== before.cursor;
}

/** The line that the guide sends a person to: the second, where there is one; 0 where none was sent. */
export function guideLine(linesSent: number): number {
  return Math.min(2, linesSent);
}

/** Whether the cursor rests on a fact of this line from its change at the server on, or such a fact is selected. */
export function standsAtLine(facts: readonly TraceEvent[], line: number, at: CursorState): boolean {
  if (!atRest(at)) return false;
  return [at.cursor, at.selectedSeq].some((seq) => {
    const event = seq === undefined ? undefined : facts[indexAt(facts, seq)];
    if (event === undefined || event.seq !== seq || isOfOtherClient(event, ownConnection(facts)))
      return false;
    switch (event.kind) {
      case 'line-transformed':
      case 'line-received':
        return event.line === line;
      case 'wrote':
        return event.side === 'server' && event.line === line;
      default:
        return false;
    }
  });
}

/** What the words of a step are made from: the run shown and what would be run. */
export interface GuideScene {
  readonly input: { readonly name: string; readonly sample: boolean };
  readonly ends: Ends;
  readonly linesSent: number;
  /** False while the run goes on: what is not there yet may still come. */
  readonly settled: boolean;
  readonly resultName?: string;
  readonly transform: Transform;
  /** The key that saves, as this platform names it: "Ctrl+S". */
  readonly saveKey: string;
}

/** A sentence in pieces: words, keys to press, and names that stand on the screen. */
export type GuidePiece = string | { readonly key: string } | { readonly name: string };

export interface GuideWords {
  readonly pieces: readonly GuidePiece[];
  /** The button to the next step, where the step asks for nothing, or for something that this run does not have. */
  readonly next?: string;
}

/** What a step says. */
export function guideWords(step: GuideStep, scene: GuideScene): GuideWords {
  switch (step) {
    case 'run':
      return { pieces: runWords(scene) };
    case 'time':
      return {
        pieces: [
          'Each row is a fact that somebody saw, each dashed arrow is inferred: ',
          { key: 'Space' },
          ' plays and pauses, ',
          { key: '←' },
          ' and ',
          { key: '→' },
          ' step.',
        ],
      };
    case 'line':
      return lineWords(scene);
    case 'ports':
      return { pieces: [portWords(scene.ends)], next: 'Next' };
    case 'result':
      return resultWords(scene);
    case 'farewell':
      return {
        pieces: [
          'Next, on the left: ',
          { name: 'Lost boundaries' },
          ' shows how lines run together, ',
          { name: 'Ephemeral ports' },
          ' how the kernel picks a port.',
        ],
        next: 'Done',
      };
    default:
      return assertNever(step);
  }
}

function runWords({ input }: GuideScene): readonly GuidePiece[] {
  return input.sample
    ? ['Press ', { name: 'Run the sample' }, `, or drop your ${printable(input.name)} anywhere.`]
    : ['Press ', { name: `Run ${printable(input.name)}` }, ', or drop another file anywhere.'];
}

function lineWords({ linesSent, settled, transform }: GuideScene): GuideWords {
  const line = guideLine(linesSent);
  if (line === 0 && settled) {
    return {
      pieces: ['No line was sent in this run: each one that is has a row in the table.'],
      next: 'Next',
    };
  }
  return {
    pieces: [
      'Click ',
      { name: `line ${Math.max(1, line)}` },
      ` in the table, or step to the moment at which the server has it ${transformedName(transform)}.`,
    ],
  };
}

function portWords({ client, server }: Ends): string {
  const clientPort = client.endpoint?.port;
  const serverPort = server.endpoint?.port;
  if (clientPort === undefined || serverPort === undefined) {
    return 'The kernel picks a port for the client in each run; the server has the one that its program asks for.';
  }
  return server.requestedPort === 0
    ? `The kernel picked both ports, ${clientPort} for the client and ${serverPort} for a server that asked for any.`
    : `The kernel picked the client’s port, ${clientPort}, and may pick another next time; the server stays at ${serverPort}.`;
}

function resultWords({ resultName, settled, saveKey }: GuideScene): GuideWords {
  if (resultName === undefined && settled) {
    return {
      pieces: ['This run has no result to save; one that has is saved with ', { key: saveKey }, '.'],
      next: 'Next',
    };
  }
  return {
    pieces: [
      'Save ',
      { name: printable(resultName ?? 'the result') },
      ' with ',
      { key: saveKey },
      ', or drag it out of the window.',
    ],
  };
}
