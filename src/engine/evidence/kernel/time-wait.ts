// Which end of a closed connection is in TIME_WAIT, from the kernel's socket table.

import type { Endpoint, Side, TimeWaitExamined } from '../../../shared/trace/fact.ts';
import { readSocketTable } from './socket-table.ts';

/** Reading the table must not delay a round for longer. */
const READ_MS = 800;

/** The content of a `time-wait-examined` fact beside the connection. */
export type TimeWaitExamination = Pick<TimeWaitExamined, 'found' | 'source'>;

/**
 * Examines the server's end first: in the course's programs it closes first, and the end that closes first stays in
 * TIME_WAIT (RFC 9293 section 3.6.1). Never rejects. Undefined where the table cannot be read completely.
 */
export async function examineTimeWait(
  ends: Readonly<Record<Side, Endpoint>>,
): Promise<TimeWaitExamination | undefined> {
  const { client, server } = ends;
  const atServer = await examineEnd('server', server, client);
  if (atServer === undefined || atServer.found !== undefined) return atServer;
  return await examineEnd('client', client, server);
}

async function examineEnd(
  side: Side,
  local: Endpoint,
  remote: Endpoint,
): Promise<TimeWaitExamination | undefined> {
  const table = await readSocketTable(local.port, AbortSignal.timeout(READ_MS));
  if (table === undefined) return undefined;
  const { rows, source, unread } = table;
  const row = rows.find(
    (one) => one.state === 'TIME_WAIT' && isSame(one.local, local) && isSame(one.remote, remote),
  );
  if (row !== undefined) {
    const { timerSeconds } = row;
    const secondsLeft = timerSeconds === undefined ? {} : { secondsLeft: Math.ceil(timerSeconds) };
    return { found: { side, local, remote, ...secondsLeft }, source };
  }
  return unread === undefined ? { source } : undefined;
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}
