// The application menu from the page's side: runs what was chosen in it, and says which entries have something to do.

import { MENU_COMMAND_IDS, type MenuCommandId } from '../../shared/menu-commands.ts';
import { bridge } from './bridge.ts';
import { COMMANDS, isEnabled } from './commands.ts';
import { usePlayer } from './cursor.ts';
import { useRun } from './run.ts';
import { hasSelection, isInTextField } from './selection.ts';

const TELL_MS = 100;

function commandOf(id: MenuCommandId) {
  return COMMANDS.find((command) => command.id === id);
}

/** What has nothing to do any more was greyed too late, and is not run. */
export function runMenuCommand(id: MenuCommandId): void {
  const command = commandOf(id);
  if (command !== undefined && isEnabled(command)) void command.run();
}

/** Keeps the menu's entries greyed that have nothing to do. Returns what stops it. */
export function watchMenu(): () => void {
  let told: string | undefined;
  function tell(): void {
    const ids = MENU_COMMAND_IDS.filter((id) => {
      const command = commandOf(id);
      return command !== undefined && isEnabled(command);
    });
    const editing = isInTextField();
    const enabled = { ids, editing, copying: editing || hasSelection() };
    if (JSON.stringify(enabled) === told) return;
    told = JSON.stringify(enabled);
    void bridge.call('menu:enable', enabled);
  }
  tell();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The cursor moves with each frame, and nobody opens a menu so often.
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tell();
    }, TELL_MS);
  };
  const stops = [useRun.subscribe(soon), usePlayer.subscribe(soon)];
  const stop = new AbortController();
  // When the focus has left a field, nothing has it before the next turn.
  const later = (): unknown => setTimeout(tell);
  for (const type of ['focusin', 'focusout', 'pointerdown', 'selectionchange']) {
    document.addEventListener(type, later, { capture: true, signal: stop.signal });
  }
  return () => {
    stop.abort();
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
