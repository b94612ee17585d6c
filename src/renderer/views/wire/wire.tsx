// The wire: the ladder diagram of the run at the cursor, the two ends above it, what happens now below it.

import { useRun } from '../../store/run.ts';
import { EmptyWire } from './empty-wire.tsx';
import { EndBoxes } from './end-boxes.tsx';
import { LadderView } from './ladder-view.tsx';
import { Now } from './now.tsx';
import './wire.css';

export function Wire() {
  const empty = useRun((state) => state.info === undefined);
  return (
    <section className="wire" aria-label="Wire">
      <div className="wire-head">
        <h2>How does each line get to the server and back?</h2>
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
