// End-to-end tests in the real Electron: each starts the built app with a folder of its own, on its worker's own display.
// `npm test` builds the app, runs first the tests that can run in parallel, then those that have to run alone.

import { defineConfig } from '@playwright/test';

import '../scripts/own-caches.mjs';

/**
 * A desktop with its file manager has limits of its own, a run of 200,000 lines takes both processors, and a countdown, a
 * picture that plays or a run that ends by itself soon is looked at as it goes.
 */
const ALONE = [
  'desktop/*.spec.ts',
  'files.spec.ts',
  'hostile.spec.ts',
  'large.spec.ts',
  'port-doctor.spec.ts',
  'watching.spec.ts',
];

export default defineConfig({
  testDir: '.',
  // The default.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'off', video: 'off', screenshot: 'off' },
  // Each empties its own folder before it begins.
  projects: [
    { name: 'side-by-side', testIgnore: ALONE, outputDir: 'output/results/side-by-side' },
    { name: 'alone', testMatch: ALONE, workers: 1, outputDir: 'output/results/alone' },
  ],
});
