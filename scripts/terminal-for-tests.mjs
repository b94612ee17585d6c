// @ts-check
// Builds the terminal command before the unit tests, which start it often: vitest calls setup() once.

import path from 'node:path';
import { ensureTerminal } from './terminal-build.mjs';

export async function setup() {
  const built = await ensureTerminal(path.resolve(import.meta.dirname, '..'));
  if (!built.ok) throw new Error(built.message);
}
