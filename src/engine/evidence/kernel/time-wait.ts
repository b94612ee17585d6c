// Which end of a closed connection stays in TIME_WAIT, as the kernel's socket table shows it. run/race.ts asks
// after each round and records the answer.

import type { Endpoint, Side, TimeWaitExamined } from '../../../shared/trace/fact.ts';
import { readSocketTable } from './socket-table.ts';

/** A round is not held up for longer by a table that cannot be read. */
const READ_MS = 800;

/** What a `time-wait-examined` fact says beside the connection. */
export type TimeWaitExamination = Pick<TimeWaitExamined, 'found' | 'source'>;

/**
 * Looks at the server's end first: in the course's programs it closes first, and who does lingers (RFC 9293 section
 * 3.6.1). Never rejects. Undefined where the table cannot be read, or not whole, so that it cannot be known.
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
