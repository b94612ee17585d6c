// When, where and by which program a run was recorded, in words. Pure.

import type { RunStarted, RuntimeVersions, TraceEvent } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { formatExactMoment } from '../../shared/format.ts';

/** What the trace itself says of where a run comes from. */
export interface Recorded {
  readonly startedAt: string;
  readonly runtime: RuntimeVersions;
  /** Only some experiments look up the host's name. */
  readonly hostName?: string;
}

/** What the first facts say; undefined before the first is there. `facts` may be the landmarks. */
export function recordedOf(facts: readonly TraceEvent[]): Recorded | undefined {
  const [first] = facts;
  return first?.kind === 'run-started' ? recordedBy(first, facts) : undefined;
}

function recordedBy({ startedAt, runtime }: RunStarted, facts: readonly TraceEvent[]): Recorded {
  const named = facts.find((event) => event.kind === 'host-named');
  return { startedAt, runtime, ...(named === undefined ? {} : { hostName: named.hostName }) };
}

/** "23 Nov 2026, 14:05:09, on lab-3 (linux x64), by SocketScope 1.0.0 with Node.js 22.1.0 and Electron 38.0.0" */
export function recordedWords(recorded: Recorded): string {
  const details = new Map(recordedDetails(recorded));
  const { hostName, runtime } = recorded;
  const system = printable(`${runtime.platform} ${runtime.arch}`);
  const where = hostName === undefined ? `on ${system}` : `on ${printable(hostName)} (${system})`;
  return `${details.get('recorded') ?? ''}, ${where}, by ${details.get('by') ?? ''}`;
}

/** The same as names and values. */
export function recordedDetails({
  startedAt,
  runtime,
  hostName,
}: Recorded): readonly (readonly [string, string])[] {
  const { app, node, electron, platform, arch } = runtime;
  const shell = electron === undefined ? '' : ` and Electron ${electron}`;
  return [
    ['recorded', formatExactMoment(startedAt)],
    ...(hostName === undefined ? [] : [['host', printable(hostName)] as const]),
    ['system', printable(`${platform} ${arch}`)],
    ['by', printable(`SocketScope ${app} with Node.js ${node}${shell}`)],
  ];
}
