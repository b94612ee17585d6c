// An id for this process that stays unique after it ends (machine and pid namespace, pid, start time). It is part of
// names on the disk, so that another process can check later whether this one still runs.

import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

import { systemErrorOf } from './system-error.ts';

/**
 * A mark as part of a regular expression, without groups: the namespace of the process id, the id, and the start time
 * of the process (0 where the system does not report it).
 */
export const MARK_PATTERN = '[0-9a-f]{8}-[1-9]\\d{0,9}-\\d{1,20}';
const MARK = new RegExp(`^${MARK_PATTERN}$`);

interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  /** In clock ticks since the machine was started. */
  readonly start: string;
}

/** The mark of this process, such as `3fa9c2d1-4711-8812345`: valid in a file name on every system. */
export async function markOfThisProcess(): Promise<string> {
  const own = await readStat('self');
  // /proc may belong to another namespace: then it does not show this process.
  const start = own?.pid === process.pid ? own.start : '0';
  return `${await pidNamespaceId()}-${process.pid}-${start}`;
}

/**
 * Whether the process of this mark has ended for certain. False where it runs, where the mark is from another machine
 * or container, and where it cannot be known: an id reused by another process counts as running, except on Linux, where
 * the start time shows the reuse.
 */
export async function hasEnded(mark: string): Promise<boolean> {
  const [namespace, id, start] = MARK.test(mark) ? mark.split('-') : [];
  if (id === undefined || namespace !== (await pidNamespaceId())) return false;
  const pid = Number(id);
  if (!hasProcess(pid)) return true;
  if (start === '0') return false;
  const now = await readStat(id);
  // A zombie has ended: its parent has not reaped it yet.
  return now?.pid === pid && (now.start !== start || now.state === 'Z');
}

/**
 * Identifies the machine and, on Linux, the pid namespace in which an id is valid. A folder for temporary files may be
 * shared by several (a volume of containers, a network disk), and an id that is free here may be in use there.
 */
async function pidNamespaceId(): Promise<string> {
  // Loaded on demand: the start of the app loads this file and would wait for it.
  const { createHash } = await import('node:crypto');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Only ESRCH means that there is no such process; EPERM means that it is another user's.
    return systemErrorOf(error).code !== 'ESRCH';
  }
}

/**
 * proc_pid_stat(5): pid, name in brackets (which may contain brackets and spaces), state, …; field 22 is the start
 * time.
 */
async function readStat(process: string): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${process}/stat`, 'utf8').catch(() => '');
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const state = fields[0];
  const start = fields[19];
  if (nameEnd === -1 || state === undefined || start === undefined || !/^\d+$/.test(start)) return undefined;
  return { pid: Number.parseInt(text, 10), state, start };
}
