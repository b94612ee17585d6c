// A desktop as a person has it, for the tests of this folder: the app installed from its own package, a window manager,
// a file manager and a pointer that X itself moves. All of it runs as an ordinary user, in a home of its own.

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium, expect, type Browser, type Page } from '@playwright/test';

import { AS_ROOT } from '../app.ts';
import { test as base } from '../display.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const PACKAGES = join(PROJECT, 'dist', 'for-tests');
const SHOTS = join(PROJECT, 'e2e', 'output', 'shots');
const ORDINARY_USER = 'nobody';
/** What our own entry starts; in the temporary place it has another folder in front. */
const INSTALLED_PROGRAM = '/opt/SocketScope/socketscope';
/** Its title ends so, behind what it shows. */
const APP_WINDOW = 'SocketScope$';

/** Single clicks select, double clicks open, and a desktop entry is run without a question. */
const LIBFM_SETTINGS = '[config]\nsingle_click=0\nquick_exec=1\nconfirm_del=0\n';
/** A window with nothing but its files: the first one is then always at the same place. */
const PCMANFM_SETTINGS = `[config]
bm_open_method=0
[ui]
always_show_tabs=0
hide_close_btn=1
win_width=600
win_height=480
side_pane_mode=hidden;places
view_mode=icon
show_hidden=0
show_statusbar=0
`;

/** A place on the screen, in its pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** The package, unpacked as its installation would put it. */
export interface Installed {
  /** What `/` is for the installed package. */
  readonly root: string;
  /** The program itself. */
  readonly program: string;
}

/** The package that `npm test` builds, or an error that says how to get one. */
async function packageFile(): Promise<string> {
  const names = existsSync(PACKAGES) ? await readdir(PACKAGES) : [];
  const name = names.find((candidate) => candidate.endsWith('.deb'));
  if (name === undefined)
    throw new Error(`There is no package in ${PACKAGES}: run npm test, which builds it.`);
  return join(PACKAGES, name);
}

/** Runs a program as the ordinary user that these tests are about. */
function asOrdinaryUser(command: readonly string[]): readonly [string, readonly string[]] {
  const [program = '', ...args] = command;
  return AS_ROOT ? ['runuser', ['-u', ORDINARY_USER, '--', ...command]] : [program, args];
}

/** Linux may forbid an ordinary user the namespaces that Chromium's sandbox is made of. */
function sandboxPossible(): boolean {
  const [program, args] = asOrdinaryUser(['unshare', '-Ur', 'true']);
  return spawnSync(program, args).status === 0;
}

function environmentOf(home: string, root: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of ['PATH', 'DISPLAY', 'LANG', 'LC_ALL']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return {
    ...env,
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    XDG_DATA_DIRS: `${join(root, 'usr', 'share')}:/usr/local/share:/usr/share`,
  };
}

/** One session of an ordinary user: window manager, bus, and what is started in it by hand. */
export class Desktop {
  readonly home: string;
  readonly installed: Installed;
  readonly #env: Record<string, string>;
  readonly #session: ChildProcess;
  readonly #started: ChildProcess[];
  #app: { readonly browser: Browser; readonly pid: number } | undefined;

  private constructor(
    home: string,
    installed: Installed,
    env: Record<string, string>,
    session: ChildProcess,
  ) {
    this.home = home;
    this.installed = installed;
    this.#env = env;
    this.#session = session;
    this.#started = [];
  }

  /** Begins a session in a new home. */
  static async begin(installed: Installed): Promise<Desktop> {
    const home = await mkdtemp(join(tmpdir(), 'sse-home-'));
    const env = environmentOf(home, installed.root);
    for (const folder of ['tmp', 'run', '.config/libfm', '.config/pcmanfm/default', '.config/SocketScope']) {
      await mkdir(join(home, folder), { recursive: true });
    }
    await chmod(join(home, 'run'), 0o700);
    await writeFile(join(home, '.config/libfm/libfm.conf'), LIBFM_SETTINGS);
    await writeFile(join(home, '.config/pcmanfm/default/pcmanfm.conf'), PCMANFM_SETTINGS);
    await writeFile(join(home, '.config/SocketScope/settings.json'), JSON.stringify({ port: 0 }));
    giveAway(home);

    // The session prints the address of its bus, and ends when its standard input does.
    const words = 'openbox & echo "$DBUS_SESSION_BUS_ADDRESS"; cat';
    const [program, args] = asOrdinaryUser(['dbus-run-session', '--', 'sh', '-c', words]);
    const session = spawn(program, args, {
      cwd: home,
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    const lines = createInterface({ input: session.stdout });
    const firstLine: unknown[] = await Promise.race([
      once(lines, 'line'),
      once(session, 'exit').then(() => {
        throw new Error('the session ended before it had begun');
      }),
    ]);
    const desktop = new Desktop(
      home,
      installed,
      { ...env, DBUS_SESSION_BUS_ADDRESS: String(firstLine[0]) },
      session,
    );
    // Openbox is ready when it has set its property on the root window (Extended Window Manager Hints).
    await expect
      .poll(() => desktop.#ask('xprop', '-root', '_NET_SUPPORTING_WM_CHECK'), { intervals: [50] })
      .toContain('window id');
    return desktop;
  }

  /** A folder of this user's, with copies of files in it. */
  async folder(name: string, ...files: readonly string[]): Promise<string> {
    const folder = join(this.home, name);
    await mkdir(folder);
    for (const file of files) await cp(file, join(folder, file.slice(file.lastIndexOf('/') + 1)));
    giveAway(folder);
    return folder;
  }

  /** Opens a folder in the file manager, at the left of the screen, and gives the place of its only file. */
  async openFolder(folder: string, at: Point): Promise<{ readonly file: Point; readonly ground: Point }> {
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    const [program, args] = asOrdinaryUser(['pcmanfm', '--new-win', folder]);
    this.#started.push(spawn(program, args, { cwd: this.home, env: this.#env, stdio: 'ignore' }));
    const area = await this.#place(`^${name}$`, { ...at, width: 600, height: 480 });
    return {
      file: { x: area.x + 55, y: area.y + 98 },
      ground: { x: area.x + area.width / 2, y: area.y + area.height * 0.7 },
    };
  }

  /** The app's window once it is there, moved where the test wants it. */
  async appWindow(): Promise<Area> {
    return await this.#place(APP_WINDOW, { x: 660, y: 30, width: 920, height: 900 });
  }

  /** What X reports of the app's window. */
  async appWindowSays(property: string): Promise<string> {
    return await this.#ask('xprop', '-id', await this.#windowId(APP_WINDOW), property);
  }

  /** The page in the app's window, over the debugging port that this installation's desktop entry opens. */
  async page(): Promise<Page> {
    const portFile = join(this.home, '.config', 'SocketScope', 'DevToolsActivePort');
    await expect.poll(() => existsSync(portFile), { intervals: [50] }).toBe(true);
    const [port = ''] = (await readFile(portFile, 'utf8')).split('\n');
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const pid = Number(await this.#ask('xdotool', 'getwindowpid', await this.#windowId(APP_WINDOW)));
    this.#app = { browser, pid };
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the app has no page');
    await page.locator('html[data-phase]').waitFor();
    return page;
  }

  /** Two clicks, as a hand makes them. */
  doubleClick(point: Point): void {
    this.#pointer(...moveTo(point), 'sleep', '0.2', 'click', '--repeat', '2', '--delay', '120', '1');
  }

  /** Presses keys one after another, in the window that has them, as xdotool names them. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.#pointer('key', key, 'sleep', '0.3');
  }

  /** Drags from one place to another: past the threshold first, then on in small moves. */
  drag(from: Point, to: Point): void {
    const moves = [...moveTo(from), 'sleep', '0.2', 'mousedown', '1'];
    const towards = to.x > from.x ? 1 : -1;
    for (let step = 1; step <= 8; step += 1) {
      moves.push(...moveTo({ x: from.x + 3 * step * towards, y: from.y + step }), 'sleep', '0.03');
    }
    moves.push('sleep', '0.3');
    for (let step = 1; step <= 25; step += 1) {
      const x = from.x + ((to.x - from.x) * step) / 25;
      const y = from.y + ((to.y - from.y) * step) / 25;
      moves.push(...moveTo({ x, y }), 'sleep', '0.03');
    }
    this.#pointer(...moves, 'sleep', '0.5', 'mouseup', '1');
  }

  /** Programs of the installed app that run now, by their process numbers: only the first ones, not their children. */
  async appProcesses(): Promise<readonly number[]> {
    const found: number[] = [];
    for (const pid of await readdir('/proc')) {
      const command = /^\d+$/.test(pid) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
      if (command.startsWith(`${this.installed.program}\0`) && !command.includes('--type='))
        found.push(Number(pid));
    }
    return found;
  }

  /**
   * Starts a program of an installation by its own name, with any arguments and environment.
   * @returns its standard error so far, and how it ends
   */
  start(
    program: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): { readonly stderr: () => string; readonly exitCode: Promise<number | null> } {
    const [command, all] = asOrdinaryUser([program, ...args]);
    const child = spawn(command, all, {
      cwd: this.home,
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#started.push(child);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return { stderr: () => stderr, exitCode: once(child, 'close').then(() => child.exitCode) };
  }

  /** A picture of the whole screen for people to look at, where the program for it is installed. */
  async shot(name: string): Promise<void> {
    await mkdir(SHOTS, { recursive: true });
    spawnSync('import', ['-window', 'root', join(SHOTS, `${name}.png`)]);
  }

  /** Closes the app as the end of a session does, then the session, and removes the home. */
  async end(): Promise<void> {
    await this.#app?.browser.close();
    for (const pid of await this.appProcesses()) process.kill(pid, 'SIGTERM');
    await expect.poll(() => this.appProcesses(), { timeout: 20_000 }).toEqual([]);
    for (const child of this.#started) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
    }
    const ended = once(this.#session, 'exit');
    this.#session.stdin?.end();
    await ended;
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  #pointer(...words: readonly string[]): void {
    execFileSync('xdotool', [...words], { env: this.#env });
  }

  async #ask(program: string, ...args: readonly string[]): Promise<string> {
    const child = spawn(program, args, { env: this.#env, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    return output.trim();
  }

  async #windowId(title: string): Promise<string> {
    const search = () => this.#ask('xdotool', 'search', '--onlyvisible', '--name', title);
    await expect.poll(search, { intervals: [100], timeout: 20_000 }).toMatch(/^\d+/);
    return (await search()).split('\n')[0] ?? '';
  }

  /** Waits for a window, moves it and waits until it is there. Returns its inside. */
  async #place(title: string, wanted: Area): Promise<Area> {
    const id = await this.#windowId(title);
    this.#pointer('windowactivate', '--sync', id);
    this.#pointer('windowsize', id, String(wanted.width), String(wanted.height));
    this.#pointer('windowmove', id, String(wanted.x), String(wanted.y));
    let before = '';
    // Moved, drawn and at rest: two readings are the same.
    await expect
      .poll(
        async () => {
          const now = await this.#ask('xwininfo', '-id', id);
          const same = now === before;
          before = now;
          return same;
        },
        { intervals: [200] },
      )
      .toBe(true);
    const number = (label: string): number => Number(new RegExp(`${label}:\\s+(-?\\d+)`).exec(before)?.[1]);
    return {
      x: number('Absolute upper-left X'),
      y: number('Absolute upper-left Y'),
      width: number('Width'),
      height: number('Height'),
    };
  }
}

function moveTo(point: Point): readonly string[] {
  return ['mousemove', String(Math.round(point.x)), String(Math.round(point.y))];
}

/** Gives a folder to the ordinary user. */
function giveAway(folder: string): void {
  if (AS_ROOT) execFileSync('chown', ['-R', ORDINARY_USER, folder]);
}

/** Unpacks the package below a folder of its own and does there what its installation does on a system. */
async function install(): Promise<Installed> {
  const root = await mkdtemp(join(tmpdir(), 'sse-installed-'));
  await chmod(root, 0o755);
  execFileSync('dpkg-deb', ['--extract', await packageFile(), root]);
  const program = join(root, INSTALLED_PROGRAM);
  const share = join(root, 'usr', 'share');
  const entry = join(share, 'applications', 'socketscope.desktop');
  // The inspector is off in a release, so the page is reached by Chromium's own port.
  const command = [program, '--remote-debugging-port=0', ...(sandboxPossible() ? [] : ['--no-sandbox'])];
  const text = await readFile(entry, 'utf8');
  await writeFile(entry, text.replace(INSTALLED_PROGRAM, command.join(' ')));
  execFileSync('update-desktop-database', [join(share, 'applications')]);
  // It would note that this folder is in no search path: in this process's it is not.
  execFileSync('update-mime-database', [join(share, 'mime')], { stdio: 'ignore' });
  return { root, program };
}

export const test = base.extend<{ readonly desktop: Desktop }, { readonly installed: Installed }>({
  installed: [
    async ({}, use) => {
      const installed = await install();
      await use(installed);
      await rm(installed.root, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  desktop: async ({ installed }, use, { testId, expectedStatus }) => {
    const desktop = await Desktop.begin(installed);
    await use(desktop);
    if (test.info().status !== expectedStatus) await desktop.shot(`failed-${testId}`);
    await desktop.end();
  },
});

export { expect };
