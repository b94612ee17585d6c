// What the window takes, in the real app: opening a recorded run, moving to a fact of it, playing, dragging and scrolling
// through it, and watching a run while it goes on. It needs a display.

import { mkdtemp, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IntervalHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

import { _electron, type ElectronApplication, type Page } from '@playwright/test';

import { openTrace } from '../src/engine/recording/trace-reader.ts';
import { formatBytes, formatCount } from '../src/shared/format.ts';
import { writeLines } from './exchange.ts';
import { measureProgram, median, percentile } from './processes.ts';
import type { Section } from './report.ts';

const PROJECT = join(import.meta.dirname, '..');
const PROBE = join(import.meta.dirname, 'page-probe.mjs');

interface Sizes {
  /** Lines of the recorded run. */
  readonly lines: number;
  readonly opens: number;
  readonly seeks: number;
  /** Lines of a run that is watched. */
  readonly watchedLines: number;
  readonly watchedRounds: number;
  readonly idleMs: number;
}

const QUICK: Sizes = {
  lines: 200_000,
  opens: 3,
  seeks: 200,
  watchedLines: 200_000,
  watchedRounds: 3,
  idleMs: 3_000,
};
const FULL: Sizes = { ...QUICK, lines: 10_000_000, opens: 5, watchedRounds: 7, idleMs: 10_000 };

/** A line recorded takes some 275 bytes, and is in the input and the result. */
const BYTES_A_LINE = 400;
const PLAYED_FACTS = 1_000_000;
const SCRUB_STEPS = 300;
const SCROLL_STEPS = 300;
/** Moves that fill the caches and have the code compiled. */
const WARM_UP_SEEKS = 20;
const RUN_LIMIT_MS = 300_000;

/** What page-probe.mjs measures while something goes on. */
interface Watched {
  readonly seconds: number;
  readonly frames: number;
  readonly gapP99Ms: number;
  readonly longestGapMs: number;
  readonly longTasks: number;
  readonly longestTaskMs: number;
}

interface Delays {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

declare global {
  /** Exists in main during a measurement. */
  var loopDelay: IntervalHistogram | undefined;
}

/**
 * `command` is the built terminal command; the app must have been built too. `env` names the display.
 * @throws where the disk has no room for the run, and where the app does not do what is measured
 */
export async function measureWindow(
  command: string,
  env: NodeJS.ProcessEnv,
  full: boolean,
): Promise<readonly Section[]> {
  const sizes = full ? FULL : QUICK;
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-bench-'));
  try {
    await checkRoom(folder, sizes);
    const watched = await measureWatching(command, folder, env, sizes);
    const opened = await measureOpened(command, folder, env, sizes);
    return [...opened, ...watched].map((section) => ({
      ...section,
      command: full ? 'npm run bench -- --full' : 'npm run bench',
    }));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Measured = Omit<Section, 'command'>;

async function checkRoom(folder: string, { lines }: Sizes): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = lines * BYTES_A_LINE;
  if (bavail * bsize < needed) {
    throw new Error(
      `${folder} needs ${formatBytes(needed)} for the run, and has ${formatBytes(bavail * bsize)}.`,
    );
  }
}

// --- the app ----------------------------------------------------------------------------------------------------------

interface App {
  readonly electron: ElectronApplication;
  readonly page: Page;
}

async function withApp<Value>(
  folder: string,
  env: NodeJS.ProcessEnv,
  work: (app: App) => Promise<Value>,
): Promise<Value> {
  const data = await mkdtemp(join(folder, 'data-'));
  await writeFile(join(data, 'settings.json'), JSON.stringify({ port: 0, guideDone: true }));
  const electron = await _electron.launch({
    args: [PROJECT, `--user-data-dir=${data}`],
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  });
  try {
    const page = await electron.firstWindow();
    await page.locator('html[data-phase]').waitFor();
    await page.evaluate(await readFile(PROBE, 'utf8'));
    return await work({ electron, page });
  } finally {
    await electron.close();
  }
}

/** Opens a file as a second start of the app passes it. Gives the time of the system's clock, in milliseconds. */
async function open({ electron }: App, path: string): Promise<number> {
  return await electron.evaluate(({ app }, file) => {
    const { performance: clock } = process.getBuiltinModule('node:perf_hooks');
    const beganMs = clock.timeOrigin + clock.now();
    app.emit('second-instance', {}, [], '', { files: [file], cwd: '/' });
    return beganMs;
  }, path);
}

// --- a recorded run ---------------------------------------------------------------------------------------------------

async function measureOpened(
  command: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  sizes: Sizes,
): Promise<readonly Measured[]> {
  const input = join(folder, 'in-opened.txt');
  const trace = join(folder, 'opened.socketscope');
  await writeLines(input, sizes.lines);
  await record(command, input, trace);
  return await withApp(folder, env, async (app) => {
    const { page } = app;
    const opensMs: number[] = [];
    for (let run = 1; run <= sizes.opens; run += 1) {
      const shown = page.evaluate<number>(`probe.shown(${run})`);
      const beganMs = await open(app, trace);
      opensMs.push((await shown) - beganMs);
    }
    const facts = Number(await page.locator('html').getAttribute('data-last-seq'));
    const seek = (count: number): Promise<readonly number[]> =>
      page.evaluate<readonly number[]>(`probe.seek(${JSON.stringify(someSeqs(count, facts))})`);
    await seek(WARM_UP_SEEKS);
    const seeksMs = await seek(sizes.seeks);
    const rows = [
      ['playing a million facts at real speed', await play(page)],
      [
        'dragging the time slider through the run',
        await page.evaluate<Watched>(`probe.scrub(${SCRUB_STEPS})`),
      ],
      ['scrolling the lines through', await page.evaluate<Watched>(`probe.scrollLines(${SCROLL_STEPS})`)],
    ] as const;
    const of = `a recorded run of ${formatCount(sizes.lines)} lines, ${formatCount(facts)} facts, ${formatBytes((await stat(trace)).size)}`;
    return [
      {
        name: 'window-open',
        title: 'The window: opening a run',
        words: `From the file's name to the frame in which the run is settled: ${of}, opened ${sizes.opens} times. The target is 2 s for ten million lines.`,
        header: ['lines', 'median', 'longest'],
        rows: [[formatCount(sizes.lines), inMs(median(opensMs)), inMs(Math.max(...opensMs))]],
      },
      {
        name: 'window-seek',
        title: 'The window: moving to a fact',
        words: `From the time slider's event to the fact in the document, at ${sizes.seeks} places by chance in ${of}. The target is 16 ms at p95.`,
        header: ['lines', 'p50', 'p95', 'longest'],
        rows: [
          [
            formatCount(sizes.lines),
            inMs(percentile(seeksMs, 0.5)),
            inMs(percentile(seeksMs, 0.95)),
            inMs(Math.max(...seeksMs)),
          ],
        ],
      },
      {
        name: 'window-tasks',
        title: 'The window: its longest tasks',
        words: `In ${of}. The target is no task over 50 ms.`,
        header: [
          'while',
          's',
          'frames/s',
          'gap between frames, p99',
          'longest',
          'tasks over 50 ms',
          'longest',
        ],
        rows: rows.map(([what, watched]) => [
          what,
          watched.seconds.toFixed(1),
          (watched.frames / watched.seconds).toFixed(0),
          inMs(watched.gapP99Ms),
          inMs(watched.longestGapMs),
          String(watched.longTasks),
          watched.longTasks === 0 ? '—' : inMs(watched.longestTaskMs),
        ]),
      },
    ];
  });
}

async function record(command: string, input: string, trace: string): Promise<void> {
  const flags = ['--quiet', '--port', '0', '--record', trace];
  await measureProgram(process.execPath, [command, 'run', 'file', ...flags, input, `${trace}.txt`]);
  await rm(`${trace}.txt`);
}

/** Facts somewhere in the run, the same ones each time. */
function someSeqs(count: number, last: number): readonly number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    // Park and Miller's generator.
    state = (state * 48_271) % 2_147_483_647;
    // The first and the last facts are not about lines, and some of them have no place in the picture.
    return 20 + Math.floor((state / 2_147_483_647) * (last - 40));
  });
}

async function play(page: Page): Promise<Watched> {
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('time-1');
  await page.getByRole('button', { name: 'To the start' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const watched = await page.evaluate<Watched>(`probe.play(${PLAYED_FACTS})`);
  await page.getByRole('button', { name: 'To the start' }).click();
  return watched;
}

// --- a run that goes on -----------------------------------------------------------------------------------------------

/** The same run by the terminal command and in the window, watched and not, in turn; and main's event loop while the window runs it. */
async function measureWatching(
  command: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  { watchedLines, watchedRounds, idleMs }: Sizes,
): Promise<readonly Measured[]> {
  const input = join(folder, 'in-watched.txt');
  await writeLines(input, watchedLines);
  return await withApp(folder, env, async (app) => {
    await beginMeasuring(app);
    await pause(idleMs);
    const idle = await endMeasuring(app);
    const busy: Delays[] = [];
    const rounds: { readonly terminal: number; readonly watched: number; readonly paused: number }[] = [];
    const watched: Watched[] = [];
    for (let round = 0; round < watchedRounds; round += 1) {
      const terminal = await linesASecondOfTerminal(command, folder, input);
      await beginMeasuring(app);
      const following = await runInWindow(app, input, 2 * round + 1, 'End');
      busy.push(await endMeasuring(app));
      watched.push(following.watched);
      const paused = await runInWindow(app, input, 2 * round + 2, 'Space');
      rounds.push({ terminal, watched: following.linesASecond, paused: paused.linesASecond });
    }
    const column = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of));
    const of = `${formatCount(watchedLines)} lines`;
    const longest = (name: 'longestGapMs' | 'longestTaskMs'): number =>
      Math.max(...watched.map((each) => each[name]));
    const medianOf = (name: keyof Delays): number => median(busy.map((each) => each[name]));
    return [
      {
        name: 'window-watching',
        title: 'The window: watching a run',
        words: `${of} run in the window, which follows it, in the window while it shows the beginning, and by the terminal command with --record, in turn, in ${watchedRounds} rounds; lines a second by the runs' own clocks. The target is 0.9, watched.`,
        header: ['', 'lines/s', 'of the terminal', 'longest gap between frames', 'longest task'],
        rows: [
          ['terminal', formatCount(Math.round(column(({ terminal }) => terminal))), '1.00', '', ''],
          [
            'window, which follows the run',
            formatCount(Math.round(column(({ watched: speed }) => speed))),
            column(({ terminal, watched: speed }) => speed / terminal).toFixed(2),
            inMs(longest('longestGapMs')),
            longest('longestTaskMs') === 0 ? 'under 50 ms' : inMs(longest('longestTaskMs')),
          ],
          [
            'window, which stands still',
            formatCount(Math.round(column(({ paused }) => paused))),
            column(({ terminal, paused }) => paused / terminal).toFixed(2),
            '',
            '',
          ],
        ],
      },
      {
        name: 'window-main',
        title: "The window: main's event loop",
        words: `Its delay as \`monitorEventLoopDelay\` sees it (1 ms is its own timer), while ${of} are run and watched: medians of ${watchedRounds} runs.`,
        header: ['', 'median', 'p99', 'longest'],
        rows: [
          ['idle', tenths(idle.p50Ms), tenths(idle.p99Ms), tenths(idle.maxMs)],
          ['during the run', tenths(medianOf('p50Ms')), tenths(medianOf('p99Ms')), tenths(medianOf('maxMs'))],
        ],
      },
    ];
  });
}

async function linesASecondOfTerminal(command: string, folder: string, input: string): Promise<number> {
  const path = join(folder, 'watched.socketscope');
  await record(command, input, path);
  const trace = await openTrace(path, `${path}.packed`);
  if (!trace.ok) throw new Error(trace.problem.message);
  const { linesReceived, atUs } = trace.value.counts;
  await trace.value.close();
  await rm(path);
  return (linesReceived / atUs) * 1e6;
}

/** Runs a file in the window, which is the run of that number, and presses a key as soon as it is shown. */
async function runInWindow(
  app: App,
  input: string,
  run: number,
  key: string,
): Promise<{ readonly linesASecond: number; readonly watched: Watched }> {
  const { page } = app;
  await open(app, input);
  await page.locator(`html[data-run="${run}"][data-phase="running"]`).waitFor();
  await page.keyboard.press(key);
  // At once where the run is not followed.
  const watched = await page.evaluate<Watched>('probe.play(Infinity)');
  await page.locator(`html[data-run="${run}"][data-phase="settled"]`).waitFor({ timeout: RUN_LIMIT_MS });
  const ended = await page.evaluate<{ readonly atUs: number; readonly linesReceived: number }>(
    `socketScope.call('run:landmarks', { run: ${run}, from: 0 }).then((answer) => answer.value.at(-1))`,
  );
  return { linesASecond: (ended.linesReceived / ended.atUs) * 1e6, watched };
}

/** Starts a measurement in main: a timer of 1 ms that records its delays. */
async function beginMeasuring({ electron }: App): Promise<void> {
  await electron.evaluate(() => {
    globalThis.loopDelay = process
      .getBuiltinModule('node:perf_hooks')
      .monitorEventLoopDelay({ resolution: 1 });
    globalThis.loopDelay.enable();
  });
}

async function endMeasuring({ electron }: App): Promise<Delays> {
  return await electron.evaluate(() => {
    const delay = globalThis.loopDelay;
    if (delay === undefined) throw new Error('Nothing was measured');
    delay.disable();
    return { p50Ms: delay.percentile(50) / 1e6, p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 };
  });
}

// --- words ------------------------------------------------------------------------------------------------------------

function inMs(ms: number): string {
  return ms < 10 ? tenths(ms) : `${formatCount(Math.round(ms))} ms`;
}

function tenths(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}
