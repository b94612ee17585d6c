// The first moments: one instance, and its window under way. app.ts has all the rest and is loaded only then, while
// Chromium starts the process of the window's page, which takes longer (`npm run bench:start`).

import { join } from 'node:path';

import { app } from 'electron';

import { fitsIntoMessage, handedOverBy, readArguments } from './start-arguments.ts';
import { declareScheme, serveApp } from './window/scheme.ts';
import { startShorter } from './shorter-start.ts';
import { confinePages, createWindow, cutOffNetwork } from './window/window.ts';

/** Files that macOS asks to open come by event, and can come before anybody can open them. */
const openedEarly: string[] = [];
let openFiles = (paths: readonly string[]): void => {
  openedEarly.push(...paths);
};
app.on('open-file', (event, path) => {
  event.preventDefault();
  openFiles([path]);
});

const { argv } = process;
const surroundings = { cwd: process.cwd(), runsAFolder: process.defaultApp };
const given = readArguments(argv, surroundings);
const handedOver = handedOverBy(given);
if (!fitsIntoMessage(argv, surroundings.cwd, handedOver)) {
  app.exit(startShorter(argv, surroundings));
} else if (app.requestSingleInstanceLock({ ...handedOver })) {
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
    endWithoutLock(handedOver);
  });
}
