// How many bytes wait in the kernel to be read at one end of a connection.

import { isIPv6 } from 'node:net';

import type { Endpoint, QueueExamined } from '../../../shared/trace/fact.ts';
import { procRows, readSocketTable } from './socket-table.ts';
import type { SocketRow } from './socket-table.ts';

/** Reading the table must not delay a run for longer. */
const READ_MS = 800;

/** The content of a `queue-examined` fact beside side and connection. */
export type ReceiveQueue = Pick<QueueExamined, 'bytes' | 'source'>;

/**
 * The bytes that have arrived at `local` from `remote` and are not read yet; both ends as the system of `local` names
 * them. Never rejects. Undefined where the system does not report it (Windows), or there is no such established
 * connection: after the peer's end Linux counts its FIN as one byte more.
 */
export async function readReceiveQueue(local: Endpoint, remote: Endpoint): Promise<ReceiveQueue | undefined> {
  const signal = AbortSignal.timeout(READ_MS);
  const isIt = (row: SocketRow): boolean =>
    row.state === 'ESTABLISHED' &&
    row.local.address === local.address &&
    row.local.port === local.port &&
    row.remote.address === remote.address &&
    row.remote.port === remote.port;

  switch (process.platform) {
    case 'linux':
      return queueInProc(
        isIPv6(local.address) ? '/proc/net/tcp6' : '/proc/net/tcp',
        local.port,
        isIt,
        signal,
      );
    case 'darwin': {
      const table = await readSocketTable(local.port, signal);
      return table === undefined ? undefined : queueOf(table.rows.find(isIt), table.source);
    }
    default:
      return undefined;
  }
}

/** Reads the table up to the matching row. */
async function queueInProc(
  path: string,
  port: number,
  isIt: (row: SocketRow) => boolean,
  signal: AbortSignal,
): Promise<ReceiveQueue | undefined> {
  try {
    for await (const row of procRows(path, port, signal)) if (isIt(row)) return queueOf(row, path);
  } catch {
    // Not readable: the fact is left out.
  }
  return undefined;
}

function queueOf(row: SocketRow | undefined, source: string): ReceiveQueue | undefined {
  return row?.receiveQueueBytes === undefined ? undefined : { bytes: row.receiveQueueBytes, source };
}
