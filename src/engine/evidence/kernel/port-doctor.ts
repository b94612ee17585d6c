// The port doctor: for a port that could not be had, who has it, as the kernel's socket table shows it. Whoever starts
// a server asks and records the answer as `port-examined`; trace/port-words.ts makes a sentence of it.

import { isIP } from 'node:net';

import { endpointName, nobodySentence } from '../../../shared/trace/port-words.ts';
import type { PortHolder } from '../../../shared/trace/fact.ts';
import { findSocketOwner } from './socket-owner.ts';
import type { SocketRow, SocketState, SocketTable } from './socket-table.ts';
import { readSocketTable } from './socket-table.ts';

/** When the search is told to end, and when the answer is given even if it has not. */
const SEARCH_MS = 800;
const ANSWER_MS = 950;

/** What a `port-examined` fact says beside the port. */
export interface PortExamination {
  readonly holder: PortHolder;
  /** Where it was read, such as `/proc/net/tcp, /proc/net/tcp6`. */
  readonly source: string;
}

/**
 * Who has the TCP port, so that a server that asked for `address` could not have it. A listener goes before a connection
 * that is over (TIME_WAIT), that before an open one. Takes at most a second and never rejects: what cannot be known is
 * `unknown` with the reason. Undefined on a system whose socket table this program cannot read.
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
    // The run already fails because of the port: an error in here must not hide that.
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

/** Both sides may still send or the program has the socket in hand: it is an open connection to a person. */
const OPEN: readonly SocketState[] = ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT'];

/**
 * Who has the port by the table alone, without its process, and the row that says so (absent where the holder is
 * unknown for want of one). Pure.
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
  // The port is free when the last of them is.
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
 * Whether a socket bound to `held` is in the way of one that asks for `asked`: 0 if not, 3 for the same address, 2 where
 * one of them is all of its own family's addresses, 1 where it is all of IPv6, which takes IPv4 along unless its program
 * forbade that (IPV6_V6ONLY, which no table tells). A name instead of an address may be any.
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

/** Without zone (`%lo0`) and without the mark of an IPv4 address on an IPv6 socket. */
function comparable(address: string): string {
  return address
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}
