// @ts-check
// `npm run exchange`: the terminal command, built first where its sources have changed since the last build.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureTerminal } from './terminal-build.mjs';

const built = await ensureTerminal(path.resolve(import.meta.dirname, '..'));
if (built.ok) {
  // In this process, so that the command gets its arguments and signals and sets its exit code.
  await import(pathToFileURL(built.value).href);
} else {
  console.error(built.message);
  process.exitCode = 1;
}
