// Marks what a process leaves on the disk with the process itself, so that another can tell later whether it still runs.
// run-folder.ts puts the mark into the folders' names; stale-folders.ts asks.

import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

import { systemErrorOf } from './system-error.ts';

/**
 * A mark as part of a regular expression, without groups: where the process id counts, the id, and when that process
 * started (0 where the system does not say).
 */
export const MARK_PATTERN = '[0-9a-f]{8}-[1-9]\\d{0,9}-\\d{1,20}';
const MARK = new RegExp(`^${MARK_PATTERN}$`);

interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  /** In clock ticks since the machine was started. */
  readonly start: string;
}

/** The mark of this process, such as `3fa9c2d1-4711-8812345`: letters of a name of a file on every system. */
export async function markOfThisProcess(): Promise<string> {
  const own = await readStat('self');
  // Where /proc is another namespace's, it says nothing about this process.
  const start = own?.pid === process.pid ? own.start : '0';
  return `${await placeOfIds()}-${process.pid}-${start}`;
}

/**
 * Whether the process of this mark has ended for certain. False where it runs, where the id is not of this machine (or of
 * this container), and where nobody can say: an id that another process has by now counts as running, except on Linux,
 * which tells when that one started.
 */
export async function hasEnded(mark: string): Promise<boolean> {
  const [place, id, start] = MARK.test(mark) ? mark.split('-') : [];
  if (id === undefined || place !== (await placeOfIds())) return false;
  const pid = Number(id);
  if (!hasProcess(pid)) return true;
  if (start === '0') return false;
  const now = await readStat(id);
  // A zombie has ended: whoever started it has not asked for its end yet.
  return now?.pid === pid && (now.start !== start || now.state === 'Z');
}

/**
 * Where an id means the same process: on one machine, and on Linux in one namespace of ids. A folder of temporary files may
 * be shared by several (a container's volume, a network's disk), and an id that is free here may be taken there.
 */
async function placeOfIds(): Promise<string> {
  // Loaded where it is needed: the window, whose start loads this file, would wait for it.
  const { createHash } = await import('node:crypto');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Only this code says that there is none; one of another user's is refused with EPERM.
    return systemErrorOf(error).code !== 'ESRCH';
  }
}

/** proc_pid_stat(5): the id, the name in brackets (which may hold brackets and spaces), the state, …, as 22nd the start. */
async function readStat(process: string): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${process}/stat`, 'utf8').catch(() => '');
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const state = fields[0];
  const start = fields[19];
  if (nameEnd === -1 || state === undefined || start === undefined || !/^\d+$/.test(start)) return undefined;
  return { pid: Number.parseInt(text, 10), state, start };
}
