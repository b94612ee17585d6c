// Measures how long the packaged app takes to a usable window, against an empty window of the same Electron, in
// alternating pairs. `npm run bench:start`; it packages the app first if need be and starts a display of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, link, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { chromium } from '@playwright/test';

import { withDisplay } from '../scripts/display.mjs';
import { packageForTests } from '../scripts/package.mjs';
import { median } from './processes.ts';

const PACKAGED = join(import.meta.dirname, '..', 'dist', 'for-tests', 'linux-unpacked');
const ROUNDS = Number(process.argv[2] ?? 25);
/** Inspecting the page while it starts would slow it down: it is inspected this long after it is shown. */
const QUIET_MS = 1_200;
/** Not counted: the first starts fill the disk's cache. */
const WARM_UP_ROUNDS = 2;

const EMPTY_APP = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, show: false });
  window.once('ready-to-show', () => window.show());
  window.loadURL('data:text/html,<title>Empty</title><p>Empty</p>');
});
app.on('window-all-closed', () => app.quit());
`;

/** The X requests and events for watching windows (X Window System Protocol, sections 8 to 10, appendix B). */
const HELLO = Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const CHANGE_WINDOW_ATTRIBUTES = 2;
const EVENT_MASK_VALUE = 0x800;
const SUBSTRUCTURE_NOTIFY = 0x80000;
const MAP_NOTIFY = 19;
const EVENT_BYTES = 32;

/** Is notified of every window that appears on a display, without polling. */
class WindowWatch {
  readonly #socket: Socket;
  #mapped: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(display: string): Promise<WindowWatch> {
    const socket = connect(`/tmp/.X11-unix/X${display.replace(/^:/, '')}`);
    const watch = new WindowWatch(socket);
    let held = Buffer.alloc(0);
    let ready = false;
    const opened = new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        held = Buffer.concat([held, bytes]);
        if (!ready) {
          // The reply contains its length in units of four bytes, after the first eight bytes.
          if (held.length < 8 || held.length < 8 + held.readUInt16LE(6) * 4) return;
          socket.write(selectOnRoot(held));
          held = held.subarray(8 + held.readUInt16LE(6) * 4);
          ready = true;
          resolve();
        }
        for (; held.length >= EVENT_BYTES; held = held.subarray(EVENT_BYTES)) {
          if ((held.readUInt8(0) & 0x7f) === MAP_NOTIFY) watch.#mapped();
        }
      });
    });
    socket.write(HELLO);
    await opened;
    return watch;
  }

  /** The time at which the next window appears, as performance.now() gives it. */
  async next(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#mapped = resolve;
    });
    return performance.now();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Selects the events of the root window, whose number follows vendor and formats in the server's reply. */
function selectOnRoot(answer: Buffer): Buffer {
  const vendorBytes = Math.ceil(answer.readUInt16LE(24) / 4) * 4;
  const formats = answer.readUInt8(29);
  const root = answer.readUInt32LE(40 + vendorBytes + formats * 8);
  const request = Buffer.alloc(16);
  request.writeUInt8(CHANGE_WINDOW_ATTRIBUTES, 0);
  request.writeUInt16LE(request.length / 4, 2);
  request.writeUInt32LE(root, 4);
  request.writeUInt32LE(EVENT_MASK_VALUE, 8);
  request.writeUInt32LE(SUBSTRUCTURE_NOTIFY, 12);
  return request;
}

/** The same Electron with an app that only opens a window. The app is a folder, so one fuse differs. */
async function makeEmptyApp(folder: string): Promise<string> {
  for (const name of await readdir(PACKAGED, { recursive: true })) {
    const from = join(PACKAGED, name);
    if (!(await stat(from)).isFile() || name.startsWith('resources')) continue;
    const to = join(folder, name);
    await mkdir(dirname(to), { recursive: true });
    if (name === 'socketscope') await cp(from, to);
    else await link(from, to).catch(() => cp(from, to));
  }
  const app = join(folder, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await writeFile(join(app, 'package.json'), '{ "name": "empty", "main": "main.js" }');
  await writeFile(join(app, 'main.js'), EMPTY_APP);
  const program = join(folder, 'socketscope');
  await flipFuses(program, { version: FuseVersion.V1, [FuseV1Options.OnlyLoadAppFromAsar]: false });
  return program;
}

/** The address of the DevTools, which Chromium prints on standard error. */
async function devTools(app: ChildProcess): Promise<string> {
  let output = '';
  return await new Promise((resolve, reject) => {
    app.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    app.once('exit', () => {
      reject(new Error(`It ended at once: ${output}`));
    });
  });
}

/** The time of the largest contentful paint, in milliseconds of the system's clock. */
async function paintedAt(address: string, ready: string): Promise<number> {
  const browser = await chromium.connectOverCDP(address);
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('There is no page.');
  await page.locator(ready).waitFor();
  // The browser buffers the entry, so it can be read after the start.
  const at = await page.evaluate<number>(`new Promise((resolve) => {
    new PerformanceObserver((list) => {
      resolve(performance.timeOrigin + list.getEntries().at(-1).startTime);
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  })`);
  await browser.close();
  return at;
}

/** Starts a program once; returns the milliseconds until its window is shown and painted. */
async function startOnce(program: string, ready: string, watch: WindowWatch, env: NodeJS.ProcessEnv) {
  const data = await mkdtemp(join(tmpdir(), 'socketscope-start-'));
  await writeFile(join(data, 'settings.json'), JSON.stringify({ port: 0 }));
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const appeared = watch.next();
  const beganMs = performance.now();
  const args = ['--remote-debugging-port=0', `--user-data-dir=${data}`, ...noSandbox];
  const app = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(app, 'exit');
  try {
    const [address, shownMs] = await Promise.all([devTools(app), appeared]);
    await sleep(QUIET_MS);
    const paintedMs = (await paintedAt(address, ready)) - performance.timeOrigin;
    return Math.max(shownMs, paintedMs) - beganMs;
  } finally {
    app.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(env: NodeJS.ProcessEnv, empty: string): Promise<void> {
  const watch = await WindowWatch.open(env.DISPLAY ?? ':0');
  const times: { readonly app: number; readonly empty: number }[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const emptyMs = await startOnce(empty, 'p', watch, env);
    const appMs = await startOnce(join(PACKAGED, 'socketscope'), 'html[data-phase]', watch, env);
    if (round >= WARM_UP_ROUNDS) times.push({ app: appMs, empty: emptyMs });
  }
  watch.close();
  console.log(`Start to a usable window, median of ${ROUNDS} pairs`);
  const emptyMs = median(times.map((time) => time.empty));
  const appMs = median(times.map((time) => time.app));
  console.log(`empty window   ${emptyMs.toFixed(0)} ms`);
  console.log(`SocketScope    ${appMs.toFixed(0)} ms`);
  console.log(`ratio          ${(appMs / emptyMs).toFixed(2)} of the medians`);
  console.log(
    `               ${median(times.map((time) => time.app / time.empty)).toFixed(2)} (of each pair, median)`,
  );
}

const packaged = await packageForTests();
if (!packaged.ok) throw new Error(packaged.message);
// Beside the package, because hard links to its files work only on the same disk.
const folder = await mkdtemp(join(PACKAGED, '..', 'empty-'));
try {
  const empty = await makeEmptyApp(folder);
  const measured = await withDisplay((env) => measure(env, empty));
  if (!measured.ok) throw new Error(measured.message);
} finally {
  await rm(folder, { recursive: true, force: true });
}
