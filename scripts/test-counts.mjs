// @ts-check
// Counts passed and failed tests in the JSON reports of Vitest and Playwright.

/**
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @type {TestCounts} */
export const NO_TESTS = { passed: 0, failed: 0, skipped: 0 };

/**
 * A field of a value parsed from JSON.
 * @param {unknown} report
 * @param {string} name
 * @returns {unknown} undefined where there is no such field
 */
export function field(report, name) {
  return typeof report === 'object' && report !== null ? Reflect.get(report, name) : undefined;
}

/**
 * @param {unknown} report
 * @param {string} name
 * @returns {number} 0 where there is no such number
 */
function numberIn(report, name) {
  const value = field(report, name);
  return typeof value === 'number' ? value : 0;
}

/**
 * @param {unknown} report
 * @param {string} name
 * @returns {readonly unknown[]}
 */
function listIn(report, name) {
  const value = field(report, name);
  return Array.isArray(value) ? value : [];
}

/**
 * @param {unknown} report of `vitest --reporter=json`
 * @returns {TestCounts} a file that could not be loaded counts as one failed test
 */
export function countVitest(report) {
  const notLoaded = listIn(report, 'testResults').filter((file) => {
    const tests = listIn(file, 'assertionResults');
    return field(file, 'status') === 'failed' && !tests.some((test) => field(test, 'status') === 'failed');
  });
  return {
    passed: numberIn(report, 'numPassedTests'),
    failed: numberIn(report, 'numFailedTests') + notLoaded.length,
    skipped: numberIn(report, 'numPendingTests') + numberIn(report, 'numTodoTests'),
  };
}

/**
 * @param {unknown} report of `playwright test --reporter=json`
 * @returns {TestCounts} an error outside of any test counts as one failed test; a test that passed on a retry as passed
 */
export function countPlaywright(report) {
  const stats = field(report, 'stats');
  return {
    passed: numberIn(stats, 'expected') + numberIn(stats, 'flaky'),
    failed: numberIn(stats, 'unexpected') + listIn(report, 'errors').length,
    skipped: numberIn(stats, 'skipped'),
  };
}

/**
 * @param {readonly TestCounts[]} all
 * @returns {string} such as `412 passed, 0 failed`, with the skipped tests if there are any
 */
export function countsLine(all) {
  const sum = all.reduce(
    (left, right) => ({
      passed: left.passed + right.passed,
      failed: left.failed + right.failed,
      skipped: left.skipped + right.skipped,
    }),
    NO_TESTS,
  );
  const skipped = sum.skipped === 0 ? '' : `, ${sum.skipped} skipped`;
  return `${sum.passed} passed, ${sum.failed} failed${skipped}`;
}
