// The app's life once its window is under way: the parts wired together, and an orderly end. index.ts begins it. What
// happens in between is in open.ts (files), current-run.ts (runs), save.ts (saving) and calls.ts (what the window asks for).

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
import { menuTemplate, type MenuActions } from './window/menu.ts';
import { createNetworkQuestion } from './window/network-question.ts';
import { createOpening, type HowCame } from './documents/open.ts';
import { createPushes } from './bridge/pushes.ts';
import { openPortHistory } from './settings/port-history.ts';
import { watchPressedButton } from './window/pressed-button.ts';
import { askBeforeQuitting } from './window/quit-question.ts';
import { openRecentFiles } from './documents/recent-files.ts';
import { createRuns } from './documents/current-run.ts';
import { createSaving } from './documents/save.ts';
import { openSettings, withEffect, withPort } from './settings/settings.ts';
import { bringToFront, pageOrigin, placeOf, showWhenReady } from './window/window.ts';
import { openKeptPlace, placeOnScreen } from './window/window-place.ts';

/** What a second start hands to the first: of another version maybe, which named every file and no count. */
const HANDED_OVER = z.object({
  files: z.array(z.string()),
  count: z.int().min(0).exactOptional(),
  port: z.int().min(0).max(65_535).nullish(),
});

/** What index.ts hands over. */
export interface Begun {
  readonly window: BrowserWindow;
  readonly given: StartArguments;
  /** From now on `open` opens what the system asks to open. Gives back what it has asked for until now. */
  readonly openFilesBy: (open: (paths: readonly string[]) => void) => readonly string[];
}

/** Wires the parts together, shows the window, and opens what the start was given. */
export async function begin({ window, given, openFilesBy }: Begun): Promise<void> {
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
  let lookChanged: () => void = () => undefined;
  const themed = withEffect(stored, ({ theme }) => {
    if (nativeTheme.themeSource === theme) return;
    nativeTheme.themeSource = theme;
    lookChanged();
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
  const opening = createOpening({
    recent,
    runs,
    pushes,
    window: openWindow,
    settings: () => settings.current,
  });
  const saving = createSaving({
    recent,
    runs,
    pushes,
    window: openWindow,
    pressedButton: watchPressedButton(window.webContents),
  });
  askBeforeQuitting(window, () => runs.underWay);
  const askToOpen = createNetworkQuestion(window, settings);

  answerCalls(window.webContents, pageOrigin(), {
    runs,
    opening,
    saving,
    settings,
    portHistory,
    recent,
    async openToNetwork() {
      const changed = await askToOpen();
      // The page that asked may have been loaded anew since.
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

  async function openGiven(files: readonly string[], how?: HowCame): Promise<void> {
    await firstPage;
    await opening.openAndReport(files, how);
  }
  const openedEarly = openFilesBy((paths) => {
    void openGiven(paths);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (!window.isDestroyed()) bringToFront(window);
    const handedOver = HANDED_OVER.safeParse(data);
    if (!handedOver.success) log.warn('A second start handed over what makes no sense', handedOver.error);
    else {
      const { files, count = files.length, port } = handedOver.data;
      if (count > 0) void openGiven(files, { count, ...(typeof port === 'number' ? { port } : {}) });
    }
  });

  async function tell(act: Promise<Result<unknown>>): Promise<void> {
    const done = await act;
    if (!done.ok) pushes.notifyOf(done.problem);
  }
  const menuActions: MenuActions = {
    open: () => void tell(opening.choose()),
    openRecent: (id) => void tell(opening.openRecent(id)),
    clearRecent: () => void recent.clear(),
    saveResult: () => void tell(saving.saveResult()),
    saveRun: () => void tell(saving.saveTrace()),
    runAgain: () => void tell(opening.runCurrent()),
    cancelRun: () => {
      runs.cancel();
    },
    show: (what) => {
      pushes.push({ type: 'show', what });
    },
    look: (theme) => {
      void settings.change({ theme }).then((changed) => {
        pushes.push({ type: 'settings', settings: changed });
      });
    },
    showLogFolder: () => {
      shell.showItemInFolder(logFile());
    },
  };
  function setMenu(): void {
    const { theme } = settings.current;
    const template = menuTemplate(process.platform, menuActions, recent.files, theme);
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
  setMenu();
  lookChanged = setMenu;

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
        // In a turn of its own: Electron takes note of preventDefault() only after this event is through.
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

/** Removes what runs of killed programs left. Comes last: nobody waits for it. */
async function tidyUp(): Promise<void> {
  const { removed, failed } = await removeStaleFolders();
  if (removed.length > 0) log.info('Removed what runs of programs that were killed had left', removed);
  for (const { path, cause } of failed) {
    log.warn(`What a killed program's run left in ${path} could not be removed`, cause);
  }
}
