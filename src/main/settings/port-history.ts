// The client ports of earlier runs of `ports`, in ports.json in the user's data folder.

import { z } from 'zod';

import type { PastPorts } from '../../shared/ipc.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { createJsonFileWriter, readJsonFile, type Parsed, type Warn } from './json-file.ts';

/** The plot has no room for more client ports. */
const MAX_PORTS = 2_000;

export interface PortHistory {
  /** Oldest first. */
  readonly runs: readonly PastPorts[];
  /** Adds a run and drops the oldest where there are too many; resolves when the list is on the disk. */
  add(run: PastPorts): Promise<void>;
  /** Removes all runs. */
  clear(): Promise<readonly PastPorts[]>;
}

const PORT = z.int().min(1).max(65_535);

const HISTORY: z.ZodType<readonly PastPorts[]> = z.array(
  z.object({
    startedAt: z.iso.datetime(),
    serverPort: PORT,
    clientPorts: z.array(PORT).min(1),
    range: z.object({ from: z.int(), to: z.int() }).exactOptional(),
  }),
);

function parseHistory(found: unknown): Parsed<readonly PastPorts[]> {
  const read = HISTORY.safeParse(found);
  if (read.success) return { value: withinBound(read.data) };
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return { value: [], damage: `it is no list of runs (${where}${issue?.message ?? 'it makes no sense'})` };
}

/** The newest runs that together have at most MAX_PORTS ports. */
function withinBound(runs: readonly PastPorts[]): readonly PastPorts[] {
  let ports = 0;
  const tooOld = runs.findLastIndex(({ clientPorts }) => {
    ports += clientPorts.length;
    return ports > MAX_PORTS;
  });
  return runs.slice(tooOld + 1);
}

/**
 * Reads the history. It is empty where the file is missing, cannot be read or is damaged; a damaged file is kept as
 * `ports.damaged-TIME.json`. A change that cannot be written is reported to `warn` and holds until the app is closed.
 */
export function openPortHistory(path: string, warn: Warn): PortHistory {
  let runs = readJsonFile<readonly PastPorts[]>(path, [], parseHistory, warn);
  const writer = createJsonFileWriter(path, warn);
  async function replace(now: readonly PastPorts[]): Promise<void> {
    runs = now;
    await writer.write(now);
  }
  return {
    get runs() {
      return runs;
    },
    add: (run) => replace(withinBound([...runs, run])),
    async clear() {
      await replace([]);
      return runs;
    },
  };
}

/** Collects the ports of one run of `ports` from its facts. */
export interface PortsCollector {
  handle(facts: readonly TraceEvent[]): void;
  /** Undefined where no client was connected. */
  pastPorts(): PastPorts | undefined;
}

export function collectPorts(): PortsCollector {
  let startedAt: string | undefined;
  let serverPort: number | undefined;
  let range: PastPorts['range'];
  const clientPorts: number[] = [];
  return {
    handle(facts) {
      for (const fact of facts) {
        if (fact.kind === 'run-started') ({ startedAt } = fact);
        if (fact.kind === 'ephemeral-range-read') range = { from: fact.from, to: fact.to };
        if (fact.kind === 'listening') serverPort = fact.local.port;
        if (fact.kind === 'connected') clientPorts.push(fact.local.port);
      }
    },
    pastPorts() {
      if (startedAt === undefined || serverPort === undefined || clientPorts.length === 0) return undefined;
      return { startedAt, serverPort, clientPorts, ...(range === undefined ? {} : { range }) };
    },
  };
}
