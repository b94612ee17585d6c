// Two runs side by side, one cursor for both, and their first difference in a sentence.

import { X } from 'lucide-react';
import { useState } from 'react';
import { usePlayer } from '../../store/cursor.ts';
import { closeComparison, setMoveBy, useComparison } from '../../store/comparison.ts';
import { Button } from '../../ui/button.tsx';
import { RadioChoices } from '../../ui/radio-choices.tsx';
import { ScaleButtons } from '../wire/scale-buttons.tsx';
import { AlignByLine } from './align-by-line.tsx';
import './comparison.css';
import { ComparedLeft, ComparedRight } from './compared-runs.tsx';
import { Verdict } from './verdict.tsx';

export function Comparison() {
  const moveBy = useComparison((state) => state.moveBy);
  // Both are looked back in by as much, while the cursor stands.
  const [lookBack, setLookBack] = useState({ px: 0, at: 0 });
  const lookBackPx = usePlayer((state) => (state.cursor === lookBack.at ? lookBack.px : 0));
  function onLookBack(px: number): void {
    setLookBack({ px, at: usePlayer.getState().cursor });
  }
  return (
    <section className="comparison" aria-label="Comparison">
      <div className="comparison-head">
        <h2>Two runs side by side</h2>
        <RadioChoices
          name="Move both by"
          choices={[
            { value: 'facts', name: 'facts' },
            { value: 'time', name: 'time' },
          ]}
          chosen={moveBy}
          onChoose={setMoveBy}
        />
        <AlignByLine />
        <Button icon={X} onClick={() => void closeComparison()}>
          Close
        </Button>
      </div>
      <Verdict />
      <div className="compared-runs">
        <ComparedLeft lookBackPx={lookBackPx} onLookBack={onLookBack} />
        <ComparedRight lookBackPx={lookBackPx} onLookBack={onLookBack} />
        <ScaleButtons />
      </div>
    </section>
  );
}
