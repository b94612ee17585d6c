// @ts-check
// Builds the app into out/ where its sources have changed since the last build.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, run } from './commands.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

/** The sources of the build besides src/. */
const SOURCES = [
  'electron.vite.config.ts',
  'scripts/replay-page.mjs',
  'package.json',
  'package-lock.json',
  'packaging/icons/app/128x128.png',
];
const STAMP = path.join('out', 'built-from');
const ENTRIES = [
  path.join('out', 'main', 'index.cjs'),
  path.join('out', 'main', 'replay.html'),
  path.join('out', 'preload', 'index.cjs'),
  path.join('out', 'renderer', 'index.html'),
];

/**
 * A name for the current sources. The same content has the same name, whatever the files' times. Tests are not part of the
 * sources.
 * @param {string} projectFolder
 * @returns {Promise<string>}
 */
export async function sourceStamp(projectFolder) {
  return await stampOf(projectFolder, ['src'], SOURCES);
}

/**
 * @param {string} projectFolder
 * @param {readonly string[]} folders everything in them counts but tests
 * @param {readonly string[]} others files; a missing one counts, too
 * @returns {Promise<string>}
 */
export async function stampOf(projectFolder, folders, others) {
  const found = await Promise.all(
    folders.map((folder) =>
      readdir(path.join(projectFolder, folder), { recursive: true, withFileTypes: true }),
    ),
  );
  const files = found
    .flat()
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(projectFolder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...files, ...others]) {
    const content = await readFile(path.join(projectFolder, file)).catch(() => undefined);
    // The length separates the end of one file from the name of the next.
    hash.update(`${file}\n${String(content?.length)}\n`);
    if (content !== undefined) hash.update(content);
  }
  return hash.digest('hex');
}

/**
 * Whether out/ has a complete build of the sources with this stamp.
 * @param {string} projectFolder
 * @param {string} stamp
 * @returns {Promise<boolean>}
 */
export async function isBuiltFrom(projectFolder, stamp) {
  const built = await readFile(path.join(projectFolder, STAMP), 'utf8').catch(() => undefined);
  return built === stamp && ENTRIES.every((entry) => existsSync(path.join(projectFolder, entry)));
}

/**
 * Builds the app unless it is built already.
 * @param {string} projectFolder
 * @param {(line: string) => void} [say]
 * @returns {Promise<Outcome<void>>} a failure's message includes the build's output
 */
export async function ensureBuild(projectFolder, say = console.log) {
  const stamp = await sourceStamp(projectFolder);
  if (await isBuiltFrom(projectFolder, stamp)) return { ok: true, value: undefined };
  say('Building …');
  const stampFile = path.join(projectFolder, STAMP);
  try {
    // An interrupted build must not count as a complete one.
    await rm(stampFile, { force: true });
    await mkdir(path.dirname(stampFile), { recursive: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const out = path.dirname(stampFile);
    return {
      ok: false,
      message: `The app cannot be built: ${out} cannot be written (${code}). Make it yours and start again.`,
    };
  }
  const builder = path.join(projectFolder, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const ended = await run(process.execPath, [builder, 'build'], { cwd: projectFolder });
  if (ended.status !== 0) {
    const output = `${ended.stdout}${ended.stderr}`.trim();
    return {
      ok: false,
      message: `${output}\nThe app could not be built; the output above says where it failed.`,
    };
  }
  await writeFile(stampFile, stamp);
  return { ok: true, value: undefined };
}
