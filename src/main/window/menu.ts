// The application menu, by each platform's conventions. Its commands are run by the page, which says which of them have
// something to do. The page handles the same keys and prevents their default, so the menu does not get them and nothing
// happens twice.

import type { MenuItemConstructorOptions } from 'electron';

import type { EnabledInMenu, RecentFile, Theme } from '../../shared/ipc.ts';
import {
  MENU_COMMAND_IDS,
  MENU_COMMANDS,
  type MenuCommand,
  type MenuCommandId,
} from '../../shared/menu-commands.ts';
import { printable } from '../../shared/trace/transcript.ts';

export interface MenuActions {
  readonly run: (id: MenuCommandId) => void;
  readonly openRecent: (id: number) => void;
  readonly clearRecent: () => void;
  readonly setTheme: (theme: Theme) => void;
  readonly showLogFolder: () => void;
}

/** What of the window the menu shows. */
export interface MenuState {
  readonly recent: readonly RecentFile[];
  readonly theme: Theme;
  readonly enabled: EnabledInMenu;
}

/** The menu as a template. It has no reload and no developer tools: a person should need neither. */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  { recent, theme, enabled }: MenuState,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  function entry(id: MenuCommandId): MenuItemConstructorOptions {
    const { label, key }: MenuCommand = MENU_COMMANDS[id];
    return {
      id,
      // Only other systems underline letters.
      label: mac ? label.replace('&', '') : label,
      enabled: enabled.ids.includes(id),
      ...(key === undefined ? {} : acceleratorOf(key, mac)),
      click: () => {
        actions.run(id);
      },
    };
  }
  function edit(role: EditRole): MenuItemConstructorOptions {
    return { id: role, role, enabled: canEdit(role, enabled) };
  }
  const separator = { type: 'separator' } as const;
  const appMenu: MenuItemConstructorOptions = {
    label: 'SocketScope',
    submenu: [
      entry('about'),
      separator,
      entry('settings'),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
  return [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        entry('open'),
        recentMenu(actions, recent),
        separator,
        entry('save-result'),
        entry('save-run'),
        separator,
        entry('run'),
        entry('cancel'),
        separator,
        ...(mac ? [{ role: 'close' } as const] : [entry('settings'), separator, { role: 'quit' } as const]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        edit('undo'),
        edit('redo'),
        separator,
        edit('cut'),
        edit('copy'),
        edit('paste'),
        separator,
        entry('select-all'),
      ],
    },
    {
      label: '&View',
      submenu: [
        entry('palette'),
        entry('find'),
        separator,
        { role: 'zoomIn' },
        // Plus is Shift and = on most keyboards: the key alone must work, too.
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        separator,
        ...themeEntries(actions, theme),
        separator,
        entry('present'),
        // Without its usual key, which presents.
        { role: 'togglefullscreen', accelerator: 'Shift+F11' },
      ],
    },
    {
      label: '&Play',
      submenu: [
        entry('play'),
        separator,
        entry('step-forward'),
        entry('step-back'),
        separator,
        entry('to-start'),
        entry('to-end'),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    {
      role: 'help',
      label: '&Help',
      submenu: [
        entry('guide'),
        entry('keys'),
        { label: 'Show &log folder', click: actions.showLogFolder },
        ...(mac ? [] : [entry('about')]),
      ],
    },
  ];
}

/**
 * The accelerator of a key. One without Ctrl is shown and not registered: Space would never get into a text field. A Mac
 * registers all that it shows.
 */
function acceleratorOf(key: string, mac: boolean): MenuItemConstructorOptions {
  if (key.startsWith('Mod+')) return { accelerator: key.replace('Mod', 'CmdOrCtrl') };
  return mac ? {} : { accelerator: key, registerAccelerator: false };
}

const EDIT_ROLES = ['undo', 'redo', 'cut', 'copy', 'paste'] as const;
type EditRole = (typeof EDIT_ROLES)[number];

function canEdit(role: EditRole, { editing, copying }: EnabledInMenu): boolean {
  return role === 'copy' ? copying : editing;
}

/** Before the page has said anything: it runs the commands. */
export const NOTHING_ENABLED: EnabledInMenu = { ids: [], editing: false, copying: false };

/** Greys the entries of the menu that have nothing to do, and no others. */
export function enableEntries(
  entryOf: (id: string) => { enabled: boolean } | null | undefined,
  enabled: EnabledInMenu,
): void {
  const set = (id: string, isEnabled: boolean): void => {
    const item = entryOf(id);
    if (item) item.enabled = isEnabled;
  };
  for (const id of MENU_COMMAND_IDS) set(id, enabled.ids.includes(id));
  for (const role of EDIT_ROLES) set(role, canEdit(role, enabled));
}

/** As in the window's settings, in the same order. */
const THEMES: readonly (readonly [Theme, string])[] = [
  ['light', '&Light'],
  ['dark', '&Dark'],
  ['system', '&As the system'],
];

function themeEntries({ setTheme }: MenuActions, theme: Theme): MenuItemConstructorOptions[] {
  return THEMES.map(([name, label]) => ({
    label,
    type: 'radio' as const,
    checked: name === theme,
    click: () => {
      setTheme(name);
    },
  }));
}

function recentMenu(
  { openRecent, clearRecent }: MenuActions,
  recent: readonly RecentFile[],
): MenuItemConstructorOptions {
  const entries = recent.map(({ id, name, folder }): MenuItemConstructorOptions => ({
    // A single ampersand would underline the letter behind it.
    label: printable(name).replaceAll('&', '&&'),
    toolTip: folder,
    click: () => {
      openRecent(id);
    },
  }));
  return {
    label: 'Open &recent',
    enabled: entries.length > 0,
    submenu: [...entries, { type: 'separator' }, { label: 'Clear this list', click: clearRecent }],
  };
}
