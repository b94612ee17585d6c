// Whether a hand holds the mouse's button down on the window, by the input that Chromium passes to its page: a page cannot
// make that up. save.ts asks before it begins a drag.

import type { WebContents } from 'electron';

export interface PressedButton {
  /** Whether the left button is down. Each press is good for one answer of true: a drag takes its release away. */
  take(): boolean;
}

export function watchPressedButton(contents: WebContents): PressedButton {
  let pressed = false;
  contents.on('input-event', (_event, { type, modifiers }) => {
    // The modifiers name the button that a mouseUp is about as well.
    if (type === 'mouseUp') pressed = false;
    else if (type === 'mouseDown') pressed = modifiers?.includes('leftbuttondown') === true;
    // Released elsewhere, or at the end of a drag: nothing said so.
    else if (type === 'mouseMove' || type === 'mouseEnter')
      pressed &&= modifiers?.includes('leftbuttondown') === true;
  });
  return {
    take() {
      const taken = pressed;
      pressed = false;
      return taken;
    },
  };
}
