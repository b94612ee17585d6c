// The first moments: one instance, and its window under way. app-life.ts has all the rest and is loaded only then, while
// Chromium starts the process of the window's page, which takes longer (`npm run bench:start`).

import { basename, join } from 'node:path';

import { app } from 'electron';

import { readArguments } from './arguments.ts';
import { declareScheme, serveApp } from './scheme.ts';
import { confinePages, createWindow, cutOffNetwork } from './window.ts';

/** Files that macOS asks to open come by event, and can come before anybody can open them. */
const openedEarly: string[] = [];
let openFiles = (paths: readonly string[]): void => {
  openedEarly.push(...paths);
};
app.on('open-file', (event, path) => {
  event.preventDefault();
  openFiles([path]);
});

const given = readArguments(process.argv, { cwd: process.cwd(), runsAFolder: process.defaultApp });
if (app.requestSingleInstanceLock({ files: given.files, cwd: process.cwd(), port: given.port ?? null })) {
  declareScheme();
  cutOffNetwork();
  void app.whenReady().then(async () => {
    serveApp(join(import.meta.dirname, '../renderer'));
    confinePages();
    const window = createWindow();
    const { begin } = await import('./app-life.ts');
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
  const names = given.files.map((file) => basename(file)).join(', ');
  const what = names === '' ? 'its window was brought to the front' : `${names} was handed to its window`;
  process.stdout.write(`SocketScope is already open: ${what}.\n`);
  app.exit(0);
}
