// What answers a question: the sentences of the facts behind it, as they were seen.

import type { TraceEvent } from '../../../shared/trace/fact.ts';
import { sentenceBesidePicture } from '../../scene/describe.ts';
import { indexAt } from '../../scene/ladder.ts';
import { useTransform } from '../../store/choices.ts';
import { useAllFacts, useOtherClients } from '../../store/derived.ts';
import { useRun } from '../../store/run.ts';
import { factHere } from '../../store/trace-view.ts';

interface AnswerProps {
  readonly seqs: readonly number[];
  /** The facts have happened up to here: of later ones nothing is said. */
  readonly upTo: number;
}

export function Answer({ seqs, upTo }: AnswerProps) {
  const facts = useAllFacts();
  const transform = useTransform();
  const others = useOtherClients();
  // A page that came may have one of them.
  useRun((state) => state.pagesChanged);
  const seen = seqs.filter((seq) => seq <= upTo).map((seq) => factOf(facts, seq));
  return (
    <ol className="note-answer" aria-label="What was seen">
      {seen
        .filter((event) => event !== undefined)
        .map((event) => (
          <li key={event.seq}>{sentenceBesidePicture(event, transform, others.of(event.seq)?.name)}</li>
        ))}
    </ol>
  );
}

function factOf(facts: readonly TraceEvent[], seq: number): TraceEvent | undefined {
  const event = facts[indexAt(facts, seq)];
  return event?.seq === seq ? event : factHere(seq);
}
