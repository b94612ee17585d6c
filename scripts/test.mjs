// @ts-check
// `npm test`: sets the machine up, runs every part of `npm run check` (those that run no tests side by side), builds and
// packages the app and lets Playwright drive it. With arguments (`npm test -- -g save`) only Playwright's part, with
// these arguments. The last line counts the tests.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureBuild } from './build.mjs';
import { run } from './commands.mjs';
import { withDisplay } from './display.mjs';
import { ensureElectronRuntime } from './install-electron-runtime.mjs';
import { packageForTests } from './package.mjs';
import './own-caches.mjs';
import { createSteps, outcomeOf } from './steps.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';
import { ensureTerminal } from './terminal-build.mjs';
import { NO_TESTS, countPlaywright, countVitest, countsLine, field } from './test-counts.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */
/** @typedef {import('./test-counts.mjs').TestCounts} TestCounts */

const PROJECT = path.resolve(import.meta.dirname, '..');
const REPORTS = path.join(PROJECT, 'out', 'test-reports');
const VITEST_REPORT = path.join(REPORTS, 'vitest.json');
const PLAYWRIGHT_REPORT = path.join(REPORTS, 'playwright.json');
/** The part of `npm run check` that runs tests: it is asked for a report besides. */
const UNIT_PART = 'npm run unit';

/** The programs of the installed packages are found as in an npm script, also where this file is run by hand. */
const ENV = {
  ...process.env,
  PATH: [path.join(PROJECT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(path.delimiter),
};

const steps = createSteps();

/**
 * @param {string} file
 * @returns {Promise<unknown>} undefined where no report was written
 */
async function readReport(file) {
  try {
    /** @type {unknown} */
    const report = JSON.parse(await readFile(file, 'utf8'));
    return report;
  } catch {
    return undefined;
  }
}

/** @returns {Promise<readonly string[]>} the parts of `npm run check`, as package.json has them */
async function partsOfCheck() {
  /** @type {unknown} */
  const manifest = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8'));
  const scripts = field(manifest, 'scripts');
  return String(field(scripts, 'check')).split(' && ');
}

/** @returns {Promise<boolean>} whether there is all that the tests need to run on */
async function setUp() {
  return await steps.step('machine', async () => {
    const runtime = await ensureElectronRuntime();
    if (!runtime.ok) return runtime;
    return await ensureSystemLibraries({ runtimeFolder: runtime.value.folder, forTests: true });
  });
}

/**
 * What judges the sources runs side by side; the unit tests, which measure times, run alone behind it.
 * @returns {Promise<TestCounts>}
 */
async function check() {
  const parts = await partsOfCheck();
  const judges = parts.filter((part) => part !== UNIT_PART);
  await steps.sideBySide(judges, { atOnce: availableParallelism(), cwd: PROJECT, env: ENV });
  const unit = `${UNIT_PART} -- --reporter=default --reporter=json --outputFile.json="${VITEST_REPORT}"`;
  await steps.step(UNIT_PART, async () => {
    return outcomeOf(await run(unit, [], { cwd: PROJECT, env: ENV, show: true, shell: true }));
  });
  return countVitest(await readReport(VITEST_REPORT));
}

/** @returns {Promise<Outcome<void>>} the app and the terminal command, as far as they are not built already */
async function build() {
  const app = await ensureBuild(PROJECT);
  if (!app.ok) return app;
  const terminal = await ensureTerminal(PROJECT);
  return terminal.ok ? { ok: true, value: undefined } : terminal;
}

/**
 * @param {readonly string[]} args for Playwright
 * @returns {Promise<TestCounts>}
 */
async function playwright(args) {
  const cli = path.join(PROJECT, 'node_modules', '@playwright', 'test', 'cli.js');
  const all = [cli, 'test', '--config', path.join('e2e', 'playwright.config.ts'), '--reporter=list,json'];
  await steps.step('playwright', async () => {
    /**
     * @param {NodeJS.ProcessEnv} env
     * @returns {Promise<Outcome<void>>}
     */
    const drive = async (env) => {
      const ended = await run(process.execPath, [...all, ...args], {
        cwd: PROJECT,
        env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT },
        show: true,
      });
      return outcomeOf(ended);
    };
    if (process.platform !== 'linux') return await drive(ENV);
    const driven = await withDisplay((env) => drive({ ...env, PATH: ENV.PATH }));
    return driven.ok ? driven.value : driven;
  });
  return countPlaywright(await readReport(PLAYWRIGHT_REPORT));
}

const args = process.argv.slice(2);
await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS, { recursive: true });
/** @type {TestCounts[]} */
const counts = [NO_TESTS];
if (await setUp()) {
  if (args.length === 0) counts.push(await check());
  if (await steps.step('build', build)) {
    // The tests that install the package are in e2e/desktop and run on Linux alone.
    const others = args.some((arg) => arg.endsWith('.spec.ts') && !arg.includes('desktop'));
    if (process.platform === 'linux' && !others) await steps.step('package', () => packageForTests());
    counts.push(await playwright(args));
  }
}
console.log(steps.failed.length === 0 ? '' : `\nFailed: ${steps.failed.join(', ')}`);
console.log(countsLine(counts));
process.exitCode = steps.failed.length === 0 ? 0 : 1;
