// The wire: the ladder diagram of the run at the cursor, the two ends above it, what happens now below it.

import { experimentOf } from '../../scene/experiments.ts';
import { hasShownRun, showDialog, useRun } from '../../store/run.ts';
import { CircleQuestionMark } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { EmptyWire } from './empty-wire.tsx';
import { EndBoxes } from './end-boxes.tsx';
import { LadderView } from './ladder-view.tsx';
import { Now } from './now.tsx';
import './wire.css';

export function Wire() {
  const empty = !useRun(hasShownRun);
  const { question } = experimentOf(useRun((state) => state.chosen));
  return (
    <section className="wire" aria-label="Wire">
      <div className="wire-head">
        <h2>
          {question}
          <Button
            icon={CircleQuestionMark}
            look="plain"
            onClick={() => {
              showDialog('why');
            }}
          >
            Why?
          </Button>
        </h2>
        <Legend />
      </div>
      {empty ? <div /> : <EndBoxes />}
      <div className="wire-canvas">{empty ? <EmptyWire /> : <LadderView />}</div>
      <Now />
    </section>
  );
}

function Legend() {
  return (
    <ul className="legend">
      <li>
        <svg width="28" height="6" aria-hidden>
          <line x1="0" y1="3" x2="28" y2="3" />
        </svg>
        seen at both ends
      </li>
      <li>
        <svg width="28" height="6" aria-hidden>
          <line x1="0" y1="3" x2="28" y2="3" strokeDasharray="6 5" />
        </svg>
        inferred, not seen
      </li>
    </ul>
  );
}
