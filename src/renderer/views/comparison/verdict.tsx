// How the two runs differ: the first difference, which one click goes to, and their options, ports and round trips.

import { ArrowRight } from 'lucide-react';
import { medianWords, optionWords, portWords, verdictOf } from '../../scene/comparison-words.ts';
import { transformOf } from '../../../shared/experiments/transform-words.ts';
import { formatCount } from '../../../shared/format.ts';
import { goToDifference, useComparison } from '../../store/comparison.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';

export function Verdict() {
  const answer = useComparison((state) => state.answer);
  const beside = useComparison((state) => state.landmarks);
  const landmarks = useRun((state) => state.landmarks);
  const words =
    answer === undefined
      ? undefined
      : verdictOf(answer, { here: transformOf(landmarks), there: transformOf(beside) });
  return (
    <div className="comparison-verdict">
      <p role="status" aria-label="First difference">
        {words ??
          (answer === undefined
            ? 'Comparing …'
            : `Comparing: ${formatCount(answer.read)} of ${formatCount(answer.facts)} facts …`)}
      </p>
      {answer?.difference === undefined ? null : (
        <Button icon={ArrowRight} onClick={() => void goToDifference()}>
          Go there
        </Button>
      )}
      <InNumbers />
    </div>
  );
}

function InNumbers() {
  const medians = useComparison((state) => state.medians);
  const beside = useComparison((state) => state.landmarks);
  const landmarks = useRun((state) => state.landmarks);
  const [here, there] = [landmarks[0], beside[0]];
  if (here?.kind !== 'run-started' || there?.kind !== 'run-started') return null;
  const words = [
    ...optionWords(here, there),
    ...portWords(landmarks, beside),
    ...medianWords(medians.here, medians.there),
  ];
  return (
    <ul aria-label="In numbers">
      {words.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
