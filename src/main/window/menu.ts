// The application menu, by each platform's conventions. The page handles the same keys and prevents their default, so
// the menu does not get them and nothing happens twice.

import type { MenuItemConstructorOptions } from 'electron';

import type { RecentFile, Theme } from '../../shared/ipc.ts';
import { printable } from '../../shared/trace/transcript.ts';

export interface MenuActions {
  readonly open: () => void;
  readonly openRecent: (id: number) => void;
  readonly clearRecent: () => void;
  readonly saveResult: () => void;
  readonly saveRun: () => void;
  readonly runAgain: () => void;
  readonly cancelRun: () => void;
  readonly show: (what: 'keys' | 'about' | 'settings' | 'guide' | 'find') => void;
  readonly setTheme: (theme: Theme) => void;
  readonly showLogFolder: () => void;
}

/** The menu as a template. It has no reload and no developer tools: a person should need neither. */
export function menuTemplate(
  platform: NodeJS.Platform,
  actions: MenuActions,
  recent: readonly RecentFile[],
  theme: Theme,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const about: MenuItemConstructorOptions = {
    label: 'About SocketScope',
    click: () => {
      actions.show('about');
    },
  };
  const settings: MenuItemConstructorOptions = {
    label: mac ? 'Settings…' : 'S&ettings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => {
      actions.show('settings');
    },
  };
  const appMenu: MenuItemConstructorOptions = {
    label: 'SocketScope',
    submenu: [
      about,
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
  return [
    ...(mac ? [appMenu] : []),
    {
      label: '&File',
      submenu: [
        { label: '&Open…', accelerator: 'CmdOrCtrl+O', click: actions.open },
        recentMenu(actions, recent),
        { type: 'separator' },
        { label: '&Save result…', accelerator: 'CmdOrCtrl+S', click: actions.saveResult },
        { label: 'Save r&un…', accelerator: 'CmdOrCtrl+Shift+S', click: actions.saveRun },
        { type: 'separator' },
        { label: '&Run again', accelerator: 'CmdOrCtrl+R', click: actions.runAgain },
        { label: '&Cancel run', accelerator: 'CmdOrCtrl+.', click: actions.cancelRun },
        { type: 'separator' },
        ...(mac
          ? [{ role: 'close' } as const]
          : [settings, { type: 'separator' } as const, { role: 'quit' } as const]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        {
          label: '&Find…',
          accelerator: 'CmdOrCtrl+F',
          click: () => {
            actions.show('find');
          },
        },
        { type: 'separator' },
        { role: 'zoomIn' },
        // Plus is Shift and = on most keyboards: the key alone must work, too.
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { type: 'separator' },
        ...themeEntries(actions, theme),
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    {
      role: 'help',
      label: '&Help',
      submenu: [
        {
          label: 'Show the &guide',
          accelerator: 'F1',
          click: () => {
            actions.show('guide');
          },
        },
        {
          label: '&Keys',
          click: () => {
            actions.show('keys');
          },
        },
        { label: 'Show &log folder', click: actions.showLogFolder },
        ...(mac ? [] : [about]),
      ],
    },
  ];
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
