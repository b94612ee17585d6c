// @ts-check
// Runs the steps of a test run, one after another or several programs side by side. Prints each with a heading, its
// duration and its outcome.

import { performance } from 'node:perf_hooks';
import { run } from './commands.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

/**
 * @typedef {object} Steps
 * @property {readonly string[]} failed the names of the steps that failed, in the order in which they ended
 * @property {(name: string, work: () => Promise<Outcome<void>>) => Promise<boolean>} step runs one step below its
 *   heading and resolves to whether it succeeded; it may print meanwhile
 * @property {(commands: readonly (string | Command)[], options: SideBySide) => Promise<void>} sideBySide runs lines for
 *   the shell, at most `atOnce` at a time, started in their order. Each is a step of its own. Its output is printed when it
 *   has ended, so that outputs are not mixed. One that fails stops no other.
 */

/**
 * @typedef {object} Command
 * @property {string} name of its step; a line without one is its own name
 * @property {string} line for the shell
 */

/**
 * @typedef {object} SideBySide
 * @property {number} atOnce
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * @param {(text: string) => void} [say] prints headings, results and collected output
 * @returns {Steps}
 */
export function createSteps(say = console.log) {
  /** @type {string[]} */
  const failed = [];

  /**
   * @param {string} name
   * @param {Outcome<void>} outcome
   * @param {number} began
   */
  function end(name, outcome, began) {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (!outcome.ok) {
      if (outcome.message !== '') say(outcome.message);
      failed.push(name);
    }
    say(`-- ${name}: ${outcome.ok ? 'done' : 'failed'} after ${seconds} s`);
    return outcome.ok;
  }

  return {
    failed,
    async step(name, work) {
      say(`\n== ${name}`);
      const began = performance.now();
      return end(name, await work(), began);
    },
    async sideBySide(commands, { atOnce, cwd, env }) {
      const waiting = commands.map((each) => (typeof each === 'string' ? { name: each, line: each } : each));
      say(`\n== side by side: ${waiting.map(({ name }) => name).join(', ')}`);
      async function lane() {
        for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
          const began = performance.now();
          const ended = await run(command.line, [], { cwd, env, shell: true });
          // Synchronous on purpose: no other step can print in between.
          say(`\n== ${command.name}`);
          const output = `${ended.stdout}${ended.stderr}`.trim();
          if (output !== '') say(output);
          end(command.name, outcomeOf(ended), began);
        }
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, commands.length) }, lane));
    },
  };
}

/**
 * @param {import('./commands.mjs').Ended} ended
 * @returns {Outcome<void>} a failure without a message where the program printed its own
 */
export function outcomeOf({ status, startError }) {
  if (status === 0) return { ok: true, value: undefined };
  if (startError !== undefined) return { ok: false, message: `It could not be started (${startError}).` };
  return { ok: false, message: status === undefined ? 'It was ended by a signal.' : '' };
}
