// The kernel's socket table as rows, read without special rights: /proc on Linux, netstat on macOS and Windows. The
// parse functions are pure.

import { createReadStream } from 'node:fs';
import { SocketAddress } from 'node:net';
import { endianness } from 'node:os';
import { join } from 'node:path';

import type { Endpoint } from '../../../shared/trace/fact.ts';
import { systemErrorOf } from '../../system/system-error.ts';
import { runCommand } from '../../system/run-command.ts';

/** RFC 9293's states under their Linux names; `OTHER` is an unknown one. */
export type SocketState =
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'OTHER';

/** A process as the system names it; `program` may be truncated and may contain any character. */
export interface SocketOwner {
  readonly pid: number;
  readonly program?: string;
}

/** One socket. A listener's remote end is port 0 of the unspecified address. */
export interface SocketRow {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly state: SocketState;
  /** Bytes that wait to be read (Linux, macOS); of a listener the count that the system shows, such as connections. */
  readonly receiveQueueBytes?: number;
  /** Seconds until the socket's running timer fires: in TIME_WAIT until the port is free. Linux only. */
  readonly timerSeconds?: number;
  /** Identifies the process on Linux; absent for a socket that no process holds. */
  readonly inode?: number;
  /** Where the table itself contains it (macOS, Windows). */
  readonly owner?: SocketOwner;
}

export interface SocketTable {
  readonly rows: readonly SocketRow[];
  /** What was read, such as `/proc/net/tcp, /proc/net/tcp6`. */
  readonly source: string;
  /** Why the table or a part of it could not be read, in the system's words: rows may be missing then. */
  readonly unread?: string;
}

/**
 * The sockets whose local port is `port`, in no particular order. Reads until `signal` is aborted; the rows found until
 * then come with `unread`. Never rejects. Undefined on a system whose table this program cannot read.
 */
export async function readSocketTable(port: number, signal: AbortSignal): Promise<SocketTable | undefined> {
  switch (process.platform) {
    case 'linux':
      return readProc(port, signal);
    case 'darwin':
      return readByCommand(
        { path: '/usr/sbin/netstat', arguments: ['-anvW', '-p', 'tcp'], name: 'netstat -anvW -p tcp' },
        (text) => parseMacosNetstat(text, port),
        signal,
      );
    case 'win32':
      return readByCommand(
        // Without `-p TCP`, which would leave the IPv6 sockets out.
        { path: windowsProgram('netstat.exe'), arguments: ['-ano'], name: 'netstat -ano' },
        (text) => parseWindowsNetstat(text, port),
        signal,
      );
    default:
      return undefined;
  }
}

/** The full path of a program of Windows: a search along PATH could find another one of that name. */
export function windowsProgram(name: string): string {
  return join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', name);
}

const PROC_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

async function readProc(port: number, signal: AbortSignal): Promise<SocketTable> {
  const rows: SocketRow[] = [];
  const unread: string[] = [];
  for (const path of PROC_TABLES) {
    try {
      for await (const row of procRows(path, port, signal)) rows.push(row);
    } catch (error) {
      // A kernel without IPv6 has no such file, and no row is missing.
      const absent = systemErrorOf(error).code === 'ENOENT';
      if (!(absent && path.endsWith('6'))) unread.push(`${path}: ${reasonOf(error)}`);
    }
  }
  const source = PROC_TABLES.join(', ');
  return unread.length === 0 ? { rows, source } : { rows, source, unread: unread.join('; ') };
}

/**
 * The rows of one of Linux's tables whose local port is `port`. Reads piece by piece, so that a table of tens of
 * thousands of rows does not block the event loop. Throws where it cannot be read, or `signal` is aborted.
 */
export async function* procRows(
  path: string,
  port: number,
  signal: AbortSignal,
): AsyncGenerator<SocketRow, void, void> {
  let rest = '';
  for await (const piece of createReadStream(path, { encoding: 'latin1', signal })) {
    const text = rest + String(piece);
    const whole = text.lastIndexOf('\n') + 1;
    yield* parseProcNetTcp(text.slice(0, whole), port);
    rest = text.slice(whole);
  }
}

/** The states' numbers from Linux's include/net/tcp_states.h; 0C is a half-open socket of a listener. */
const LINUX_STATES: ReadonlyMap<string, SocketState> = new Map([
  ['01', 'ESTABLISHED'],
  ['02', 'SYN_SENT'],
  ['03', 'SYN_RECV'],
  ['04', 'FIN_WAIT1'],
  ['05', 'FIN_WAIT2'],
  ['06', 'TIME_WAIT'],
  ['07', 'CLOSE'],
  ['08', 'CLOSE_WAIT'],
  ['09', 'LAST_ACK'],
  ['0A', 'LISTEN'],
  ['0B', 'CLOSING'],
  ['0C', 'SYN_RECV'],
]);

/**
 * The rows of /proc/net/tcp or tcp6 whose local port is `port`, from whole lines of it. Skips lines that are not rows.
 * `byteOrder` is that of the machine that wrote the text: addresses are words in host byte order there, ports are not.
 */
export function parseProcNetTcp(
  text: string,
  port: number,
  byteOrder: 'LE' | 'BE' = endianness(),
): SocketRow[] {
  const rows: SocketRow[] = [];
  // Parses only lines with this local port: the other thousands cost one search over the text.
  const named = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let at = text.indexOf(named); at !== -1; at = text.indexOf(named, at + 1)) {
    const begin = text.lastIndexOf('\n', at) + 1;
    const digits = at - text.indexOf(': ', begin) - ': '.length;
    // Further to the right it is the remote port, which all clients of a busy server share.
    if (digits !== 8 && digits !== 32) continue;
    const end = text.indexOf('\n', at);
    const row = procRow(text.slice(begin, end === -1 ? text.length : end), byteOrder);
    if (row?.local.port === port) rows.push(row);
  }
  return rows;
}

/** sl, local, remote, state, tx:rx queue, timer:when, retransmits, uid, timeout, inode: proc(5), /proc/net/tcp. */
function procRow(line: string, byteOrder: 'LE' | 'BE'): SocketRow | undefined {
  const [, localHex, remoteHex, stateHex, queues, timer, , , , inodeText] = line.trim().split(/\s+/);
  const local = procEndpoint(localHex, byteOrder);
  const remote = procEndpoint(remoteHex, byteOrder);
  if (local === undefined || remote === undefined || stateHex === undefined) return undefined;
  const [timerKind, when] = (timer ?? '').split(':');
  const hundredths = timerKind === '00' || when === undefined ? NaN : Number.parseInt(when, 16);
  const waiting = Number.parseInt(queues?.split(':')[1] ?? '', 16);
  const inode = Number(inodeText);
  return {
    local,
    remote,
    state: LINUX_STATES.get(stateHex) ?? 'OTHER',
    ...(Number.isNaN(waiting) ? {} : { receiveQueueBytes: waiting }),
    ...(Number.isNaN(hundredths) ? {} : { timerSeconds: hundredths / 100 }),
    ...(Number.isInteger(inode) && inode > 0 ? { inode } : {}),
  };
}

function procEndpoint(hex: string | undefined, byteOrder: 'LE' | 'BE'): Endpoint | undefined {
  const match = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/.exec(hex ?? '');
  const [, words, portHex] = match ?? [];
  if (words === undefined || portHex === undefined || (words.length !== 8 && words.length !== 32))
    return undefined;
  const bytes = Buffer.from(words, 'hex');
  if (byteOrder === 'LE') bytes.swap32();
  const port = Number.parseInt(portHex, 16);
  if (bytes.length === 4) return { address: bytes.join('.'), port };
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  // SocketAddress shortens the zeros and writes a mapped IPv4 address in dotted form.
  return { address: new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address, port };
}

/** The names of the states on macOS and Windows. */
const STATE_WORDS: ReadonlyMap<string, SocketState> = new Map([
  ['LISTEN', 'LISTEN'],
  ['LISTENING', 'LISTEN'],
  ['SYN_SENT', 'SYN_SENT'],
  ['SYN_RCVD', 'SYN_RECV'],
  ['SYN_RECEIVED', 'SYN_RECV'],
  ['ESTABLISHED', 'ESTABLISHED'],
  ['FIN_WAIT_1', 'FIN_WAIT1'],
  ['FIN_WAIT_2', 'FIN_WAIT2'],
  ['CLOSE_WAIT', 'CLOSE_WAIT'],
  ['CLOSING', 'CLOSING'],
  ['LAST_ACK', 'LAST_ACK'],
  ['TIME_WAIT', 'TIME_WAIT'],
  ['CLOSED', 'CLOSE'],
]);

const MACOS_ROW = /^tcp(4|6|46)\s+(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+([A-Z][A-Z_0-9]*)\s+(.*)$/;

/**
 * The rows of macOS's `netstat -anvW -p tcp` whose local port is `port`. Its columns differ by release: older ones have
 * `rhiwat shiwat pid epid`, later ones `rxbytes txbytes` before these, the latest `process:pid`, where the name may
 * contain spaces. The header names them.
 */
export function parseMacosNetstat(text: string, port: number): SocketRow[] {
  const lines = text.split(/\r?\n/);
  const header = lines.find((line) => line.startsWith('Proto')) ?? '';
  const numbers = header.includes('rxbytes') ? 4 : 2;
  const ownerPattern = header.includes('process:pid')
    ? new RegExp(`^(?:\\d+\\s+){${numbers}}(?<program>\\S.*?):(?<pid>\\d+)(?:\\s|$)`)
    : new RegExp(`^(?:\\d+\\s+){${numbers}}(?<pid>\\d+)(?:\\s|$)`);
  const rows: SocketRow[] = [];
  for (const line of lines) {
    const [, family, waiting, localText, remoteText, word, more] = MACOS_ROW.exec(line) ?? [];
    if (family === undefined || word === undefined || more === undefined) continue;
    const anyAddress = family === '4' ? '0.0.0.0' : '::';
    const local = writtenEndpoint(localText, '.', anyAddress);
    const remote = writtenEndpoint(remoteText, '.', anyAddress);
    if (local?.port !== port || remote === undefined) continue;
    const { program, pid } = ownerPattern.exec(more)?.groups ?? {};
    rows.push({
      local,
      remote,
      state: STATE_WORDS.get(word) ?? 'OTHER',
      receiveQueueBytes: Number(waiting),
      // A socket that no process holds (TIME_WAIT) has process 0.
      ...(pid === undefined || Number(pid) === 0
        ? {}
        : { owner: { pid: Number(pid), ...(program === undefined ? {} : { program }) } }),
    });
  }
  return rows;
}

const WINDOWS_ROW = /^\s*TCP\s+(\S+)\s+(\S+)\s+(\S.*?)\s+(\d+)\s*$/;

/**
 * The rows of Windows' `netstat -ano` whose local port is `port`. Windows translates header and states, so a listener
 * is also identified by its remote port 0, and TIME_WAIT by process 0, which owns no other TCP socket.
 */
export function parseWindowsNetstat(text: string, port: number): SocketRow[] {
  const rows: SocketRow[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, localText, remoteText, word, pidText] = WINDOWS_ROW.exec(line) ?? [];
    const local = writtenEndpoint(localText, ':', '0.0.0.0');
    const remote = writtenEndpoint(remoteText, ':', '0.0.0.0');
    if (local?.port !== port || remote === undefined || word === undefined) continue;
    const pid = Number(pidText);
    rows.push({
      local,
      remote,
      state: STATE_WORDS.get(word) ?? (remote.port === 0 ? 'LISTEN' : pid === 0 ? 'TIME_WAIT' : 'OTHER'),
      ...(pid === 0 ? {} : { owner: { pid } }),
    });
  }
  return rows;
}

/** `127.0.0.1.50007`, `*.50007`, `::1.50007`, `[::1]:50007` as an endpoint; `*` for a port is 0. */
function writtenEndpoint(
  text: string | undefined,
  separator: '.' | ':',
  anyAddress: string,
): Endpoint | undefined {
  const at = text?.lastIndexOf(separator) ?? -1;
  if (text === undefined || at === -1) return undefined;
  const host = text.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const portText = text.slice(at + 1);
  const port = portText === '*' ? 0 : Number(portText);
  if (!Number.isInteger(port)) return undefined;
  return { address: host === '*' ? anyAddress : host, port };
}

async function readByCommand(
  command: { readonly path: string; readonly arguments: readonly string[]; readonly name: string },
  parse: (text: string) => SocketRow[],
  signal: AbortSignal,
): Promise<SocketTable> {
  try {
    const text = await runCommand(command.path, command.arguments, signal);
    return { rows: parse(text), source: command.name };
  } catch (error) {
    return { rows: [], source: command.name, unread: `${command.name}: ${reasonOf(error)}` };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'AbortError' ? 'it took too long' : error.message;
}
