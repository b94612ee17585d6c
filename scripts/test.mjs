// @ts-check
// `npm test`: sets the machine up, runs every part of `npm run check`, builds and packages the app and lets Playwright
// drive it. With arguments (`npm test -- -g save`) only Playwright's part, with these arguments. The last line counts
// the tests.

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureBuild } from './build.mjs';
import { run } from './commands.mjs';
import { withDisplay } from './display.mjs';
import { ensureElectronRuntime } from './install-electron-runtime.mjs';
import { packageForTests } from './package.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';
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

/** @type {string[]} */
const failedSteps = [];

/**
 * Runs one step below its heading, says how long it took, and remembers whether it failed.
 * @param {string} name
 * @param {() => Promise<Outcome<void>>} work
 * @returns {Promise<boolean>} whether it went well
 */
async function step(name, work) {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const outcome = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (!outcome.ok) {
    if (outcome.message !== '') console.error(outcome.message);
    failedSteps.push(name);
  }
  console.log(`-- ${name}: ${outcome.ok ? 'done' : 'failed'} after ${seconds} s`);
  return outcome.ok;
}

/**
 * @param {string} command a line for the shell
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome<void>>} a failure without a message: the program has said what it is
 */
async function shell(command, env) {
  const ended = await run(command, [], { cwd: PROJECT, env, show: true, shell: true });
  return ended.status === 0 ? { ok: true, value: undefined } : { ok: false, message: '' };
}

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
  return await step('machine', async () => {
    const runtime = await ensureElectronRuntime();
    if (!runtime.ok) return runtime;
    return await ensureSystemLibraries({ runtimeFolder: runtime.value.folder, forTests: true });
  });
}

/** @returns {Promise<TestCounts>} */
async function check() {
  for (const part of await partsOfCheck()) {
    const asked = part === UNIT_PART;
    const report = ` -- --reporter=default --reporter=json --outputFile.json="${VITEST_REPORT}"`;
    await step(part, () => shell(asked ? part + report : part, ENV));
  }
  return countVitest(await readReport(VITEST_REPORT));
}

/**
 * @param {readonly string[]} args for Playwright
 * @returns {Promise<TestCounts>}
 */
async function playwright(args) {
  const cli = path.join(PROJECT, 'node_modules', '@playwright', 'test', 'cli.js');
  const all = [cli, 'test', '--config', path.join('e2e', 'playwright.config.ts'), '--reporter=list,json'];
  await step('playwright', async () => {
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
      return ended.status === 0 ? { ok: true, value: undefined } : { ok: false, message: '' };
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
  if (await step('build', () => ensureBuild(PROJECT))) {
    // The tests that install the package are in e2e/desktop and run on Linux alone.
    const others = args.some((arg) => arg.endsWith('.spec.ts') && !arg.includes('desktop'));
    if (process.platform === 'linux' && !others) await step('package', () => packageForTests());
    counts.push(await playwright(args));
  }
}
console.log(failedSteps.length === 0 ? '' : `\nFailed: ${failedSteps.join(', ')}`);
console.log(countsLine(counts));
process.exitCode = failedSteps.length === 0 ? 0 : 1;
