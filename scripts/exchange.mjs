// @ts-check
// `npm run exchange`: the terminal command, built first where its sources are not the ones that were built last.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureTerminal } from './terminal-build.mjs';

const built = await ensureTerminal(path.resolve(import.meta.dirname, '..'));
if (built.ok) {
  // In this process: its arguments, its signals and its exit code are the command's.
  await import(pathToFileURL(built.value).href);
} else {
  console.error(built.message);
  process.exitCode = 1;
}
