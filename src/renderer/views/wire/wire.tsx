// The wire: the question, what happens now in one sentence, and the picture of the run at the cursor.

import { useState } from 'react';
import { questionOf } from '../../../shared/experiments/definitions.ts';
import { useTakenBy, useTransform } from '../../store/choices.ts';
import { hasShownRun, showDialog, useRun } from '../../store/run.ts';
import { CircleQuestionMark } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { BoundariesLegend } from '../../experiments/boundaries/boundaries-legend.tsx';
import { EmptyWire } from './empty-wire.tsx';
import { ExportMenu } from '../export/export-menu.tsx';
import { FindBar, Picture } from '../lazy.tsx';
import { FindButton } from '../find/find-button.tsx';
import { PortsViewChoice } from '../../experiments/ports/ports-view-choice.tsx';
import { Now } from './now.tsx';
import { PanelButtons } from './panel-buttons.tsx';
import type { PortsView } from './picture.tsx';
import './wire.css';

export function Wire() {
  const empty = !useRun(hasShownRun);
  const chosen = useRun((state) => state.chosen);
  const question = questionOf(chosen, { transform: useTransform(), takenBy: useTakenBy() });
  const [portsView, setPortsView] = useState<PortsView>('plot');
  return (
    <section className="wire" aria-label="Wire" data-text="facts">
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
        {chosen === 'ports' && !empty ? (
          <PortsViewChoice view={portsView} onChoose={setPortsView} />
        ) : chosen === 'boundaries' ? (
          <BoundariesLegend />
        ) : (
          <Legend />
        )}
        {empty ? null : <FindButton />}
        <ExportMenu />
        <PanelButtons />
      </div>
      <Now />
      {empty ? (
        <div className="wire-canvas">
          <EmptyWire />
        </div>
      ) : (
        <Picture portsView={portsView} />
      )}
      <FindBar />
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
