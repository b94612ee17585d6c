// The context menu of a text field, the system's own. What else has one is the page's (views/context-menu).

import { type BrowserWindow, Menu } from 'electron';

/** Opens the menu wherever a person asks for it in a text field of the window. */
export function offerFieldMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, { isEditable, editFlags, x, y }) => {
    if (!isEditable) return;
    Menu.buildFromTemplate([
      { role: 'undo', enabled: editFlags.canUndo },
      { role: 'redo', enabled: editFlags.canRedo },
      { type: 'separator' },
      { role: 'cut', enabled: editFlags.canCut },
      { role: 'copy', enabled: editFlags.canCopy },
      { role: 'paste', enabled: editFlags.canPaste },
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ]).popup({ window, x, y });
  });
}
