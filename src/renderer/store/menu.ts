// The application menu from the page's side: runs what was chosen in it, and says which entries have something to do.

import { MENU_COMMAND_IDS, type MenuCommandId } from '../../shared/menu-commands.ts';
import { bridge } from './bridge.ts';
import { COMMANDS, isEnabled } from './commands.ts';
import { usePlayer } from './cursor.ts';
import { useRun } from './run.ts';

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
    if (ids.join() === told) return;
    told = ids.join();
    void bridge.call('menu:enable', { ids });
  }
  tell();
  const stops = [useRun.subscribe(tell), usePlayer.subscribe(tell)];
  return () => {
    for (const stop of stops) stop();
  };
}
