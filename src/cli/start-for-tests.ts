// How tests start the terminal command: Node with these arguments, and the command's own behind them.

import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..', '..');

/** One file, built from the present sources before any test runs (scripts/terminal-for-tests.mjs). */
export const COMMAND: readonly [string] = [join(PROJECT, 'dist', 'socketscope.mjs')];
