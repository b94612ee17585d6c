// The commands that are also entries of the application menu: main builds the menu from them, the window runs them. A
// command that the menu does not have is in the window's list alone (renderer/store/commands.ts).

export interface MenuCommand {
  /** What it does, as a person would ask for it. */
  readonly words: string;
  /** As in the menu, with the letter that is underlined. */
  readonly label: string;
  /** `Mod` is Ctrl, or Cmd on a Mac: `Mod+Shift+S`, `Space`, `Right`, `F1`, `?`. */
  readonly key?: string;
}

export const MENU_COMMANDS = {
  open: { words: 'Open a file or a saved run', label: '&Open…', key: 'Mod+O' },
  'save-result': { words: 'Save the result', label: '&Save result…', key: 'Mod+S' },
  'save-run': { words: 'Save the run', label: 'Save r&un…', key: 'Mod+Shift+S' },
  run: { words: 'Run again', label: '&Run again', key: 'Mod+R' },
  cancel: { words: 'Cancel the run', label: '&Cancel run', key: 'Mod+.' },
  find: { words: 'Find a text, a fact, an error, what took long', label: 'F&ind…', key: 'Mod+F' },
  settings: { words: 'Settings', label: 'S&ettings…', key: 'Mod+,' },
  'select-all': { words: 'Select all of the field or panel', label: 'Select &all', key: 'Mod+A' },
  palette: { words: 'Find a command', label: '&Find a command…', key: 'Mod+Shift+P' },
  play: { words: 'Play or pause', label: '&Play or pause', key: 'Space' },
  'step-forward': { words: 'Step forward: one fact', label: 'Step &forward', key: 'Right' },
  'step-back': { words: 'Step back: one fact', label: 'Step &back', key: 'Left' },
  'to-start': { words: 'To the start', label: 'To the &start', key: 'Home' },
  'to-end': { words: 'To the end, or stay with a run that goes on', label: 'To the &end', key: 'End' },
  present: { words: 'Present on the whole screen, or end that', label: '&Present', key: 'F11' },
  guide: { words: 'Show the guide', label: 'Show the &guide', key: 'F1' },
  keys: { words: 'Show all keys', label: '&Keys', key: '?' },
  about: { words: 'About SocketScope', label: 'About SocketScope' },
} satisfies Readonly<Record<string, MenuCommand>>;

export type MenuCommandId = keyof typeof MENU_COMMANDS;

function isMenuCommand(id: string): id is MenuCommandId {
  return Object.hasOwn(MENU_COMMANDS, id);
}

export const MENU_COMMAND_IDS: readonly MenuCommandId[] = Object.keys(MENU_COMMANDS).filter(isMenuCommand);
