// @ts-check
// The loader that `electron .` needs: the stand-in Electron is a packaged program's and comes without one. It is copied
// to resources/default_app.asar/ beside the binary, finds the app on the command line and hands on to its entry.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/**
 * What an app loader may call beyond the documented API, as Electron's own default app does.
 * @typedef {Electron.App & {
 *   setVersion(version: string): void,
 *   setDesktopName(name: string): void,
 *   setAppPath(path: string): void,
 * }} LoaderApp
 */

/**
 * @param {Electron.App} candidate
 * @returns {candidate is LoaderApp}
 */
function canLoad(candidate) {
  return 'setVersion' in candidate && 'setDesktopName' in candidate && 'setAppPath' in candidate;
}

/**
 * Reads the arguments up to the app's path; what follows belongs to the app.
 * @param {readonly string[]} args without the binary
 * @returns {{ readonly preloads: readonly string[], readonly appPath?: string }}
 */
function readArguments(args) {
  /** @type {string[]} */
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (arg === '-r' || arg === '--require') {
      index += 1;
      const preload = args[index];
      if (preload !== undefined) preloads.push(preload);
    } else if (!arg.startsWith('-')) {
      return { preloads, appPath: path.resolve(arg) };
    }
  }
  return { preloads };
}

/**
 * @param {string} folder
 * @returns {Readonly<Record<string, unknown>> | undefined} undefined where the folder has no package.json
 */
function readManifest(folder) {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? { ...manifest } : {};
}

/**
 * @param {LoaderApp} loader
 * @param {string} appPath a folder with a package.json, or a file of JavaScript
 */
async function load(loader, appPath) {
  Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true });
  const manifest = readManifest(appPath);
  const name = manifest?.productName ?? manifest?.name;
  const version = manifest?.version;
  if (typeof version === 'string') loader.setVersion(version);
  if (typeof name === 'string') {
    loader.name = name;
    const desktopName = manifest?.desktopName;
    loader.setDesktopName(typeof desktopName === 'string' ? desktopName : `${name}.desktop`);
  }
  const entry = createRequire(import.meta.url).resolve(appPath);
  loader.setAppPath(manifest === undefined ? path.dirname(entry) : appPath);
  await import(pathToFileURL(entry).href);
}

if (!canLoad(app))
  throw new Error(`Electron ${process.versions.electron} is not the one this loader was made for.`);
const { preloads, appPath } = readArguments(process.argv.slice(1));
const require = createRequire(path.join(process.cwd(), 'package.json'));
for (const preload of preloads) require(preload);
if (appPath === undefined) {
  console.error('Name the app to run: electron FOLDER, or electron FILE.js');
  app.exit(1);
} else {
  try {
    // Awaited at the top level: Electron holds `ready` back until this module has run.
    await load(app, appPath);
  } catch (cause) {
    console.error(`The app at ${appPath} could not be loaded.`, cause);
    app.exit(1);
  }
}
