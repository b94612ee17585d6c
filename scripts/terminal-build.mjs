// @ts-check
// Builds the terminal command as one file, dist/socketscope.mjs, which must need only Node: no packages and no other
// sources.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stampOf } from './build.mjs';
import { errorCode } from './commands.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

/** The sources of the file, and its build script. */
const FOLDERS = ['src/engine', 'src/cli', 'src/shared'];
const OTHERS = ['package.json', 'package-lock.json', 'scripts/terminal-build.mjs'];
/** Begins the file's last line, which has the stamp of its sources. */
const BUILT_FROM = '// built from ';

/**
 * @param {string} projectFolder
 * @returns {Promise<string>} the file's content
 * @throws {Error} where the sources cannot be built
 */
async function bundle(projectFolder) {
  // Loaded late: a command that is built already starts without it.
  const { build } = await import('vite');
  const built = await build({
    root: projectFolder,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: 'src/cli/index.ts',
      target: 'node20',
      write: false,
      rolldownOptions: { output: { format: 'es', codeSplitting: false, banner: '#!/usr/bin/env node' } },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const [file, ...more] = outputs;
  if (file?.type !== 'chunk' || more.length > 0) throw new Error('More than one file was built.');
  return file.code;
}

/**
 * Builds the file unless it exists and was built from the current sources.
 * @param {string} projectFolder
 * @returns {Promise<Outcome<string>>} the file's path; a failure's message includes the build's output
 */
export async function ensureTerminal(projectFolder) {
  const folder = path.join(projectFolder, 'dist');
  const file = path.join(folder, 'socketscope.mjs');
  const lastLine = `${BUILT_FROM}${await stampOf(projectFolder, FOLDERS, OTHERS)}\n`;
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present.endsWith(`\n${lastLine}`)) return { ok: true, value: file };
  /** @type {string} */
  let code;
  try {
    code = await bundle(projectFolder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      message: `${why}\nThe terminal command could not be built; the lines above say why.`,
    };
  }
  // Atomic, because another process may build or start it meanwhile.
  const whole = path.join(folder, `socketscope-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(whole, `${code.trimEnd()}\n${lastLine}`, { mode: 0o755 });
    await rename(whole, file);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    await rm(whole, { force: true }).catch(() => undefined);
    return {
      ok: false,
      message: `The terminal command cannot be built: ${folder} cannot be written (${code}). Make it yours and start again.`,
    };
  }
  return { ok: true, value: file };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const built = await ensureTerminal(path.resolve(import.meta.dirname, '..'));
  if (!built.ok) {
    console.error(built.message);
    process.exitCode = 1;
  }
}
