// The page: which run it is, the sentence of the cursor, the picture, the lines, and the controls of time.

import { columnName } from '../../shared/experiments/transform-words.ts';
import { formatCount } from '../../shared/format.ts';
import { legendOf, recordedWhere, runTitle } from '../scene/export/caption.ts';
import { useTransform } from '../store/choices.ts';
import { useCounts, useLandmarks } from '../store/derived.ts';
import { LinesByNumber } from '../views/tables/lines-by-number.tsx';
import { Now } from '../views/wire/now.tsx';
import { Picture } from '../views/wire/picture.tsx';
import '../views/tables/lines.css';
import '../views/wire/wire.css';
import { replay } from './bridge.ts';
import { Controls } from './controls.tsx';
import { FIRST, LAST } from './moves.ts';

export function Replay() {
  const [start] = useLandmarks();
  const hasLines = useCounts().linesSent > 0;
  return (
    <div className="replay">
      <header>
        <h1>{start?.kind === 'run-started' ? runTitle(start) : replay.inputName}</h1>
        <p>
          {start?.kind === 'run-started' ? recordedWhere(start, legendOf(start.experiment)) : ''}
          {replay.factsOfRun > replay.counts.facts || FIRST > 0 ? (
            <strong>
              {' '}
              This file has the facts {formatCount(FIRST)} to {formatCount(LAST)} of{' '}
              {formatCount(replay.factsOfRun)}.
            </strong>
          ) : null}
        </p>
      </header>
      <main>
        <section className="wire" aria-label="Wire">
          <Now />
          <Picture portsView="plot" />
        </section>
        {hasLines ? <Lines /> : null}
      </main>
      <Controls />
    </div>
  );
}

function Lines() {
  const transform = useTransform();
  return (
    <section className="replay-lines" aria-label="Lines">
      <div className="lines-table mono" role="table" aria-label="Lines">
        <div role="rowgroup">
          <div className="lines-row head" role="row">
            <span role="columnheader">#</span>
            <span role="columnheader">sent by the client</span>
            <span role="columnheader">{columnName(transform)}</span>
            <span role="columnheader">reads</span>
            <span role="columnheader">round trip</span>
          </div>
        </div>
        <LinesByNumber falling={false} />
      </div>
    </section>
  );
}
