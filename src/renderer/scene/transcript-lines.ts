// The transcript of the facts at hand, each line with the fact that it is of.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { newTranscript, NOT_PRINTED, transcriptOf } from '../../shared/trace/transcript.ts';
import { indexAt } from './ladder.ts';

export interface TranscriptLine {
  readonly seq: number;
  readonly text: string;
}

/** In the order of facts. Where facts are missing, one line says so. */
export function transcriptLines(facts: readonly TraceEvent[]): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = [];
  const state = newTranscript();
  let before = 0;
  for (const event of facts) {
    if (event.seq > before + 1) lines.push({ seq: event.seq, text: NOT_PRINTED });
    before = event.seq;
    for (const text of transcriptOf(event, state)) lines.push({ seq: event.seq, text });
  }
  return lines;
}

/** How many of the lines are of facts up to the cursor. */
export function linesUntil(lines: readonly TranscriptLine[], cursor: number): number {
  return indexAt(lines, cursor) + 1;
}
