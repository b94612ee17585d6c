// Which process holds a socket, as far as an ordinary user may read it.

import { readdir, readFile, readlink } from 'node:fs/promises';

import { runCommand } from '../../system/run-command.ts';
import type { SocketOwner, SocketRow } from './socket-table.ts';
import { windowsProgram } from './socket-table.ts';

/** With very many open files the search ends after this time, and the process stays unknown. */
const SEARCH_MS = 500;
/** How many links are read at once: enough to keep the thread pool busy, few enough to stop soon. */
const LINKS_AT_ONCE = 64;

/**
 * The process that holds the socket, and its program's name. Undefined where the process is another user's, no process
 * holds the socket, or the search reached half a second or the abort of `signal`. Never rejects.
 */
export async function findSocketOwner(row: SocketRow, signal: AbortSignal): Promise<SocketOwner | undefined> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MS)]);
  switch (process.platform) {
    case 'linux':
      return row.inode === undefined ? undefined : findByInode(row.inode, bounded);
    case 'darwin':
      return row.owner?.program === undefined ? findByLsof(row, bounded) : row.owner;
    case 'win32':
      return row.owner === undefined ? undefined : findByTasklist(row.owner, bounded);
    default:
      return row.owner;
  }
}

async function findByInode(inode: number, signal: AbortSignal): Promise<SocketOwner | undefined> {
  const socket = `socket:[${inode}]`;
  for (const pid of await processes()) {
    if (signal.aborted) return undefined;
    if (!(await holds(pid, socket, signal))) continue;
    const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    // Only the final LF of comm is removed: the name may contain others.
    const name = program.replace(/\n$/, '');
    return name === '' ? { pid } : { pid, program: name };
  }
  return undefined;
}

/**
 * This process first, whose sockets are found at once, then the newest, because a port is usually bound by a recent
 * one.
 */
async function processes(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  const others = names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
  return [process.pid, ...others.sort((first, second) => second - first)];
}

async function holds(pid: number, socket: string, signal: AbortSignal): Promise<boolean> {
  // Another user's process, or one that has just ended: its files cannot be read.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (let begin = 0; begin < files.length && !signal.aborted; begin += LINKS_AT_ONCE) {
    const some = files.slice(begin, begin + LINKS_AT_ONCE);
    const targets = await Promise.all(
      some.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')),
    );
    if (targets.includes(socket)) return true;
  }
  return false;
}

async function findByLsof(row: SocketRow, signal: AbortSignal): Promise<SocketOwner | undefined> {
  const { port } = row.local;
  try {
    const options = ['-nP', '+c', '0', `-iTCP:${port}`, '-FpcnT'];
    return parseLsof(await runCommand('/usr/sbin/lsof', options, signal), row) ?? row.owner;
  } catch {
    // lsof also exits with code 1 when it finds no such socket.
    return row.owner;
  }
}

/**
 * The owner of the row's socket in the output of `lsof -nP -iTCP:PORT -FpcnT`: one field a line, named by its first
 * letter (lsof(8), OUTPUT FOR OTHER PROGRAMS). A listener is identified by its state and port, a connection by both its
 * ends.
 */
export function parseLsof(text: string, row: SocketRow): SocketOwner | undefined {
  let pid = 0;
  let program = '';
  let name = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) {
      pid = Number(value);
      program = '';
    } else if (line.startsWith('c')) program = value;
    else if (line.startsWith('n')) name = value;
    else if (line.startsWith('TST=')) {
      const [local = '', remote] = name.split('->');
      const listens = row.state === 'LISTEN' && value === 'ST=LISTEN';
      const sameRemote = remote?.endsWith(`:${row.remote.port}`) ?? false;
      if (!local.endsWith(`:${row.local.port}`) || !(listens || sameRemote)) continue;
      return program === '' ? { pid } : { pid, program };
    }
  }
  return undefined;
}

async function findByTasklist(owner: SocketOwner, signal: AbortSignal): Promise<SocketOwner> {
  try {
    const options = ['/FI', `PID eq ${owner.pid}`, '/FO', 'CSV', '/NH'];
    const program = parseTasklist(
      await runCommand(windowsProgram('tasklist.exe'), options, signal),
      owner.pid,
    );
    return program === undefined ? owner : { ...owner, program };
  } catch {
    return owner;
  }
}

/**
 * The program of that process in the output of `tasklist /FO CSV /NH`: `"python.exe","4242","Console","1","9,612 K"`.
 */
export function parseTasklist(text: string, pid: number): string | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [, program, found] = /^"([^"]+)","(\d+)",/.exec(line) ?? [];
    if (program !== undefined && Number(found) === pid) return program;
  }
  return undefined;
}
