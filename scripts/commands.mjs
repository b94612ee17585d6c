// @ts-check
// Runs other programs for the scripts and reports how they ended. Defines how the scripts report an expected failure.

import { spawn } from 'node:child_process';

/**
 * An expected failure is a value; `message` is one plain sentence (or two) that names the thing and what to do next.
 * @template Value
 * @typedef {{ readonly ok: true, readonly value: Value } | { readonly ok: false, readonly message: string }} Outcome
 */

/**
 * How a program ended. `status` is undefined where a signal ended it or it could not be started.
 * @typedef {object} Ended
 * @property {number | undefined} status
 * @property {string} stdout empty where it was passed through
 * @property {string} stderr empty where it was passed through
 * @property {boolean} timedOut
 * @property {string | undefined} startError such as ENOENT, where it could not be started
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [limitMs] the program is killed after so many milliseconds
 * @property {boolean} [show] its output is passed through and not collected
 * @property {boolean} [ask] it may also read the terminal (a password)
 * @property {boolean} [shell] `command` is a line for the system's shell
 */

/**
 * Runs a program to its end and never rejects.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
export function run(command, args, options = {}) {
  const output = options.show === true ? 'inherit' : 'pipe';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: [options.ask === true ? 'inherit' : 'ignore', output, output],
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stderr += text;
    });
    const limit =
      options.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.limitMs);
    child.once('error', (error) => {
      clearTimeout(limit);
      const startError = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
      resolve({ status: undefined, stdout, stderr, timedOut, startError });
    });
    child.once('close', (status) => {
      clearTimeout(limit);
      resolve({ status: status ?? undefined, stdout, stderr, timedOut, startError: undefined });
    });
  });
}

/**
 * The last lines of a program's output, without empty lines and stack frames.
 * @param {string} output
 * @param {number} lines
 * @returns {string}
 */
export function tail(output, lines) {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(-lines)
    .join('\n');
}

/**
 * The system's code of an error, such as `ENOENT`, where it has one.
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function errorCode(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
