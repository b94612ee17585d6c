// @ts-check
// `npm run package`: builds the app, packages it for this system, and prints what was built, its size, what was left out and
// why. `npm run package -- deb` builds only what is named. With --all-or-nothing it fails where something was left out, or
// where there is only the stand-in Electron.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builderConfig } from '../packaging/builder-config.mjs';
import { ensureBuild, sourceStamp } from './build.mjs';
import { ensureElectronRuntime } from './install-electron-runtime.mjs';
import { STAND_IN_VERSION } from './electron-stand-in.mjs';
import { field } from './test-counts.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */
/** @typedef {import('./install-electron-runtime.mjs').ElectronRuntime} ElectronRuntime */

const PROJECT = path.resolve(import.meta.dirname, '..');
const PACKAGING = path.join(PROJECT, 'packaging');
const OUTPUT = path.join(PROJECT, 'dist', 'packages');
const OUTPUT_FOR_TESTS = path.join(PROJECT, 'dist', 'for-tests');
/** The kinds of Linux packages, and the programs of which each needs one. */
const LINUX_TARGETS = [
  { target: 'deb', programs: ['dpkg-deb'], from: 'dpkg' },
  { target: 'rpm', programs: ['rpmbuild'], from: 'rpm' },
  { target: 'tar.gz', programs: ['7zz', '7za'], from: 'p7zip-full' },
  // electron-builder downloads its tool.
  { target: 'AppImage', programs: [], from: '' },
];
const ALL_OR_NOTHING = '--all-or-nothing';
const SEVEN_ZIPS = ['7zz', '7za'];

/** @param {string} name */
function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/**
 * The version of a package with the stand-in names it, and is older than any release (Semantic Versioning 11).
 * @param {string} version
 * @param {boolean} standIn
 */
export function packageVersion(version, standIn) {
  return standIn ? `${version}-standin` : version;
}

/**
 * @param {ElectronRuntime} runtime
 * @param {string} output
 * @param {boolean} quickly
 */
async function configFor(runtime, output, quickly) {
  /** @type {unknown} */
  const manifest = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8'));
  /** @type {unknown} */
  const electron = JSON.parse(
    await readFile(path.join(PROJECT, 'node_modules', 'electron', 'package.json'), 'utf8'),
  );
  return builderConfig({
    platform: process.platform,
    version: packageVersion(String(field(manifest, 'version')), runtime.standIn),
    electronVersion: runtime.standIn ? STAND_IN_VERSION : String(field(electron, 'version')),
    // Electron's own is downloaded again for the packaged architecture, and verified.
    runtimeFolder: runtime.standIn ? runtime.folder : undefined,
    output,
    quickly,
  });
}

/** Makes electron-builder use programs of this system in place of downloads. */
function useProgramsOfSystem() {
  if (process.platform !== 'linux') return;
  process.env.CUSTOM_FPM_PATH ??= path.join(PACKAGING, 'fpm.mjs');
  const sevenZip = SEVEN_ZIPS.map(findProgram).find((found) => found !== undefined);
  if (sevenZip !== undefined) process.env.ELECTRON_BUILDER_7ZIP_PATH ??= sevenZip;
  // Only the tar.gz is made by it. Its best level takes ten times as long for a few percent less.
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= '5';
}

/**
 * @param {unknown} error
 * @returns {string} a sentence on why a kind of package could not be built
 */
function reason(error) {
  const text = error instanceof Error ? error.message : String(error);
  const first = text.split('\n')[0] ?? text;
  const notReached = /getaddrinfo \S+ (\S+)/.exec(first)?.[1];
  if (notReached === undefined) return `${first}.`;
  return `its tool is a download from ${notReached}, which could not be reached. Run this again where it can.`;
}

/**
 * Builds what a Linux machine can: first the app's folder, then each kind of package from it.
 * @param {ElectronRuntime} runtime
 * @param {readonly string[]} wanted kinds of package; all where none is named
 * @returns {Promise<readonly string[]>} a sentence for each that was left out
 */
async function packageForLinux(runtime, wanted) {
  const { build, Platform } = await import('electron-builder');
  // A build changes its configuration, so each gets its own.
  const config = async () => await configFor(runtime, OUTPUT, false);
  await build({ targets: Platform.LINUX.createTarget('dir'), config: await config() });
  /** @type {string[]} */
  const leftOut = [];
  for (const { target, programs, from } of LINUX_TARGETS) {
    if (wanted.length > 0 && !wanted.includes(target)) continue;
    if (programs.length > 0 && programs.every((name) => findProgram(name) === undefined)) {
      leftOut.push(
        `${target} was left out: it is made by ${programs.join(' or ')}, which is not installed (Debian’s package is ${from}).`,
      );
      continue;
    }
    try {
      const prepackaged = path.join(OUTPUT, 'linux-unpacked');
      await build({ targets: Platform.LINUX.createTarget(target), prepackaged, config: await config() });
    } catch (error) {
      leftOut.push(`${target} was left out: ${reason(error)}`);
    }
  }
  return leftOut;
}

/**
 * macOS and Windows have all tools, or electron-builder can download them.
 * @param {ElectronRuntime} runtime
 */
async function packageForOthers(runtime) {
  const { build } = await import('electron-builder');
  await build({ config: await configFor(runtime, OUTPUT, false) });
  return [];
}

/**
 * A stamp of the sources of the tests' package.
 * @param {ElectronRuntime} runtime
 */
async function packageStamp(runtime) {
  const hash = createHash('sha256').update(await sourceStamp(PROJECT));
  const files = (await readdir(PACKAGING, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...files, path.join(runtime.folder, 'version'), import.meta.filename]) {
    hash.update(`${path.relative(PROJECT, file)}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

/**
 * Packages the app as an uncompressed deb, for the tests that install it, unless that is done already.
 * @param {(line: string) => void} [say]
 * @returns {Promise<Outcome<void>>}
 */
export async function packageForTests(say = console.log) {
  const runtime = await ensureElectronRuntime();
  if (!runtime.ok) return runtime;
  const built = await ensureBuild(PROJECT);
  if (!built.ok) return built;
  const stamp = await packageStamp(runtime.value);
  const stampFile = path.join(OUTPUT_FOR_TESTS, 'packaged-from');
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return { ok: true, value: undefined };
  say('Packaging …');
  await rm(OUTPUT_FOR_TESTS, { recursive: true, force: true });
  await mkdir(OUTPUT_FOR_TESTS, { recursive: true });
  useProgramsOfSystem();
  try {
    const { build, Platform } = await import('electron-builder');
    const config = await configFor(runtime.value, OUTPUT_FOR_TESTS, true);
    await build({ targets: Platform.LINUX.createTarget('deb'), config });
  } catch (error) {
    return { ok: false, message: `The app could not be packaged: ${String(error)}` };
  }
  await writeFile(stampFile, stamp);
  return { ok: true, value: undefined };
}

/** @returns {Promise<readonly string[]>} a line for each package, with its size */
async function packagesWithSizes() {
  const names = (await readdir(OUTPUT)).filter((name) => /\.(deb|rpm|gz|AppImage|dmg|zip|exe)$/.test(name));
  return await Promise.all(
    names.sort().map(async (name) => {
      const { size } = await stat(path.join(OUTPUT, name));
      return `${(size / 1e6).toFixed(1).padStart(8)} MB  ${path.relative(PROJECT, path.join(OUTPUT, name))}`;
    }),
  );
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Outcome<void>>}
 */
async function packageAll(args) {
  const allOrNothing = args.includes(ALL_OR_NOTHING);
  const wanted = args.filter((arg) => arg !== ALL_OR_NOTHING);
  const runtime = await ensureElectronRuntime();
  if (!runtime.ok) return runtime;
  if (allOrNothing && runtime.value.standIn) {
    return {
      ok: false,
      message: 'Only the stand-in Electron is here, and a release is never built around it.',
    };
  }
  const built = await ensureBuild(PROJECT);
  if (!built.ok) return built;
  await rm(OUTPUT, { recursive: true, force: true });
  useProgramsOfSystem();
  const leftOut =
    process.platform === 'linux'
      ? await packageForLinux(runtime.value, wanted)
      : await packageForOthers(runtime.value);
  const packages = await packagesWithSizes();
  console.log(['', ...packages, ...leftOut].join('\n'));
  if (runtime.value.standIn) {
    console.log(
      `These packages are built around the stand-in Electron ${STAND_IN_VERSION} and say so in their version: try them, do not hand them on.`,
    );
  }
  if (allOrNothing && leftOut.length > 0) {
    return { ok: false, message: 'Not all packages could be built; the lines above say which and why.' };
  }
  if (packages.length > 0) return { ok: true, value: undefined };
  return { ok: false, message: 'No package could be built; the lines above say why.' };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const packaged = await packageAll(process.argv.slice(2));
  if (!packaged.ok) {
    console.error(packaged.message);
    process.exitCode = 1;
  }
}
