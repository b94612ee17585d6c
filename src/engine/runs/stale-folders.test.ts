import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { removeStaleFolders } from './stale-folders.ts';
import { hasEnded, markOfThisProcess } from '../system/process-mark.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';

const RUN_FOLDER = new URL('run-folder.ts', import.meta.url).href;

let temporary = '';
let tmpdirBefore: string | undefined;
const started: ChildProcess[] = [];

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'left-folders-test-'));
  tmpdirBefore = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
});

afterEach(async () => {
  for (const child of started.splice(0)) await kill(child);
  if (tmpdirBefore === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = tmpdirBefore;
  await rm(temporary, { recursive: true, force: true });
});

/** A program that creates a folder as a run does, writes into it, runs `then`, and goes on. */
async function startProgram(then = ''): Promise<{ readonly child: ChildProcess; readonly folder: string }> {
  const program = `
    import { writeFile } from 'node:fs/promises';
    import { createRunFolder } from ${JSON.stringify(RUN_FOLDER)};
    const made = await createRunFolder('in-proj.txt');
    await writeFile(made.value.resultPath, 'part');
    ${then}
    setInterval(() => undefined, 60_000);
    console.log(made.value.path);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const read: Promise<unknown[]> = once(child.stdout, 'data');
  const [said] = await read;
  return { child, folder: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function ownFolder(): Promise<RunFolder> {
  const made = await createRunFolder('in-proj.txt');
  if (!made.ok) throw new Error(made.problem.message);
  return made.value;
}

/** The existing run folders, without others beside them, such as the cache of tsx. */
async function folders(): Promise<readonly string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith('socketscope-')).sort();
}

describe('the folder of a killed program', () => {
  it('goes when its process was killed, and stays for as long as it runs', async () => {
    const { child, folder } = await startProgram();
    const own = await ownFolder();
    expect(await removeStaleFolders()).toEqual({ removed: [], failed: [] });
    expect(await readFile(join(folder, 'out-proj.txt'), 'utf8')).toBe('part');
    await kill(child);
    expect(await removeStaleFolders()).toEqual({ removed: [folder], failed: [] });
    expect(await folders()).toEqual([basename(own.path)]);
    expect(await removeStaleFolders()).toEqual({ removed: [], failed: [] });
  });

  it('stays where it was left to the person', async () => {
    const { child, folder } = await startProgram('await made.value.leave();');
    await kill(child);
    expect(await removeStaleFolders()).toEqual({ removed: [], failed: [] });
    expect(await readFile(join(folder, 'out-proj.txt'), 'utf8')).toBe('part');
  });

  it('is left to the person without harm to a result of any name', async () => {
    const made = await createRunFolder('in-proj.txt', 'left-to-the-person');
    if (!made.ok) throw new Error(made.problem.message);
    await writeFile(made.value.resultPath, 'part');
    await made.value.leave();
    expect(await readFile(made.value.resultPath, 'utf8')).toBe('part');
  });

  it('is only what has the exact name and is a folder, never a link or a file', async () => {
    const { child, folder } = await startProgram();
    await kill(child);
    const name = basename(folder);
    const elsewhere = join(temporary, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'precious.txt'), 'precious');
    const others = [
      'socketscope-',
      'socketscope-abcdef',
      'socketscope-my-own-notes',
      `${name}-copy`,
      `${name} (2)`,
      `old-${name}`,
      name.toUpperCase(),
      name.replace('socketscope-', 'socketscope--'),
    ];
    for (const other of others) await mkdir(join(temporary, other), { recursive: true });
    const link = `${name.slice(0, -6)}LINKED`;
    await symlink(elsewhere, join(temporary, link));
    const file = `${name.slice(0, -6)}A0FILE`;
    await writeFile(join(temporary, file), 'a file');
    expect(await removeStaleFolders()).toEqual({ removed: [folder], failed: [] });
    expect(await readdir(temporary)).toEqual(expect.arrayContaining([...others, link, file]));
    expect(await readFile(join(elsewhere, 'precious.txt'), 'utf8')).toBe('precious');
  });

  it.skipIf(process.getuid?.() !== 0)("is never another user's", async () => {
    const { child, folder } = await startProgram();
    await kill(child);
    await chown(folder, 65_534, 65_534);
    expect(await removeStaleFolders()).toEqual({ removed: [], failed: [] });
    await chown(folder, 0, 0);
    expect((await removeStaleFolders()).removed).toEqual([folder]);
  });

  it('is not searched for where the folder for temporary files is gone, which is reported', async () => {
    process.env.TMPDIR = join(temporary, 'missing');
    const { removed, failed } = await removeStaleFolders();
    expect(removed).toEqual([]);
    expect(failed).toMatchObject([{ path: process.env.TMPDIR, cause: { code: 'ENOENT' } }]);
  });
});

describe('the mark of a process', () => {
  it('shows that this one runs', async () => {
    expect(await hasEnded(await markOfThisProcess())).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'distinguishes another process of the same id by its start time',
    async () => {
      const [place = '', id = '', start = ''] = (await markOfThisProcess()).split('-');
      expect(Number(start)).toBeGreaterThan(0);
      expect(await hasEnded(`${place}-${id}-${Number(start) - 1}`)).toBe(true);
      // Without a start time the process counts as running.
      expect(await hasEnded(`${place}-${id}-0`)).toBe(false);
    },
  );

  it('shows no end of the processes of another machine or container', async () => {
    const { child, folder } = await startProgram();
    await kill(child);
    const mark = basename(folder)
      .replace(/^socketscope-/, '')
      .slice(0, -7);
    expect(await hasEnded(mark)).toBe(true);
    expect(await hasEnded(`00000000${mark.slice(8)}`)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('knows a process that is dead and not yet buried', async () => {
    // The shell never reaps its child, which prints its id before it is killed.
    const shell = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec tail -f /dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(shell);
    const read: Promise<unknown[]> = once(shell.stdout, 'data');
    const [said] = await read;
    const pid = Number(String(said));
    // Until then it is a shell, which would reap it.
    await expect.poll(() => readFile(`/proc/${String(shell.pid)}/comm`, 'utf8')).toBe('tail\n');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const [place = ''] = (await markOfThisProcess()).split('-');
    expect(await hasEnded(`${place}-${pid}-${start}`)).toBe(false);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => hasEnded(`${place}-${pid}-${start}`)).toBe(true);
    expect(await readFile(`/proc/${pid}/stat`, 'utf8')).toContain(' Z ');
  });
});
