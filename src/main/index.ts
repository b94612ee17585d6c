// The start of the main process: makes sure of one instance and creates the window. The rest of the app is loaded only
// then, while Chromium starts the renderer process, which takes longer (`npm run bench:start`).

import { join } from 'node:path';

import { app } from 'electron';

import { fitsIntoMessage, startMessageOf, readArguments } from './start-arguments.ts';
import { declareScheme, serveApp } from './window/scheme.ts';
import { startShorter } from './shorter-start.ts';
import { confinePages, createWindow, cutOffNetwork } from './window/window.ts';

/** macOS sends files to open as events, which can arrive before the app is loaded. */
const openedEarly: string[] = [];
let openFiles = (paths: readonly string[]): void => {
  openedEarly.push(...paths);
};
app.on('open-file', (event, path) => {
  event.preventDefault();
  openFiles([path]);
});

const { argv } = process;
const environment = { cwd: process.cwd(), runsAFolder: process.defaultApp };
const given = readArguments(argv, environment);
const message = startMessageOf(given);
if (!fitsIntoMessage(argv, environment.cwd, message)) {
  app.exit(startShorter(argv, environment));
} else if (app.requestSingleInstanceLock({ ...message })) {
  declareScheme();
  cutOffNetwork();
  void app.whenReady().then(async () => {
    serveApp(join(import.meta.dirname, '../renderer'));
    confinePages();
    const window = createWindow();
    const { begin } = await import('./app.ts');
    await begin({
      window,
      given,
      openFilesBy(open) {
        openFiles = open;
        return openedEarly;
      },
    });
  });
} else {
  void import('./second-start.ts').then(({ endWithoutLock }) => {
    endWithoutLock(message);
  });
}
