import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

import './scripts/own-caches.mjs';

/** One of its tests waits a whole minute for the kernel (TIME_WAIT) and needs no processor meanwhile. */
const WAITS = 'src/engine/experiments/run/time-wait.test.ts';

function waits({ moduleId }: TestSpecification): boolean {
  return moduleId.endsWith(WAITS);
}

/** The longest wait first: all the others run beside it. */
class WaitFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['scripts/terminal-for-tests.mjs'],
    // Tests use real sockets and change the effective user (an unreadable file): each file gets a process of its own.
    pool: 'forks',
    sequence: { sequencer: WaitFirst },
    // Three, on two cores as well: one of them does nothing but wait.
    maxWorkers: 3,
    testTimeout: 20_000,
  },
});
