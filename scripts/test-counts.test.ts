// The last line of `npm test`, from the reports of the two test runners.

import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, countsLine } from './test-counts.mjs';

const VITEST = {
  numTotalTests: 6,
  numPassedTests: 4,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
    { status: 'failed', assertionResults: [], message: 'Cannot find module' },
  ],
};

const PLAYWRIGHT = { errors: [], stats: { expected: 7, unexpected: 2, flaky: 1, skipped: 0 } };

describe('the counts', () => {
  it('count a file that Vitest could not load as a failed test', () => {
    expect(countVitest(VITEST)).toEqual({ passed: 4, failed: 2, skipped: 1 });
  });

  it('count an error outside of Playwright’s tests as a failed test', () => {
    expect(countPlaywright(PLAYWRIGHT)).toEqual({ passed: 8, failed: 2, skipped: 0 });
    expect(countPlaywright({ ...PLAYWRIGHT, errors: [{ message: 'No tests found' }] }).failed).toBe(3);
  });

  it('are zero where no report was written', () => {
    expect(countVitest(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0 });
    expect(countPlaywright(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it('are summed in one line, with skipped tests only where there are any', () => {
    const unit = { passed: 10, failed: 0, skipped: 0 };
    expect(countsLine([unit, { passed: 5, failed: 1, skipped: 0 }])).toBe('15 passed, 1 failed');
    expect(countsLine([unit, { passed: 0, failed: 0, skipped: 2 }])).toBe('10 passed, 0 failed, 2 skipped');
  });
});
