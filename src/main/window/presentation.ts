// Presentation: the whole screen, and everything larger, so that it can be read from the last row.

import { screen, type BrowserWindow } from 'electron';

/** Of what is on the screen, beside the zoom that the person has chosen. */
const LARGER = 1.8;

/** The least room for panels side by side (the renderer's app.css), in CSS pixels. */
const MIN_ROOM = { width: 820, height: 540 } as const;

export interface Presentation {
  readonly on: boolean;
  set(on: boolean): void;
}

/** Larger than before, as far as the screen has room for it. */
function zoomFor(window: BrowserWindow, before: number): number {
  const { size } = screen.getDisplayMatching(window.getBounds());
  const most = Math.min(size.width / MIN_ROOM.width, size.height / MIN_ROOM.height);
  return Math.max(before, Math.min(before * LARGER, most));
}

/** `ended` is called where the person leaves the whole screen by the system's own means. */
export function createPresentation(window: BrowserWindow, ended: () => void): Presentation {
  let zoomBefore: number | undefined;

  function end(): void {
    if (zoomBefore === undefined) return;
    window.webContents.setZoomFactor(zoomBefore);
    zoomBefore = undefined;
  }
  window.on('leave-full-screen', () => {
    if (zoomBefore === undefined) return;
    end();
    ended();
  });
  return {
    get on() {
      return zoomBefore !== undefined;
    },
    set(on) {
      if (on === (zoomBefore !== undefined)) return;
      if (on) {
        zoomBefore = window.webContents.getZoomFactor();
        window.webContents.setZoomFactor(zoomFor(window, zoomBefore));
      } else {
        end();
      }
      window.setFullScreen(on);
    },
  };
}
