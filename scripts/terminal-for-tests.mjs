// @ts-check
// Vitest's global setup: builds the terminal command once, before the unit tests that start it.

import path from 'node:path';
import { ensureTerminal } from './terminal-build.mjs';

export async function setup() {
  const built = await ensureTerminal(path.resolve(import.meta.dirname, '..'));
  if (!built.ok) throw new Error(built.message);
}
