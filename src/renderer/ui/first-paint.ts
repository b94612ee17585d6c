// Reports whether the window has been painted for the first time. What that paint does not need is rendered and loaded
// after it, so that a person can press Run one frame sooner (`npm run bench:start`).

import { create } from 'zustand';

/** A hidden window is never painted. */
const AT_THE_LATEST_MS = 1_000;

const usePaint = create<{ readonly painted: boolean }>()(() => ({ painted: false }));

function reportPaint(): void {
  usePaint.setState({ painted: true });
}

new PerformanceObserver((seen) => {
  // The empty window's background is a paint as well, and comes first.
  if (seen.getEntriesByName('first-contentful-paint').length > 0) reportPaint();
}).observe({ type: 'paint', buffered: true });
setTimeout(reportPaint, AT_THE_LATEST_MS);

/** Calls `act` once, after the first paint; at once if that is over. */
export function afterFirstPaint(act: () => void): void {
  if (usePaint.getState().painted) {
    act();
    return;
  }
  const stop = usePaint.subscribe(() => {
    stop();
    act();
  });
}

/** False during the first render. Not a React transition: those wait while something moves. */
export function useFirstPaint(): boolean {
  return usePaint((state) => state.painted);
}
