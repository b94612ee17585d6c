// Knows whether the first picture of the window stands on the screen: what it does without is drawn and loaded behind it,
// so that a person can press Run one picture sooner (`npm run bench:start`).

import { useSyncExternalStore } from 'react';

/** A window that is not seen is not painted. */
const AT_THE_LATEST_MS = 1_000;

let painted = false;
const waiting = new Set<() => void>();

function tell(): void {
  painted = true;
  for (const heard of waiting) heard();
}

new PerformanceObserver((seen) => {
  // The empty window's background is a paint as well, and comes first.
  if (seen.getEntriesByName('first-contentful-paint').length > 0) tell();
}).observe({ type: 'paint', buffered: true });
setTimeout(tell, AT_THE_LATEST_MS);

function subscribe(heard: () => void): () => void {
  waiting.add(heard);
  return () => {
    waiting.delete(heard);
  };
}

/** Calls `act` once, behind the first picture; at once if that stands already. */
export function afterFirstPaint(act: () => void): void {
  if (painted) {
    act();
    return;
  }
  const stop = subscribe(() => {
    stop();
    act();
  });
}

/** False while the window is drawn for the first time. No transition: those wait while something moves. */
export function useFirstPaint(): boolean {
  return useSyncExternalStore(subscribe, () => painted);
}
