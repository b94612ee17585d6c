// Measures how long main's event loop is blocked while 200,000 lines go over a real socket in the real app, against the
// same app when idle in the same session. `npm run bench:responsiveness`, with a display, after `npm run build`.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance, type IntervalHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

import { _electron, type ElectronApplication } from '@playwright/test';

const PROJECT = join(import.meta.dirname, '..');
const LINES = 200_000;
const IDLE_MS = 10_000;
const RUN_LIMIT_MS = 300_000;

interface Delays {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

declare global {
  /** Exists in main during a measurement. */
  var loopDelay: IntervalHistogram | undefined;
}

/** Starts a measurement in main: a timer of 1 ms that records its delays. */
async function beginMeasuring(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => {
    globalThis.loopDelay = process
      .getBuiltinModule('node:perf_hooks')
      .monitorEventLoopDelay({ resolution: 1 });
    globalThis.loopDelay.enable();
  });
}

async function endMeasuring(app: ElectronApplication): Promise<Delays> {
  return await app.evaluate(() => {
    const delay = globalThis.loopDelay;
    if (delay === undefined) throw new Error('Nothing was measured');
    delay.disable();
    return { p50Ms: delay.percentile(50) / 1e6, p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 };
  });
}

function row(what: string, { p50Ms, p99Ms, maxMs }: Delays, more: string): string {
  const cells = [p50Ms, p99Ms, maxMs].map((ms) => `${ms.toFixed(1)} ms`.padStart(10));
  return `${what.padEnd(16)}${cells.join('')}   ${more}`;
}

const folder = await mkdtemp(join(tmpdir(), 'socketscope-bench-'));
try {
  const input = join(folder, 'in-bench.txt');
  const line = 'the quick brown fox jumps over the lazy dog';
  await writeFile(input, Array.from({ length: LINES }, (_, index) => `${index} ${line}\n`).join(''));
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ port: 0, guideDone: true }));

  const app = await _electron.launch({ args: [PROJECT, `--user-data-dir=${folder}`] });
  try {
    const page = await app.firstWindow();
    await page.locator('html[data-phase]').waitFor();

    await beginMeasuring(app);
    await pause(IDLE_MS);
    const idle = await endMeasuring(app);

    await beginMeasuring(app);
    const beganMs = performance.now();
    // A second start of the app passes a file in this way.
    await app.evaluate(({ app: running }, path) => {
      running.emit('second-instance', {}, [], '', { files: [path], cwd: '/' });
    }, input);
    await page.locator('html[data-run="1"][data-phase="settled"]').waitFor({ timeout: RUN_LIMIT_MS });
    const tookS = (performance.now() - beganMs) / 1_000;
    const busy = await endMeasuring(app);

    console.log(`Delay of main's event loop   p50       p99       max`);
    console.log(row('idle', idle, ''));
    console.log(
      row(
        'during the run',
        busy,
        `${Math.round(LINES / tookS)} lines/s, ${tookS.toFixed(1)} s, window included`,
      ),
    );
  } finally {
    await app.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
