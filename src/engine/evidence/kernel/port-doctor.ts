// The port doctor: finds what holds a port that a server could not bind, in the kernel's socket table.

import { isIP } from 'node:net';

import { endpointName, nobodySentence } from '../../../shared/trace/port-words.ts';
import type { PortHolder } from '../../../shared/trace/fact.ts';
import { findSocketOwner } from './socket-owner.ts';
import type { SocketRow, SocketState, SocketTable } from './socket-table.ts';
import { readSocketTable } from './socket-table.ts';

/** When the search is aborted, and when the result is returned even if the search has not ended. */
const SEARCH_MS = 800;
const ANSWER_MS = 950;

/** The content of a `port-examined` fact beside the port. */
export interface PortExamination {
  readonly holder: PortHolder;
  /** The table that was read, such as `/proc/net/tcp, /proc/net/tcp6`. */
  readonly source: string;
}

/**
 * Finds what holds the TCP port that a server could not bind on `address`. A listener takes precedence over TIME_WAIT,
 * that over an open connection. Takes at most a second and never rejects: an unknown holder is `unknown` with the
 * reason. Undefined on a system whose socket table this program cannot read.
 */
export async function examinePort(port: number, address: string): Promise<PortExamination | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PortExamination>((resolve) => {
    timer = setTimeout(() => {
      const why = `The system did not tell within a second who has port ${port}: try again.`;
      resolve({ holder: { what: 'unknown', why }, source: 'socket table' });
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([examine(port, address, AbortSignal.timeout(SEARCH_MS)), late]);
  } catch (error) {
    // The run already fails because of the port: an error here must not hide that.
    const why = `Who has port ${port} could not be found out (${String(error)}). Choose another port.`;
    return { holder: { what: 'unknown', why }, source: 'socket table' };
  } finally {
    clearTimeout(timer);
  }
}

async function examine(
  port: number,
  address: string,
  signal: AbortSignal,
): Promise<PortExamination | undefined> {
  const table = await readSocketTable(port, signal);
  if (table === undefined) return undefined;
  const { holder, row } = holderIn(table, port, address);
  if (row === undefined || (holder.what !== 'listener' && holder.what !== 'connection')) {
    return { holder, source: table.source };
  }
  const owner = await findSocketOwner(row, signal);
  return { holder: { ...holder, ...owner }, source: table.source };
}

/** States of an open connection: both sides may still send, or the program still has the socket open. */
const OPEN: readonly SocketState[] = ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT'];

/**
 * What holds the port, from the table alone and without its process, and its row (absent where none was found). Pure.
 */
export function holderIn(
  table: SocketTable,
  port: number,
  address: string,
): { readonly holder: PortHolder; readonly row?: SocketRow } {
  const inTheWay = table.rows.filter(
    (row) => row.local.port === port && nearness(row.local.address, address) > 0,
  );
  const nearest = (states: readonly SocketState[]): SocketRow | undefined =>
    inTheWay
      .filter((row) => states.includes(row.state))
      .sort(
        (first, second) => nearness(second.local.address, address) - nearness(first.local.address, address),
      )[0];

  const listener = nearest(['LISTEN']);
  if (listener !== undefined) {
    return { holder: { what: 'listener', local: listener.local }, row: listener };
  }
  // The port is free when the last TIME_WAIT has ended.
  const ended = inTheWay
    .filter((row) => row.state === 'TIME_WAIT')
    .sort((first, second) => (second.timerSeconds ?? 0) - (first.timerSeconds ?? 0))[0];
  if (ended !== undefined) return { holder: endedHolder(ended), row: ended };
  const open = nearest(OPEN);
  if (open !== undefined) {
    return { holder: { what: 'connection', local: open.local, remote: open.remote }, row: open };
  }
  const other = inTheWay[0];
  if (other !== undefined) {
    const which = other.state === 'OTHER' ? '' : ` (${other.state})`;
    const why =
      other.remote.port === 0
        ? `Port ${port} is kept by a socket that does not listen${which}: end its program or choose another port.`
        : `Port ${port} is kept by a connection with ${endpointName(other.remote)} that is not closed yet${which}: try again.`;
    return { holder: { what: 'unknown', why }, row: other };
  }
  if (table.unread !== undefined) {
    const why = `Who has port ${port} cannot be seen, because the socket table could not be read (${table.unread}). Choose another port.`;
    return { holder: { what: 'unknown', why } };
  }
  return { holder: { what: 'unknown', why: nobodySentence(port) } };
}

function endedHolder({ local, remote, timerSeconds }: SocketRow): PortHolder {
  const ended = { what: 'time-wait', local, remote } as const;
  return timerSeconds === undefined ? ended : { ...ended, secondsLeft: Math.ceil(timerSeconds) };
}

/**
 * Whether a socket bound to `held` conflicts with a bind to `asked`: 0 if not, 3 for the same address, 2 where one of
 * them is the wildcard address of the family, 1 where it is the IPv6 wildcard, which includes IPv4 unless IPV6_V6ONLY
 * is set (no table shows that). A name instead of an address matches any.
 */
function nearness(held: string, asked: string): number {
  const one = comparable(held);
  const other = comparable(asked);
  if (one === other || isIP(other) === 0) return 3;
  const sameFamily = isIP(one) === isIP(other);
  const anyOfFamily = sameFamily ? ['0.0.0.0', '::'] : [];
  if (anyOfFamily.includes(one) || anyOfFamily.includes(other)) return 2;
  return one === '::' || other === '::' ? 1 : 0;
}

/** The address without zone (`%lo0`) and without the prefix of an IPv4-mapped IPv6 address. */
function comparable(address: string): string {
  return address
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}
