// A file system of its own for a test: a disk cannot be full or read-only otherwise. Needs unshare (util-linux) and leave
// to use it.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '..', '..', '..');

interface OwnDisk {
  /** The folder at which it is mounted, and where temporary files go while `code` runs. */
  readonly place: string;
  /** How it is mounted, as `mount -o` takes it. */
  readonly options: string;
  /** Done in it before, by a shell. */
  readonly first?: string;
}

/**
 * Runs the body of an async function in a mount namespace in which the disk is mounted. `imports` are lines before it.
 * Gives what it returned and the names of what lies on the disk then, as JSON has them.
 */
export function onOwnDisk(
  { place, options, first = 'true' }: OwnDisk,
  imports: readonly string[],
  body: string,
): unknown {
  // Set only when all is loaded: tsx keeps files of its own in the folder for temporary files.
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
  const said: unknown = JSON.parse(ended.stdout);
  return said;
}
