// The plot of client ports by run: which runs are drawn, where each stands, and what the scale holds. Pure geometry of
// the ports of this run and of the runs that are remembered.

import type { PastPorts } from '../../../shared/ipc.ts';
import type { RoundOutcome } from '../../scene/round-outcomes.ts';
import { knownAt } from '../../scene/round-outcomes.ts';

export interface PortMark {
  readonly key: string;
  /** The run's number within its own series, from 1. */
  readonly run: number;
  readonly port: number;
  readonly even: boolean;
  /** In columns from the left; 0.5 is the middle of the first one. */
  readonly column: number;
  /** Where the cursor goes when it is chosen; absent for a run that is remembered only. */
  readonly seq?: number;
  /** The first fact of its run; absent as `seq`. */
  readonly firstSeq?: number;
  /** When a remembered run was, ISO 8601; absent for this one. */
  readonly startedAt?: string;
}

/** Runs of one day and time, side by side. */
interface PastGroup {
  readonly startedAt: string;
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly marks: readonly PortMark[];
}

export interface PortPlot {
  readonly columns: number;
  readonly past: readonly PastGroup[];
  readonly now: readonly PortMark[];
  /** Where this run's columns begin. */
  readonly nowFromColumn: number;
  /** Remembered ports that there was no room for. */
  readonly leftOut: number;
}

/** The series that the plot draws. */
export interface PortSeries {
  readonly outcomes: readonly RoundOutcome[];
  /** How many runs there are to be. */
  readonly asked: number;
  readonly history: readonly PastPorts[];
}

/**
 * Lays the runs out in `room` columns at most: all of this run's, and of the remembered ones the newest that fit. Marks
 * of this run come as the cursor passes the fact with the port.
 */
export function portPlot({ outcomes, asked, history }: PortSeries, cursor: number, room: number): PortPlot {
  const drawn: { readonly startedAt: string; readonly ports: readonly number[]; readonly first: number }[] =
    [];
  let left = Math.max(0, room - asked);
  let leftOut = 0;
  for (const { startedAt, clientPorts } of [...history].reverse()) {
    const ports = left === 0 ? [] : clientPorts.slice(-left);
    left -= ports.length;
    leftOut += clientPorts.length - ports.length;
    if (ports.length > 0) drawn.unshift({ startedAt, ports, first: clientPorts.length - ports.length + 1 });
  }
  const past: PastGroup[] = [];
  let column = 0;
  for (const { startedAt, ports, first } of drawn) {
    const fromColumn = column;
    past.push({
      startedAt,
      fromColumn,
      toColumn: fromColumn + ports.length,
      marks: ports.map((port, index) => ({
        key: `${startedAt} ${index}`,
        run: first + index,
        port,
        even: port % 2 === 0,
        column: fromColumn + index + 0.5,
        startedAt,
      })),
    });
    column += ports.length;
  }
  const now: PortMark[] = [];
  for (const { round, clientPort, firstSeq, lastSeq } of outcomes) {
    const port = knownAt(clientPort, cursor);
    if (port === undefined) continue;
    const place = { column: column + round - 0.5, firstSeq, seq: lastSeq };
    now.push({ key: `round ${round}`, run: round, port, even: port % 2 === 0, ...place });
  }
  return { columns: Math.max(1, column + asked), past, now, nowFromColumn: column, leftOut };
}

/** The remembered runs that came before this one: the run at hand is among them as soon as it has ended. */
export function earlierRuns(
  history: readonly PastPorts[],
  startedAt: string | undefined,
): readonly PastPorts[] {
  return startedAt === undefined ? history : history.filter((run) => run.startedAt < startedAt);
}

/** The system's range of ephemeral ports. */
export type PortRange = NonNullable<PastPorts['range']>;

export interface PortScale {
  readonly from: number;
  readonly to: number;
}

/** The ports that the scale holds: the system's range, the server's port and all that is drawn, with some air. */
export function portScale(
  ports: readonly number[],
  range: PortRange | undefined,
  serverPort: number | undefined,
): PortScale {
  const all = [...ports];
  if (range !== undefined) all.push(range.from, range.to);
  if (serverPort !== undefined) all.push(serverPort);
  if (range === undefined) all.push(0, 65_535);
  const lowest = Math.min(...all);
  const highest = Math.max(...all);
  const air = Math.max(1, (highest - lowest) * 0.06);
  return { from: Math.max(0, lowest - air), to: Math.min(65_535, highest + air) };
}
