// Chromium's sandbox, for real: as root it is off and a test of it would prove nothing, so the app runs as an ordinary
// user here, from copies that this user can read, and the kernel is asked how the renderer is confined.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from '@playwright/test';

import { AS_ROOT, expect, test } from './app.ts';
import { AppWindow } from './panels.ts';

test.skip(process.platform !== 'linux', 'the kernel is asked through /proc');

const PROJECT = join(import.meta.dirname, '..');
const ORDINARY_USER = 'nobody';

/** The status of every renderer process that was started with this user-data folder. */
async function rendererStatus(userData: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes('--type=renderer') || !command.includes(userData)) continue;
      found.push(await readFile(`/proc/${pid}/status`, 'utf8'));
    } catch {
      // It ended while it was read.
    }
  }
  return found;
}

test('as an ordinary user the page runs inside the kernel’s own confinement, and the app works', async () => {
  const top = await mkdtemp(join(tmpdir(), 'sse-sandbox-'));
  try {
    // A checkout can lie where only root may read.
    const runtime = join(top, 'electron');
    const project = join(top, 'app');
    const userData = join(top, 'data');
    await cp(join(PROJECT, 'node_modules', 'electron', 'dist'), runtime, { recursive: true });
    await mkdir(project);
    await cp(join(PROJECT, 'out'), join(project, 'out'), { recursive: true });
    await cp(join(PROJECT, 'package.json'), join(project, 'package.json'));
    await mkdir(userData);
    await writeFile(join(userData, 'settings.json'), JSON.stringify({ port: 0, guideDone: true }));
    if (AS_ROOT) execFileSync('chown', ['-R', ORDINARY_USER, top]);

    const electron = [
      join(runtime, 'electron'),
      '--remote-debugging-port=0',
      `--user-data-dir=${userData}`,
      project,
    ];
    const [command = '', ...args] = AS_ROOT ? ['runuser', '-u', ORDINARY_USER, '--', ...electron] : electron;
    const app = spawn(command, args, {
      cwd: top,
      env: { ...process.env, HOME: top, TMPDIR: top, XDG_CONFIG_HOME: top, XDG_CACHE_HOME: top },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(app, 'exit');
    try {
      const output: string[] = [];
      const address = await new Promise<string>((resolve, reject) => {
        createInterface({ input: app.stderr }).on('line', (line) => {
          output.push(line);
          const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        });
        void ended.then(() => {
          reject(new Error(`the app ended: ${output.join('\n')}`));
        });
      });
      const browser = await chromium.connectOverCDP(address);
      const context = browser.contexts()[0];
      const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
      if (page === undefined) throw new Error('no window');
      const window = new AppWindow(page);
      await window.wire.button('Run the sample').click();
      await expect(window.root).toHaveAttribute('data-phase', 'settled');
      await expect(window.header.button('Save out-proj.txt')).toBeEnabled();

      const status = await rendererStatus(userData);
      expect(status.length).toBeGreaterThan(0);
      for (const text of status) {
        // 2 is a filter on system calls (seccomp(2)); two process numbers mean a process namespace of its own.
        expect(text).toMatch(/^Seccomp:\t2$/m);
        expect(text).toMatch(/^NSpid:\t\d+\t\d+/m);
        expect(text).toMatch(/^NoNewPrivs:\t1$/m);
        expect(text).not.toMatch(/^Uid:\t0\t/m);
      }
      await browser.close();
    } finally {
      // The launcher passes it on; the app closes its window and ends.
      app.kill('SIGTERM');
      await ended;
    }
  } finally {
    await rm(top, { recursive: true, force: true, maxRetries: 5 });
  }
});
