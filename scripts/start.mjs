// @ts-check
// `npm start` and `npm run dev`: checks that the window has what it needs (a display, Electron, system libraries, a build),
// reports in a sentence what is missing, and launches the app.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuild } from './build.mjs';
import { run } from './commands.mjs';
import { ensureElectronRuntime } from './install-electron-runtime.mjs';
import { USAGE, isNoise, planStart, sandboxForbidden, isSandboxError } from './start-plan.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/** @typedef {import('./install-electron-runtime.mjs').ElectronRuntime} ElectronRuntime */
/** @typedef {import('./start-plan.mjs').StartPlan} StartPlan */

const PROJECT = path.resolve(import.meta.dirname, '..');

/** @param {string} helper path of chrome-sandbox */
function isRootsHelper(helper) {
  const found = statSync(helper, { throwIfNoEntry: false });
  return found?.uid === 0 && (found.mode & 0o4000) !== 0;
}

/** Ubuntu's AppArmor grants namespaces by program: Electron may have one where unshare may not. */
function isGrantedByProgram() {
  try {
    return readFileSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', 'utf8').trim() === '1';
  } catch {
    return false;
  }
}

/**
 * @param {ElectronRuntime} runtime
 * @returns {Promise<boolean>} true where Chromium certainly cannot build its sandbox
 */
async function isSandboxForbidden(runtime) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return false;
  if (isRootsHelper(path.join(runtime.folder, 'chrome-sandbox')) || isGrantedByProgram()) return false;
  const probe = await run('unshare', ['-Ur', 'true']);
  return probe.startError === undefined && probe.status !== 0;
}

/**
 * Launches the app and waits for its end.
 * @param {ElectronRuntime} runtime
 * @param {StartPlan} plan
 * @returns {Promise<number>} exit code
 */
function launch(runtime, plan) {
  const devServer = path.join(PROJECT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const [command, args] = plan.dev
    ? [process.execPath, [devServer, 'dev', '--', ...plan.switches, ...plan.appArgs]]
    : [runtime.binary, [...plan.switches, PROJECT, ...plan.appArgs]];
  return new Promise((resolve) => {
    const app = spawn(command, args, { cwd: PROJECT, stdio: ['inherit', 'inherit', 'pipe'] });
    let sandboxRefused = false;
    createInterface({ input: app.stderr }).on('line', (line) => {
      if (isSandboxError(line)) sandboxRefused = true;
      else if (!isNoise(line)) process.stderr.write(`${line}\n`);
    });
    let asked = 0;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      asked += 1;
      if (asked > 1) app.kill('SIGKILL');
      // Ctrl+C in a terminal sends SIGINT to the app, too, and a second one would interrupt its clean end.
      else if (signal !== 'SIGINT' || !process.stdin.isTTY) app.kill('SIGTERM');
    };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
    app.once('error', (error) => {
      console.error(
        `Electron at ${command} could not be started (${error.message}): run \`npm ci\` and start again.`,
      );
      resolve(1);
    });
    app.once('close', (code, signal) => {
      if (sandboxRefused) {
        console.error(sandboxForbidden(path.join(runtime.folder, 'chrome-sandbox')));
        resolve(1);
      } else {
        // By the shells' convention: 128 and the signal's number.
        resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
      }
    });
  });
}

/** @returns {Promise<number>} exit code */
async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const plan = planStart({
    args,
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    uid: process.getuid?.(),
    isFile: existsSync,
  });
  if (!plan.ok) return fail(plan.message);
  const runtime = await ensureElectronRuntime();
  if (!runtime.ok) return fail(runtime.message);
  const libraries = await ensureSystemLibraries({ runtimeFolder: runtime.value.folder, forTests: false });
  if (!libraries.ok) return fail(libraries.message);
  if (await isSandboxForbidden(runtime.value)) {
    return fail(sandboxForbidden(path.join(runtime.value.folder, 'chrome-sandbox')));
  }
  if (!plan.value.dev) {
    const build = await ensureBuild(PROJECT);
    if (!build.ok) return fail(build.message);
  }
  for (const notice of plan.value.notices) console.log(notice);
  return await launch(runtime.value, plan.value);
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  return 1;
}

process.exitCode = await main();
