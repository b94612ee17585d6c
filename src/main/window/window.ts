// The one window: an unprivileged page that can go nowhere and is granted nothing. index.ts makes it, calls.ts talks to it.

import { join } from 'node:path';

import { app, BrowserWindow, dialog, nativeTheme, session, type WebContents } from 'electron';

import windowIcon from '../../../packaging/icons/app/128x128.png?asset';
import { log, logFile } from '../log/log.ts';
import type { WindowPlace } from './window-place.ts';
import { APP_ORIGIN, APP_PAGE } from './served-files.ts';

/** The colours of the page's background (renderer's `--bg`), so that it does not flash while it loads. */
const GROUND = { dark: '#0e1116', light: '#fbfcfd' } as const;

/** At the very first start, in device-independent pixels. */
const FIRST_SIZE = { width: 1440, height: 900 } as const;

/** A page that ends again so soon will not get better by loading it once more. */
const ENDED_AGAIN_WITHIN_MS = 10_000;

/** The development server's address while `npm run dev` runs it; never in a packaged app. */
function devServerUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
}

/** The origin the window's page must have. Calls of any other are refused. */
export function pageOrigin(): string {
  const devUrl = devServerUrl();
  return devUrl === undefined ? APP_ORIGIN : new URL(devUrl).origin;
}

function pageUrl(): string {
  return devServerUrl() ?? APP_PAGE;
}

/**
 * Takes the network away from Chromium: the window needs none, and a content policy does not reach everything (WebRTC,
 * names looked up in advance). No name and no address leads anywhere; the sockets of a run are Node's and do not ask
 * Chromium. Must be called before the app is ready.
 */
export function cutOffNetwork(): void {
  if (devServerUrl() === undefined) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Takes away what any page could try: to leave, to open windows, to embed others, to download, to be granted something. */
function confine(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    // Loading itself anew is all that a page may do.
    if (event.isMainFrame && event.url === contents.getURL()) return;
    log.warn(`Refused to navigate to ${event.url}`);
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    log.warn(`Refused to open a window for ${url}`);
    return { action: 'deny' };
  });
  // UDP is sent without looking anything up: only with this policy does WebRTC send none.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Confines every page there will ever be. Call once, when the app is ready and before the window is made. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    confine(contents);
  });
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event) => {
    event.preventDefault();
  });
  session.defaultSession.setSpellCheckerEnabled(false);
}

function ground(): string {
  return nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light;
}

/** Makes the window and begins to load its page. `showWhenReady` shows it. */
export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    title: 'SocketScope',
    // Windows and macOS take it from the program; on Linux only a desktop that finds our entry would know it.
    ...(process.platform === 'linux' ? { icon: windowIcon } : {}),
    ...FIRST_SIZE,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: ground(),
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: devServerUrl() !== undefined,
    },
  });
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(ground());
  });

  let lastEndMs = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.error(`The window's process ended: ${reason} (${String(exitCode)})`);
    const again = Date.now() - lastEndMs < ENDED_AGAIN_WITHIN_MS;
    lastEndMs = Date.now();
    // The run is in main and goes on: the page, loaded anew, asks for all of it again.
    if (!again) window.webContents.reload();
    else
      dialog.showErrorBox('SocketScope', `The window ended twice in a row. The log says how: ${logFile()}.`);
  });
  window.webContents.on('unresponsive', () => {
    log.warn('The page does not answer.');
  });

  window.loadURL(pageUrl()).catch((error: unknown) => {
    log.error(`Cannot load ${pageUrl()}`, error);
  });
  return window;
}

/** Puts the window where it was when it was closed last, and shows it as soon as there is something in it. */
export function showWhenReady(window: BrowserWindow, place: WindowPlace | undefined): void {
  if (place !== undefined) window.setBounds(place.bounds);
  window.once('ready-to-show', () => {
    if (place?.maximized === true) window.maximize();
    window.show();
  });
}

/** Where the window is now, to be kept for the next start. */
export function placeOf(window: BrowserWindow): WindowPlace {
  // Normal bounds are those of a window that is neither maximized nor minimized nor of the whole screen.
  return { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
}

/** Brings the window to the front, whatever had become of it. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
