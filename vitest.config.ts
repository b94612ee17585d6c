import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Tests use real sockets and change the effective user (an unreadable file): each file gets a process of its own.
    pool: 'forks',
    // Two, on two cores as well: one test waits a whole minute for the kernel (TIME_WAIT), and many wait for the disk.
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
