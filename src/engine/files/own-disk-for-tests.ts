// Runs code on a file system of its own, for tests of a full or read-only disk. Needs unshare (util-linux) and
// permission to use it.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..', '..', '..');

interface OwnDisk {
  /** The mount point, which is also the folder for temporary files while the code runs. */
  readonly place: string;
  /** The options for `mount -o`. */
  readonly options: string;
  /** A shell command that is run in it first. */
  readonly first?: string;
}

/**
 * Runs `body`, the body of an async function, in a mount namespace in which the disk is mounted. `imports` are the
 * lines before it. Returns its result and the names of the files on the disk afterwards, parsed from JSON.
 */
export function onOwnDisk(
  { place, options, first = 'true' }: OwnDisk,
  imports: readonly string[],
  body: string,
): unknown {
  // TMPDIR is set after the imports: tsx writes files of its own into the folder for temporary files.
  const code = `
    import { readdir } from 'node:fs/promises';
    ${imports.join('\n')}
    process.env.TMPDIR = ${JSON.stringify(place)};
    const outcome = await (async () => {${body}})();
    process.stdout.write(JSON.stringify({ outcome, left: await readdir(process.env.TMPDIR) }));
  `;
  const script = `mount -t tmpfs -o ${options} tmpfs "$0" && (cd "$0" && ${first}) && exec "$@"`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', code];
  const own = process.geteuid?.() === 0 ? '-m' : '-rm';
  const ended = spawnSync('unshare', [own, 'sh', '-c', script, place, ...node], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  if (ended.status !== 0) throw new Error(ended.stderr);
  const output: unknown = JSON.parse(ended.stdout);
  return output;
}
