// The picture between the question and the sentence: the ladder of the run, or of one round below the plot of all.

import type { ReactNode } from 'react';
import { useRun } from '../../store/run.ts';
import { useMedia } from '../../ui/use-media.ts';
import { BoundariesView } from '../../experiments/boundaries/boundaries-view.tsx';
import { PortsPlot } from '../../experiments/ports/ports-plot.tsx';
import { RacePlot } from '../../experiments/race/race-plot.tsx';
import { EndBoxes } from './end-boxes.tsx';
import { PlotFailure } from './failure-card.tsx';
import { FactList } from './fact-list.tsx';
import { LadderView } from './ladder-view.tsx';
import { ScaleButtons } from './scale-buttons.tsx';

/** Of `ports`: all runs, or the ladder of the one that the cursor stands in. */
export type PortsView = 'plot' | 'ladder';

/** Narrower than a picture can be drawn; wire.css has the same query. */
const narrow = window.matchMedia('(width < 640px)');

export function Picture({ portsView }: { readonly portsView: PortsView }) {
  const chosen = useRun((state) => state.chosen);
  const plot =
    chosen === 'boundaries' ? (
      <BoundariesView />
    ) : chosen === 'ports' && portsView === 'plot' ? (
      <PortsPlot />
    ) : undefined;
  return (
    <>
      {chosen === 'race' ? <RacePlot /> : null}
      <SidewaysWhereNarrow>
        {plot === undefined ? <EndBoxes /> : <PlotFailure />}
        <div className="wire-canvas">
          {plot ?? (
            <>
              <LadderView />
              <ScaleButtons />
              <FactList />
            </>
          )}
        </div>
      </SidewaysWhereNarrow>
    </>
  );
}

/** The page keeps the window's width: of what is wider only the picture is moved from side to side, by keys too. */
function SidewaysWhereNarrow({ children }: { readonly children: ReactNode }) {
  const isNarrow = useMedia(narrow);
  return (
    <div
      className="picture"
      {...(isNarrow
        ? {
            role: 'group',
            tabIndex: 0,
            'aria-label': 'Picture, scrollable: the arrow keys move it from side to side',
            'data-own-keys': 'ArrowLeft ArrowRight',
          }
        : {})}
    >
      {children}
    </div>
  );
}
