// @ts-check
// `node scripts/tool.mjs NAME ARGS`: runs a tool of the project's packages, as npx does, without a cache in the folder for
// temporary files. The scripts of package.json need it, because they cannot set an environment variable on every system.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './commands.mjs';
import { field } from './test-counts.mjs';
import './own-caches.mjs';

const PACKAGES = path.resolve(import.meta.dirname, '..', 'node_modules');

/**
 * @param {string} name of a program
 * @returns {Promise<string>} its file
 */
async function fileOf(name) {
  const folder = path.join(PACKAGES, name === 'tsc' ? 'typescript' : name);
  /** @type {unknown} */
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const programs = field(manifest, 'bin');
  return path.join(folder, String(typeof programs === 'string' ? programs : field(programs, name)));
}

const [name = '', ...args] = process.argv.slice(2);
const { status } = await run(process.execPath, [await fileOf(name), ...args], { show: true });
process.exitCode = status ?? 1;
