// What the end-to-end tests share: the built app, started with folders of its own, and what a person does with it that
// a page cannot do (dropping a real file, answering the system's dialogs). Every test ends with a check of the app's log.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { _electron, chromium, expect, type ElectronApplication, type Page } from '@playwright/test';

import type { Calls, Settings } from '../src/shared/ipc.ts';
import type { Result } from '../src/shared/result.ts';
import type { FactKind, TraceEvent } from '../src/shared/trace/fact.ts';
import { test as base } from './display.ts';
import { AppWindow } from './panels.ts';
import { factsOf, PAGE_FACTS } from '../src/shared/trace/packed.ts';

export const PROJECT = join(import.meta.dirname, '..');
const SHOTS = join(import.meta.dirname, 'output', 'shots');

export const AS_ROOT = process.getuid?.() === 0;

/** Chromium's sandbox is on wherever it can be: not for root, and not where Linux forbids it user namespaces. */
export const SANDBOXED =
  !AS_ROOT && (process.platform !== 'linux' || spawnSync('unshare', ['-Ur', 'true']).status === 0);

/** The sample that the course hands out: seven lines, 95 bytes. */
export const SEVEN_LINES = join(import.meta.dirname, 'fixtures', 'in-proj.txt');

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** Writes a file of `lines` different lines and gives its path. */
export async function linesFile(folder: string, name: string, lines: number): Promise<string> {
  const path = join(folder, name);
  const text = Array.from({ length: lines }, (_, index) => `${index} ${ALPHABET}\n`).join('');
  await writeFile(path, text);
  return path;
}

/** The expected result of such a file. */
export function reversedLines(lines: number): string {
  const alphabet = ALPHABET.split('').reverse().join('');
  return Array.from(
    { length: lines },
    (_, index) => `${alphabet} ${String(index).split('').reverse().join('')}\n`,
  ).join('');
}

interface LaunchOptions {
  /** The command line's arguments after the app's folder. */
  readonly args?: readonly string[];
  /** Any free port unless a test is about the port. */
  readonly settings?: Partial<Settings>;
  /** Start with the data of an app that was closed before. */
  readonly userData?: string;
  /**
   * Mounts a disk as the folder for temporary files, with these options of `mount -o`. Needs unshare (util-linux) and
   * the right to use it.
   */
  readonly temporaryDisk?: string;
}

interface Folders {
  /** The test's own folder: files to run, places to save to. */
  readonly files: string;
  /** The app's folder for temporary files. */
  readonly temporary: string;
}

interface LastQuestion {
  /** Its sentence and the text below it. */
  readonly text: string;
  readonly buttons: readonly string[];
  /** The button that Enter presses. */
  readonly byDefault: string | undefined;
  /** The button that Escape and the box's own closing stand for. */
  readonly dismissed: string | undefined;
  readonly overTheWindow: boolean;
}

/** An app that was started without Playwright, reached over Chromium's own protocol. */
interface StartedByHand {
  readonly window: AppWindow;
  /** Of the process that was started, which may not be the one with the window. */
  readonly exitCode: Promise<number | null>;
  /** Kills it and whatever it has started, where that is still there. */
  kill(): void;
}

type BridgeChannel = Exclude<keyof Calls, 'file:dropped'>;

/** One running app and its window. */
export class SocketScope extends AppWindow {
  /** Set by a test that provokes errors on purpose: nothing is read into the log and the console then. */
  errorsAreExpected = false;
  readonly #consoleErrors: string[] = [];

  readonly electron: ElectronApplication;
  readonly userData: string;
  readonly folders: Folders;
  readonly #process: ChildProcess;

  private constructor(electron: ElectronApplication, page: Page, userData: string, folders: Folders) {
    super(page);
    this.electron = electron;
    // Playwright forgets it when the app has ended.
    this.#process = electron.process();
    this.userData = userData;
    this.folders = folders;
    page.on('console', (message) => {
      if (message.type() === 'error') this.#consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => {
      this.#consoleErrors.push(String(error));
    });
  }

  static async launch(folders: Folders, options: LaunchOptions): Promise<SocketScope> {
    const { temporaryDisk } = options;
    const place = temporaryDisk === undefined ? folders.temporary : dirname(folders.temporary);
    const userData = options.userData ?? (await mkdtemp(join(place, 'data-')));
    if (options.userData === undefined) {
      // Tests start with the guide done by default.
      const settings = { port: 0, guideDone: true, ...options.settings };
      await writeFile(join(userData, 'settings.json'), JSON.stringify(settings));
    }
    const electron = await _electron.launch({
      args: [PROJECT, `--user-data-dir=${userData}`, ...(options.args ?? [])],
      cwd: folders.files,
      env: environment(folders),
      chromiumSandbox: SANDBOXED && temporaryDisk === undefined,
      ...(temporaryDisk === undefined
        ? {}
        : { executablePath: await onOwnDisk(folders.temporary, temporaryDisk) }),
    });
    const page = await electron.firstWindow();
    const app = new SocketScope(electron, page, userData, folders);
    await app.root.and(page.locator('[data-phase]')).waitFor();
    return app;
  }

  /** Number of the run shown; 0 before there is one. */
  async run(): Promise<number> {
    return Number(await this.root.getAttribute('data-run'));
  }

  /** Waits until a run (the one of this number) is shown and all of it is here. */
  async settled(run?: number): Promise<void> {
    if (run !== undefined) await expect(this.root).toHaveAttribute('data-run', String(run));
    await expect(this.root).toHaveAttribute('data-phase', 'settled', { timeout: 45_000 });
  }

  /** Waits until a run of which lines are under way is shown. */
  async underWay(): Promise<void> {
    await expect(this.root).toHaveAttribute('data-phase', 'running');
    await expect
      .poll(async () => Number(await this.root.getAttribute('data-last-seq')), { intervals: [20] })
      .toBeGreaterThan(1_000);
  }

  /** A call through the bridge, as the page makes it. */
  async call<Channel extends BridgeChannel>(
    channel: Channel,
    ...args: Parameters<Calls[Channel]>
  ): Promise<Awaited<ReturnType<Calls[Channel]>>> {
    const given = [channel, ...args].map((value) => JSON.stringify(value)).join(', ');
    return await this.page.evaluate<Awaited<ReturnType<Calls[Channel]>>>(`socketScope.call(${given})`);
  }

  /** Drops real files on the middle of the window: the page gets their paths from the system alone. */
  async drop(...paths: readonly string[]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 450, y: 300, data });
    }
    await session.detach();
  }

  /** Answers the next save dialog with `path`, or dismisses it. */
  async answerSave(path: string | undefined): Promise<void> {
    await this.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = (...asked: unknown[]) => {
        Reflect.set(globalThis, 'askedToSave', asked.at(-1));
        return Promise.resolve({ canceled: filePath === undefined, filePath: filePath ?? '' });
      };
    }, path);
  }

  /** The path that the last save dialog offered. */
  async offeredPath(): Promise<string> {
    return await this.electron.evaluate(() => {
      const asked: unknown = Reflect.get(globalThis, 'askedToSave');
      if (typeof asked !== 'object' || asked === null || !('defaultPath' in asked))
        return 'nothing was asked';
      return String(asked.defaultPath);
    });
  }

  /** Answers the next open dialog with `path`, or dismisses it. */
  async answerOpen(path: string | undefined): Promise<void> {
    await this.electron.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () =>
        Promise.resolve({
          canceled: filePath === undefined,
          filePaths: filePath === undefined ? [] : [filePath],
        });
    }, path);
  }

  /** All facts of the run shown, from main's trace. */
  async facts(): Promise<readonly TraceEvent[]> {
    const facts: TraceEvent[] = [];
    const lastSeq = Number(await this.root.getAttribute('data-last-seq'));
    const lastPage = Math.floor((lastSeq - 1) / PAGE_FACTS);
    for (let page = 0; page <= lastPage; page += 1) {
      const more = await this.pageOfFacts(page);
      facts.push(...more);
      if (more.at(-1)?.kind === 'run-ended') return facts;
      // So many facts were left out that their pages cannot be asked for one by one.
      if (more.length === 0) page = Math.max(page, lastPage - 1);
    }
    return facts;
  }

  /** The facts of one page of the run shown. */
  async pageOfFacts(page: number): Promise<readonly TraceEvent[]> {
    const { parts } = valueOf(await this.call('run:page', { run: await this.run(), page }));
    return parts.flatMap((part) => [...factsOf(part)].map(valueOf));
  }

  /** Presses a key with Ctrl as a keyboard does: a key that the page does not handle reaches the menu. */
  async pressWithControl(keyCode: string): Promise<void> {
    await this.electron.evaluate(({ BrowserWindow }, key) => {
      const modifiers = [process.platform === 'darwin' ? ('meta' as const) : ('control' as const)];
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.focus();
      contents?.sendInputEvent({ type: 'rawKeyDown', keyCode: key, modifiers });
      contents?.sendInputEvent({ type: 'keyUp', keyCode: key, modifiers });
    }, keyCode);
  }

  /** Clicks an entry of the application menu or of a menu in it. */
  async chooseInMenu(label: string): Promise<void> {
    await this.electron.evaluate(({ Menu }, wanted) => {
      const items = [...(Menu.getApplicationMenu()?.items ?? [])];
      // Grows while it is iterated.
      for (const { submenu } of items) items.push(...(submenu?.items ?? []));
      const found = items.find((item) => item.label.replace('&', '') === wanted);
      if (found === undefined) throw new Error(`no ${wanted} in the menu`);
      Reflect.apply(found.click, found, []);
    }, label);
  }

  /** Gives the content of the window a size in pixels of the screen, and waits until it is laid out. */
  async resize(width: number, height: number, zoom = 1): Promise<void> {
    await this.electron.evaluate(
      ({ BrowserWindow }, size) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.webContents.setZoomFactor(size.zoom);
        window?.setContentSize(size.width, size.height);
      },
      { width, height, zoom },
    );
    await expect
      .poll(() => this.page.evaluate(() => [innerWidth, innerHeight]), { intervals: [20] })
      .toEqual([width / zoom, height / zoom]);
    // The panels are divided anew when their size is known, and what is in them measures itself after that.
    for (let times = 0; times < 3; times += 1) await this.twoFrames();
  }

  /** Waits until elements have measured themselves and pushes to the page have been rendered. */
  async twoFrames(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((done) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              done();
            });
          });
        }),
    );
  }

  /** Runs what is chosen by the header's button, and goes to the end. */
  async runToTheEnd(): Promise<void> {
    const run = (await this.run()) + 1;
    await this.header.button(/^Run/).click();
    await this.settled(run);
    await this.timeBar.toEnd();
    await expect(this.root).toHaveAttribute('data-moving', 'false');
  }

  /** Screenshots in both themes. */
  async shots(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await this.page.emulateMedia({ colorScheme });
      await this.shot(`${name}-${colorScheme}`);
    }
  }

  /** The same in the smallest window and in a large one, which it keeps. */
  async shotsInSizes(name: string): Promise<void> {
    for (const [width, height] of [
      [900, 600],
      [1280, 800],
    ] as const) {
      await this.resize(width, height);
      await this.shots(`${name}-${width}`);
    }
  }

  /** A screenshot for people to look at, below e2e/output/shots. */
  async shot(name: string): Promise<void> {
    // A theme that has just changed fades in on the buttons.
    await this.page.evaluate(async () => {
      const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.allSettled(fading.map(({ finished }) => finished));
    });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** The same of a zoomed page: Playwright would capture a corner of it. */
  async shotOfWindow(name: string): Promise<void> {
    const png = await this.electron.evaluate(async ({ BrowserWindow }) => {
      const picture = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
      return picture?.toPNG().toString('base64') ?? '';
    });
    await mkdir(SHOTS, { recursive: true });
    await writeFile(join(SHOTS, `${name}.png`), Buffer.from(png, 'base64'));
  }

  /** The folder for temporary files as the app sees it, which may have mounted a disk there. */
  get temporary(): string {
    const { temporary } = this.folders;
    return process.platform === 'linux' ? `/proc/${String(this.#process.pid)}/root${temporary}` : temporary;
  }

  /** The folders of runs that are on the disk now. */
  async runFolders(): Promise<readonly string[]> {
    const names = await readdir(this.folders.temporary);
    return names.filter((name) => name.startsWith('socketscope-'));
  }

  /** Starts the app a second time, as opening a file from the desktop does. */
  async startAgain(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly stdout: string }> {
    const second = spawn(
      this.#process.spawnfile,
      [...(SANDBOXED ? [] : ['--no-sandbox']), PROJECT, `--user-data-dir=${this.userData}`, ...args],
      { cwd: this.folders.files, env: environment(this.folders), stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let stdout = '';
    second.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    await once(second, 'close');
    return { code: second.exitCode, stdout };
  }

  /** After this app has ended: starts it with the same data as a person would, with no debugger attached. */
  async startByHand(...args: readonly string[]): Promise<StartedByHand> {
    const started = spawn(
      this.#process.spawnfile,
      [
        ...(SANDBOXED ? [] : ['--no-sandbox']),
        '--remote-debugging-port=0',
        PROJECT,
        `--user-data-dir=${this.userData}`,
        ...args,
      ],
      // A group of its own: it may start another process, and both have to go if the test fails.
      {
        cwd: this.folders.files,
        env: environment(this.folders),
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
      },
    );
    const exitCode = exited(started).then(() => started.exitCode);
    function kill(): void {
      if (started.pid === undefined) return;
      try {
        process.kill(-started.pid, 'SIGKILL');
      } catch {
        // All of it has ended.
      }
    }
    try {
      const address = await new Promise<string>((resolve, reject) => {
        createInterface({ input: started.stderr }).on('line', (line) => {
          const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        });
        void exitCode.then((code) => {
          reject(new Error(`the app ended with ${String(code)}`));
        });
      });
      const browser = await chromium.connectOverCDP(address);
      const context = browser.contexts()[0];
      const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
      if (page === undefined) throw new Error('no window');
      return { window: new AppWindow(page), exitCode, kill };
    } catch (error) {
      kill();
      throw error;
    }
  }

  /** Answers the next questions of the system's message box with the button of that number. */
  async answerQuestions(button: number): Promise<void> {
    await this.electron.evaluate(({ dialog }, response) => {
      Reflect.set(globalThis, 'asked', []);
      dialog.showMessageBox = (...given: unknown[]) => {
        const asked: unknown = Reflect.get(globalThis, 'asked');
        if (Array.isArray(asked)) asked.push(given.at(-1));
        Reflect.set(globalThis, 'askedOver', given.length > 1 ? given[0] : undefined);
        return Promise.resolve({ response, checkboxChecked: false });
      };
    }, button);
  }

  /** The sentences of the questions that were asked since then. */
  async questions(): Promise<readonly string[]> {
    return await this.electron.evaluate(() => {
      const asked: unknown = Reflect.get(globalThis, 'asked');
      return Array.isArray(asked) ? asked.map((question) => String(Reflect.get(question, 'message'))) : [];
    });
  }

  /** The last of these questions as it was asked, and whether it belonged to the window. */
  async lastQuestion(): Promise<LastQuestion> {
    return await this.electron.evaluate(({ BrowserWindow }) => {
      const asked: unknown = Reflect.get(globalThis, 'asked');
      const question: unknown = Array.isArray(asked) ? asked.at(-1) : undefined;
      const say = (name: string): string => String(Reflect.get(Object(question), name));
      const labels: unknown = Reflect.get(Object(question), 'buttons');
      const buttons = Array.isArray(labels) ? labels.map(String) : [];
      return {
        text: [say('message'), say('detail')].join('\n'),
        buttons,
        byDefault: buttons[Number(say('defaultId'))],
        dismissed: buttons[Number(say('cancelId'))],
        overTheWindow: Reflect.get(globalThis, 'askedOver') === BrowserWindow.getAllWindows()[0],
      };
    });
  }

  /** Clicks the window's own button. */
  async clickClose(): Promise<void> {
    await this.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.close();
    });
  }

  /** Closes the window by its own button, quits whatever is running, and waits for the process to end by itself. */
  async closeWindow(): Promise<void> {
    const ended = exited(this.#process);
    await this.answerQuestions(0);
    await this.electron.evaluate(({ BrowserWindow }) => {
      // Not in this turn: the answer to the test must be out before the app ends.
      setImmediate(() => {
        for (const window of BrowserWindow.getAllWindows()) window.close();
      });
    });
    await ended;
  }

  /** Ends the app as Ctrl+C in its terminal does, and waits for the process to end. */
  async interrupt(): Promise<void> {
    const ended = exited(this.#process);
    this.#process.kill('SIGINT');
    await ended;
  }

  /** Ends the app as "kill -9" does, which it cannot catch, and waits for the process to end. */
  async kill(): Promise<void> {
    const ended = exited(this.#process);
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** What went wrong in main and in the page, by their own records. */
  async errors(): Promise<readonly string[]> {
    if (this.errorsAreExpected) return [];
    const log = await readFile(join(this.userData, 'logs', 'main.log'), 'utf8');
    return [...log.split('\n').filter((line) => line.includes('[error]')), ...this.#consoleErrors];
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = exited(this.#process);
    // A run under way would keep the app open: the question has its own test.
    await this.answerQuestions(0);
    await this.electron.close();
    await ended;
  }
}

/** Writes, beside `place`, a program that starts Electron where a disk is mounted in that place, and gives its path. */
export async function onOwnDisk(place: string, options: string): Promise<string> {
  const electron: unknown = createRequire(import.meta.url)('electron');
  const program = `${place}-on-own-disk`;
  const own = AS_ROOT ? '-m' : '-rm';
  await writeFile(
    program,
    `#!/bin/sh
exec unshare ${own} sh -c 'mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"' '${place}' '${String(electron)}' "$@"
`,
    { mode: 0o755 },
  );
  return program;
}

export function environment(folders: Folders): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('ELECTRON_')) env[name] = value;
  }
  return { ...env, TMPDIR: folders.temporary };
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The value of a result that must be ok. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.value;
}

/** The one fact of a kind. */
export function factOf<Kind extends FactKind>(
  facts: readonly TraceEvent[],
  kind: Kind,
): Extract<TraceEvent, { readonly kind: Kind }> {
  const found = facts.filter(
    (fact): fact is Extract<TraceEvent, { readonly kind: Kind }> => fact.kind === kind,
  );
  const [fact] = found;
  if (fact === undefined || found.length > 1) throw new Error(`${found.length} facts of kind ${kind}`);
  return fact;
}

interface Fixtures {
  readonly folders: Folders;
  /** The test's folder. */
  readonly folder: string;
  /** Starts an app; it is closed when the test ends, and its log must hold no error then. */
  readonly launch: (options?: LaunchOptions) => Promise<SocketScope>;
}

export const test = base.extend<Fixtures>({
  folders: async ({}, use) => {
    const top = await mkdtemp(join(tmpdir(), 'sse-'));
    const folders = { files: join(top, 'files'), temporary: join(top, 'tmp') };
    await mkdir(folders.files);
    await mkdir(folders.temporary);
    await use(folders);
    await rm(top, { recursive: true, force: true, maxRetries: 5 });
  },
  folder: async ({ folders }, use) => {
    await use(folders.files);
  },
  launch: async ({ folders }, use) => {
    const apps: SocketScope[] = [];
    await use(async (options = {}) => {
      const app = await SocketScope.launch(folders, options);
      apps.push(app);
      return app;
    });
    for (const app of apps) await app.close();
    for (const app of apps) expect(await app.errors(), 'errors of the app').toEqual([]);
  },
});

export { expect } from '@playwright/test';
