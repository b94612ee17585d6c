// The client ports of earlier runs of `ports`, in ports.json in the user's data folder. current-run.ts adds to it, calls.ts hands
// it to the window.

import { z } from 'zod';

import type { PastPorts } from '../../shared/ipc.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { createJsonFileWriter, readJsonFile, type Understood, type Warn } from './json-file.ts';

/** More client ports than this are not remembered: a plot has no room for them. */
const MAX_PORTS = 2_000;

export interface PortHistory {
  /** Oldest first. */
  readonly runs: readonly PastPorts[];
  /** Remembers a run, and forgets the oldest where there are too many; resolves when it is on the disk. */
  add(run: PastPorts): Promise<void>;
  /** Forgets all of them. */
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

function understand(found: unknown): Understood<readonly PastPorts[]> {
  const read = HISTORY.safeParse(found);
  if (read.success) return { value: withinBound(read.data) };
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return { value: [], damage: `it is no list of runs (${where}${issue?.message ?? 'it makes no sense'})` };
}

/** The newest runs that together have no more ports than are remembered. */
function withinBound(runs: readonly PastPorts[]): readonly PastPorts[] {
  let ports = 0;
  const tooOld = runs.findLastIndex(({ clientPorts }) => {
    ports += clientPorts.length;
    return ports > MAX_PORTS;
  });
  return runs.slice(tooOld + 1);
}

/**
 * Reads what is remembered. A file that is missing or cannot be read is none; so is a damaged one, which is kept aside
 * as `ports.damaged-TIME.json`. What cannot be written is told to `warn` and holds until the app is closed.
 */
export function openPortHistory(path: string, warn: Warn): PortHistory {
  let runs = readJsonFile<readonly PastPorts[]>(path, [], understand, warn);
  const writer = createJsonFileWriter(path, warn);
  async function become(now: readonly PastPorts[]): Promise<void> {
    runs = now;
    await writer.write(now);
  }
  return {
    get runs() {
      return runs;
    },
    add: (run) => become(withinBound([...runs, run])),
    async clear() {
      await become([]);
      return runs;
    },
  };
}

/** What one run of `ports` leaves to be remembered, from the facts as they come. */
export interface PortsSeen {
  take(facts: readonly TraceEvent[]): void;
  /** Undefined where no client was connected. */
  pastPorts(): PastPorts | undefined;
}

export function watchPorts(): PortsSeen {
  let startedAt: string | undefined;
  let serverPort: number | undefined;
  let range: PastPorts['range'];
  const clientPorts: number[] = [];
  return {
    take(facts) {
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
