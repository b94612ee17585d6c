// @ts-check
// `npm test`: installs what the tests need, runs the parts of `npm run check` side by side, builds and packages the app, and
// runs the end-to-end tests, first in several workers and then, for those that must be alone, in one. With arguments
// (`npm test -- -g save`) it runs only Playwright, with these arguments. The last line counts the tests.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ensureBuild } from './build.mjs';
import { run } from './commands.mjs';
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
/** Each worker runs an app of several processes. */
const MAX_WORKERS = 2;
/** The part of `npm run check` that runs tests: it also writes a report. */
const UNIT_PART = 'npm run unit';

/** Has the programs of the installed packages on the path, as in an npm script, also where this file is run by hand. */
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

/** @returns {Promise<boolean>} whether everything that the tests need is installed */
async function setUp() {
  return await steps.step('machine', async () => {
    const runtime = await ensureElectronRuntime();
    if (!runtime.ok) return runtime;
    return await ensureSystemLibraries({ runtimeFolder: runtime.value.folder, forTests: true });
  });
}

/**
 * The unit tests come first: one of them waits for a minute without using a processor.
 * @returns {Promise<TestCounts>}
 */
async function check() {
  const parts = await partsOfCheck();
  const unit = `${UNIT_PART} -- --reporter=default --reporter=json --outputFile.json="${VITEST_REPORT}"`;
  const checks = parts.filter((part) => part !== UNIT_PART);
  const all = [{ name: UNIT_PART, line: unit }, ...checks];
  await steps.sideBySide(all, { atOnce: availableParallelism(), cwd: PROJECT, env: ENV });
  return countVitest(await readReport(VITEST_REPORT));
}

/**
 * Builds the app and the terminal command where they are not built already.
 * @returns {Promise<Outcome<void>>}
 */
async function build() {
  const app = await ensureBuild(PROJECT);
  if (!app.ok) return app;
  const terminal = await ensureTerminal(PROJECT);
  return terminal.ok ? { ok: true, value: undefined } : terminal;
}

/**
 * @param {string} name of the step
 * @param {readonly string[]} args for Playwright
 * @returns {Promise<TestCounts>}
 */
async function playwright(name, args) {
  const cli = path.join(PROJECT, 'node_modules', '@playwright', 'test', 'cli.js');
  const all = [cli, 'test', '--config', path.join('e2e', 'playwright.config.ts'), '--reporter=list,json'];
  const report = path.join(REPORTS, `${name.replaceAll(' ', '-')}.json`);
  await steps.step(name, async () => {
    const ended = await run(process.execPath, [...all, ...args], {
      cwd: PROJECT,
      env: { ...ENV, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      show: true,
    });
    return outcomeOf(ended);
  });
  return countPlaywright(await readReport(report));
}

/** @returns {Promise<readonly TestCounts[]>} of all end-to-end tests */
async function endToEnd() {
  const workers = Math.min(MAX_WORKERS, availableParallelism());
  return [
    await playwright('playwright side by side', ['--project=side-by-side', `--workers=${String(workers)}`]),
    await playwright('playwright alone', ['--project=alone']),
  ];
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
    counts.push(...(args.length === 0 ? await endToEnd() : [await playwright('playwright', args)]));
  }
}
console.log(steps.failed.length === 0 ? '' : `\nFailed: ${steps.failed.join(', ')}`);
console.log(countsLine(counts));
process.exitCode = steps.failed.length === 0 ? 0 : 1;
