// A display of its own for each worker of Playwright: two apps at once would take each other's focus and pointer, and no
// test window appears on a person's desktop.

import { test as base } from '@playwright/test';

import { startXvfb } from '../scripts/display.mjs';

interface WorkerFixtures {
  /** What the worker and all that it starts have as DISPLAY; undefined where the system is none of X. */
  readonly display: string | undefined;
}

export const test = base.extend<object, WorkerFixtures>({
  display: [
    async ({}, use) => {
      if (process.platform !== 'linux') {
        await use(undefined);
        return;
      }
      const display = await startXvfb();
      if (!display.ok) throw new Error(display.message);
      process.env.DISPLAY = display.value.name;
      // Electron prefers a Wayland session where there is one.
      delete process.env.WAYLAND_DISPLAY;
      await use(display.value.name);
      await display.value.stop();
    },
    { scope: 'worker', auto: true },
  ],
});
