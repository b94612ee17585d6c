// Puts the window's state on the document's root, for styles, and for tests, which wait for it and not for time; and the
// title of the window.

import { useEffect } from 'react';
import { windowTitle } from '../scene/window-title.ts';
import { usePlayer } from './cursor.ts';
import { useRun } from './run.ts';

export function useDocumentState(): void {
  useEffect(() => {
    function say(): void {
      const { dataset } = document.documentElement;
      const { phase, info, counts, chosen } = useRun.getState();
      const { cursor, playing, following, glideTo } = usePlayer.getState();
      const title = windowTitle(chosen, info);
      // Main sets the window's title with each assignment.
      if (document.title !== title) document.title = title;
      dataset.phase = phase;
      dataset.run = String(info?.run ?? 0);
      dataset.lastSeq = String(counts.facts);
      dataset.cursor = String(Math.floor(cursor));
      dataset.moving = String(playing || following || glideTo !== undefined);
    }
    say();
    const stops = [useRun.subscribe(say), usePlayer.subscribe(say)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
