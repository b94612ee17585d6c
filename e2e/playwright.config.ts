// End-to-end tests in the real Electron, one after another: each starts the built app with a folder of its own.
// `npm test` builds the app, gives the tests a display of their own and runs them.

import { defineConfig } from '@playwright/test';

import '../scripts/own-caches.mjs';

export default defineConfig({
  testDir: '.',
  outputDir: 'output/results',
  // Some apps run real exchanges as fast as they can: two at once would measure each other.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'off', video: 'off', screenshot: 'off' },
});
