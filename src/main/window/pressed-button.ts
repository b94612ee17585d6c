// Whether the mouse's left button is down on the window, from the input that Chromium sends to the page: a page cannot
// forge it.

import type { WebContents } from 'electron';

export interface PressedButton {
  /** Whether the left button is down. Returns true once a press: after a drag no release is received. */
  consume(): boolean;
}

export function watchPressedButton(contents: WebContents): PressedButton {
  let pressed = false;
  contents.on('input-event', (_event, { type, modifiers }) => {
    // The modifiers name the button that a mouseUp is about as well.
    if (type === 'mouseUp') pressed = false;
    else if (type === 'mouseDown') pressed = modifiers?.includes('leftbuttondown') === true;
    // Released elsewhere, or at the end of a drag: there was no mouseUp.
    else if (type === 'mouseMove' || type === 'mouseEnter')
      pressed &&= modifiers?.includes('leftbuttondown') === true;
  });
  return {
    consume() {
      const wasPressed = pressed;
      pressed = false;
      return wasPressed;
    },
  };
}
