// Knows whether the first picture of the window stands on the screen: what it does without is drawn and loaded behind it,
// so that a person can press Run one picture sooner (`npm run bench:start`).

import { create } from 'zustand';

/** A window that is not seen is not painted. */
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

/** Calls `act` once, behind the first picture; at once if that stands already. */
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

/** False while the window is drawn for the first time. No transition: those wait while something moves. */
export function useFirstPaint(): boolean {
  return usePaint((state) => state.painted);
}
