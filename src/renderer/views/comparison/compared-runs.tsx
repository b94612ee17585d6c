// The two runs: the one that is shown, at the window's cursor, and the one beside it at the cursor that follows.

import { useMemo } from 'react';
import { transformOf } from '../../../shared/experiments/transform-words.ts';
import { ladderAt, useAllFacts, useCounts, useLadder } from '../../store/derived.ts';
import { factBeside, scrubBeside, useComparison } from '../../store/comparison.ts';
import { usePlayer } from '../../store/cursor.ts';
import { scrubTo } from '../../store/player.ts';
import { useRun } from '../../store/run.ts';
import { indexAt } from '../../scene/ladder.ts';
import { ComparedRun } from './compared-run.tsx';

interface SideProps {
  readonly lookBackPx: number;
  readonly onLookBack: (px: number) => void;
}

export function ComparedLeft(props: SideProps) {
  const info = useRun((state) => state.info);
  const landmarks = useRun((state) => state.landmarks);
  const ladder = useLadder();
  const facts = useAllFacts();
  const counts = useCounts();
  const cursor = usePlayer((state) => state.cursor);
  const different = useComparison((state) => state.answer?.difference?.here?.seq);
  const seq = Math.floor(cursor);
  const now = facts[indexAt(facts, seq)];
  if (info === undefined) return null;
  return (
    <ComparedRun
      {...props}
      name="Here"
      info={info}
      landmarks={landmarks}
      ladder={ladder}
      facts={facts}
      counts={counts}
      cursor={cursor}
      now={now?.seq === seq ? now : undefined}
      transform={transformOf(landmarks)}
      different={different}
      onSelect={(chosen) => void scrubTo(chosen)}
    />
  );
}

export function ComparedRight(props: SideProps) {
  const beside = useComparison((state) => state.beside);
  const landmarks = useComparison((state) => state.landmarks);
  const view = useComparison((state) => state.view);
  const cursor = useComparison((state) => state.cursor);
  const different = useComparison((state) => state.answer?.difference?.there?.seq);
  const ladder = useMemo(() => ladderAt(view, cursor), [view, cursor]);
  if (beside === undefined) return null;
  return (
    <ComparedRun
      {...props}
      name="There"
      info={beside.info}
      landmarks={landmarks}
      ladder={ladder}
      facts={view.atHand}
      counts={beside.progress}
      cursor={cursor}
      now={factBeside({ view, cursor })}
      transform={transformOf(landmarks)}
      different={different}
      onSelect={(chosen) => void scrubBeside(chosen)}
    />
  );
}
