import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Tests use real sockets and change the effective user (an unreadable file): each file gets a process of its own.
    pool: 'forks',
    testTimeout: 20_000,
  },
});
