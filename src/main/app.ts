// Wires the parts of the main process together once there is a window, and ends the app in order.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { app, Menu, nativeTheme, screen, shell, type BrowserWindow } from 'electron';
import { z } from 'zod';

import type { AppInfo } from '../shared/ipc.ts';
import type { Result } from '../shared/result.ts';
import type { RuntimeVersions } from '../shared/trace/fact.ts';
import type { StartArguments } from './start-arguments.ts';
import { removeStaleFolders } from '../engine/runs/stale-folders.ts';
import { answerCalls } from './bridge/calls.ts';
import { showInterruptedRun } from './documents/restore.ts';
import { log, logFile } from './log/log.ts';
import { startLogging } from './log/logging.ts';
import { enableEntries, menuTemplate, NOTHING_ENABLED, type MenuActions } from './window/menu.ts';
import { offerFieldMenu } from './window/field-menu.ts';
import { createNotesQuestion } from './window/notes-question.ts';
import { createNetworkQuestion } from './window/network-question.ts';
import { createOpening, type OpenOptions } from './documents/open.ts';
import { createPushes } from './bridge/pushes.ts';
import { openPortHistory } from './settings/port-history.ts';
import { watchPressedButton } from './window/pressed-button.ts';
import { askBeforeQuitting } from './window/quit-question.ts';
import { openRecentFiles } from './documents/recent-files.ts';
import { createRuns } from './documents/current-run.ts';
import { createSaving } from './documents/save.ts';
import { createPictureSaving } from './documents/save-picture.ts';
import { createProgramSaving } from './documents/save-programs.ts';
import { openSettings, withEffect, withPort } from './settings/settings.ts';
import { createPresentation } from './window/presentation.ts';
import { bringToFront, pageOrigin, placeOf, showWhenReady } from './window/window.ts';
import { openKeptPlace, placeOnScreen } from './window/window-place.ts';

/** What a second start sends. It may be of an older version, which sent every file and no count. */
const START_MESSAGE = z.object({
  files: z.array(z.string()),
  count: z.int().min(0).exactOptional(),
  port: z.int().min(0).max(65_535).nullish(),
});

/** What exists before this file is loaded. */
export interface Startup {
  readonly window: BrowserWindow;
  readonly given: StartArguments;
  /** `open` is called from now on for what the system asks to open. Returns what it has asked for before. */
  readonly openFilesBy: (open: (paths: readonly string[]) => void) => readonly string[];
}

/** Wires the parts together, shows the window, and opens what the start was given. */
export async function begin({ window, given, openFilesBy }: Startup): Promise<void> {
  const pushes = createPushes();
  let pageIsThere: () => void = () => undefined;
  const firstPage = new Promise<void>((resolve) => {
    pageIsThere = resolve;
  });
  const openLog = startLogging((text) => {
    pushes.notify({ tone: 'error', text });
    return pushes.connected;
  });
  const userData = app.getPath('userData');
  const interruptedRoot = join(userData, 'kept-runs');
  const runtime: RuntimeVersions = {
    app: app.getVersion(),
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    electron: process.versions.electron,
    chromium: process.versions.chrome,
  };
  const standInRuntime = existsSync(join(dirname(process.execPath), 'stand-in.json'));

  const warn = (text: string, cause?: unknown): void => {
    log.warn(text, cause ?? '');
  };
  const stored = openSettings(join(userData, 'settings.json'), warn);
  const portHistory = openPortHistory(join(userData, 'ports.json'), warn);
  const keptPlace = openKeptPlace(join(userData, 'window.json'), warn);
  const recent = openRecentFiles(join(userData, 'recent.json'), warn, (files) => {
    pushes.push({ type: 'recent', files });
    setMenu();
  });
  let themeChanged: () => void = () => undefined;
  const themed = withEffect(stored, ({ theme }) => {
    if (nativeTheme.themeSource === theme) return;
    nativeTheme.themeSource = theme;
    themeChanged();
  });
  const settings = given.port === undefined ? themed : withPort(themed, given.port);

  showWhenReady(
    window,
    placeOnScreen(
      keptPlace.place,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
  );
  log.info('SocketScope starts', runtime, standInRuntime ? 'on the stand-in Electron' : '');

  let placeKept: Promise<void> = Promise.resolve();
  window.on('close', () => {
    // `will-quit` waits until it is written.
    placeKept = keptPlace.keep(placeOf(window));
  });
  const openWindow = (): typeof window | undefined => (window.isDestroyed() ? undefined : window);

  const runs = createRuns({ pushes, settings: () => settings.current, runtime, portHistory });
  const saving = createSaving({
    recent,
    runs,
    pushes,
    window: openWindow,
    pressedButton: watchPressedButton(window.webContents),
  });
  const mayLoseNotes = createNotesQuestion({
    window: openWindow,
    withUnsavedNotes: () => runs.withUnsavedNotes,
    save: () => saving.saveTrace(),
    report(failure) {
      if (!failure.ok) pushes.notifyOf(failure.problem);
    },
  });
  const opening = createOpening({
    recent,
    runs,
    pushes,
    window: openWindow,
    mayReplaceRun: mayLoseNotes,
    settings: () => settings.current,
  });
  const savePrograms = createProgramSaving({
    pushes,
    window: openWindow,
    input: () => opening.source,
    saved: (path) => {
      saving.noteSaved(path);
    },
  });
  const pictures = createPictureSaving({
    runs,
    language: () => settings.current.language,
    pushes,
    window: openWindow,
    saved: (path) => {
      saving.noteSaved(path);
    },
  });
  askBeforeQuitting(window, {
    underWay: () => runs.underWay,
    withUnsavedNotes: () => runs.withUnsavedNotes,
    mayLoseNotes,
  });
  offerFieldMenu(window);
  const askToOpen = createNetworkQuestion(window, settings);

  const presentation = createPresentation(window, () => {
    pushes.push({ type: 'presentation-ended' });
  });
  answerCalls(window.webContents, pageOrigin(), {
    runs,
    opening,
    saving,
    savePrograms,
    pictures,
    settings,
    portHistory,
    recent,
    pushes,
    present: (on) => {
      presentation.set(on);
    },
    enableInMenu(now) {
      enabled = now;
      const menu = Menu.getApplicationMenu();
      enableEntries((id) => menu?.getMenuItemById(id), enabled);
    },
    async openToNetwork() {
      const changed = await askToOpen();
      // The page that asked may have been reloaded since.
      pushes.push({ type: 'settings', settings: changed });
      return changed;
    },
    pageReady(page): AppInfo {
      pushes.connect(page);
      runs.sendAgain();
      pageIsThere();
      return {
        versions: runtime,
        standInRuntime,
        settings: settings.current,
        input: opening.input,
        recent: recent.files,
        logFolder: dirname(logFile()),
      };
    },
  });

  async function openGiven(files: readonly string[], options?: OpenOptions): Promise<void> {
    await firstPage;
    await opening.openAndReport(files, options);
  }
  const openedEarly = openFilesBy((paths) => {
    void openGiven(paths);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (!window.isDestroyed()) bringToFront(window);
    const message = START_MESSAGE.safeParse(data);
    if (!message.success) log.warn('A second start handed over what makes no sense', message.error);
    else {
      const { files, count = files.length, port } = message.data;
      if (count > 0) void openGiven(files, { count, ...(typeof port === 'number' ? { port } : {}) });
    }
  });

  async function report(act: Promise<Result<unknown>>): Promise<void> {
    const done = await act;
    if (!done.ok && done.problem.code !== 'notes-kept') pushes.notifyOf(done.problem);
  }
  const menuActions: MenuActions = {
    run: (id) => {
      pushes.push({ type: 'command', id });
    },
    openRecent: (id) => void report(opening.openRecent(id)),
    clearRecent: () => void recent.clear(),
    setTheme: (theme) => {
      void settings.change({ theme }).then((changed) => {
        pushes.push({ type: 'settings', settings: changed });
      });
    },
    showLogFolder: () => {
      shell.showItemInFolder(logFile());
    },
  };
  let enabled = NOTHING_ENABLED;
  function setMenu(): void {
    const { theme } = settings.current;
    const template = menuTemplate(process.platform, menuActions, { recent: recent.files, theme, enabled });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
  setMenu();
  themeChanged = setMenu;

  app.on('window-all-closed', () => {
    app.quit();
  });
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void Promise.all([runs.close(interruptedRoot), placeKept, openLog()])
      .catch((error: unknown) => {
        log.error('What was left at the end could not be kept', error);
      })
      .finally(() => {
        ended = true;
        // In a turn of its own: Electron evaluates preventDefault() only after this event.
        setImmediate(() => {
          app.quit();
        });
      });
  });

  await firstPage;
  if (given.problem !== undefined) pushes.notifyOf(given.problem);
  const files = [...given.files, ...openedEarly];
  const count = files.length + (given.filesLeftOut ?? 0);
  if (count > 0) await opening.openAndReport(files, { count });
  else await showInterruptedRun(interruptedRoot, runs, pushes);
  await tidyUp();
}

/** Removes what runs of killed programs left. Comes last: nothing waits for it. */
async function tidyUp(): Promise<void> {
  const { removed, failed } = await removeStaleFolders();
  if (removed.length > 0) log.info('Removed what runs of programs that were killed had left', removed);
  for (const { path, cause } of failed) {
    log.warn(`What a killed program's run left in ${path} could not be removed`, cause);
  }
}
