// What stands between the question and the sentence: the ladder of the run, or of one round below the plot of all.

import { useRun } from '../../store/run.ts';
import { BoundariesView } from '../boundaries/boundaries-view.tsx';
import { PortsPlot } from '../rounds/ports-plot.tsx';
import { RacePlot } from '../rounds/race-plot.tsx';
import { EndBoxes } from './end-boxes.tsx';
import { FactList } from './fact-list.tsx';
import { LadderView } from './ladder-view.tsx';

/** Of `ports`: all runs, or the ladder of the one that the cursor stands in. */
export type PortsView = 'plot' | 'ladder';

export function Picture({ portsView }: { readonly portsView: PortsView }) {
  const chosen = useRun((state) => state.chosen);
  if (chosen === 'boundaries') {
    return (
      <div className="wire-canvas">
        <BoundariesView />
      </div>
    );
  }
  if (chosen === 'ports' && portsView === 'plot') {
    return (
      <div className="wire-canvas">
        <PortsPlot />
      </div>
    );
  }
  return (
    <>
      {chosen === 'race' ? <RacePlot /> : null}
      <EndBoxes />
      <div className="wire-canvas">
        <LadderView />
        <FactList />
      </div>
    </>
  );
}
