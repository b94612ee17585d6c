// The one window. Its page is sandboxed, cannot navigate and is granted no permission.

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

/** A renderer that ends again so soon is not reloaded. */
const ENDED_AGAIN_WITHIN_MS = 10_000;

/** The development server's address while `npm run dev` runs it; never in a packaged app. */
function devServerUrl(): string | undefined {
  return app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
}

/** The origin of the window's page. Calls from any other are refused. */
export function pageOrigin(): string {
  const devUrl = devServerUrl();
  return devUrl === undefined ? APP_ORIGIN : new URL(devUrl).origin;
}

function pageUrl(): string {
  return devServerUrl() ?? APP_PAGE;
}

/**
 * Cuts Chromium off from the network: the window needs none, and a content policy does not cover WebRTC and DNS prefetch.
 * No name and no address resolves. The sockets of a run are Node's and are not affected. Must be called before the app is
 * ready.
 */
export function cutOffNetwork(): void {
  if (devServerUrl() === undefined) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Forbids the page to navigate, to open windows and to embed other pages. */
function confine(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    // A page may only reload itself.
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
  // UDP needs no name to be resolved: only this policy keeps WebRTC from sending it.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Confines every page and denies downloads and permissions. Call once, when the app is ready, before the window is made. */
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

/** Creates the window, not yet shown, and starts to load its page. */
export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    title: 'SocketScope',
    // Windows and macOS read it from the program. On Linux a desktop knows it only from an installed desktop entry.
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
    // The run is in main and goes on: the reloaded page asks for all of it again.
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

/** Moves the window to `place` and shows it as soon as its page is drawn. */
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

/** Brings the window to the front, also where it is minimized or hidden. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
