import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { PAGE_FACTS } from '../../shared/trace/packed.ts';

/** The page that was asked for, and what ends the wait for it. */
let arrive: ((loaded: boolean) => void) | undefined;
let asked: number | undefined;
let frame: FrameRequestCallback = () => undefined;

vi.mock('./trace-view.ts', () => ({
  isPageHere: () => true,
  bring(seq: number) {
    asked = seq;
    return new Promise<boolean>((resolve) => {
      arrive = resolve;
    });
  },
}));

/** A fact each millisecond: real speed is a thousand facts a second. */
function pageOfFacts(page: number): readonly TraceEvent[] {
  return Array.from({ length: PAGE_FACTS }, (_, index): TraceEvent => {
    const seq = page * PAGE_FACTS + index + 1;
    return { kind: 'slept', seenBy: 'program', peer: 'client', ms: 1, seq, atUs: seq * 1_000 };
  });
}

beforeEach(() => {
  vi.stubGlobal('window', { matchMedia: () => ({ matches: true }), socketScope: { platform: 'linux' } });
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    frame = callback;
    return 1;
  });
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it.each(['time-1', 'run-60'])('makes up for the time in which a page was missing, at %s', async (paceId) => {
  const { startPlayer } = await import('./player.ts');
  const { usePlayer } = await import('./cursor.ts');
  const { useRun } = await import('./run.ts');
  const facts = 60_000;
  useRun.setState({
    phase: 'settled',
    facts: pageOfFacts(0),
    counts: { ...useRun.getState().counts, facts, atUs: facts * 1_000 },
  });
  usePlayer.setState({ cursor: 4_000, playing: true, paceId });
  let nowMs = performance.now();
  const stop = startPlayer();
  const play = (frames: number): void => {
    for (let count = 0; count < frames; count += 1) frame((nowMs += 20));
  };
  frame(nowMs);
  const beganMs = nowMs;
  const began = usePlayer.getState().cursor;
  // To the edge, and a while there.
  play(15);
  expect(usePlayer.getState().cursor).toBe(PAGE_FACTS);
  expect(asked).toBe(PAGE_FACTS + 1);
  useRun.setState({ facts: [...pageOfFacts(0), ...pageOfFacts(1)] });
  arrive?.(true);
  await Promise.resolve();
  await Promise.resolve();
  play(5);
  expect(usePlayer.getState().cursor).toBeCloseTo(began + (nowMs - beganMs), 3);
  stop();
});
