// The run beside the one that is shown, while the two are compared: its trace, in a thread of its own.

import type { RunInfo } from '../../shared/ipc.ts';
import type { RunComparison } from '../../shared/trace/comparison.ts';
import type { TraceProgress } from '../../shared/trace/packed.ts';
import type { RunStarted } from '../../shared/trace/fact.ts';
import { failed, succeeded, type Result } from '../../shared/result.ts';
import { openInThread, type OpenedInThread, type ThreadBroke } from '../../engine/runs/run-host.ts';
import type { RunTrace } from '../../engine/runs/run-protocol.ts';

/** A run to put beside the one that is shown. */
export interface RunBeside {
  readonly path: string;
  /** Where it is packed, where it is of JSON lines. */
  readonly temporaryPath: string;
  readonly infoOf: (first: RunStarted) => RunInfo;
  /** Called when it is not used any more, also where it cannot be opened. */
  readonly release: () => Promise<void>;
}

export interface Comparison {
  /** Opens a run in place of the one there may be. */
  open(beside: RunBeside): Promise<Result<{ readonly info: RunInfo; readonly progress: TraceProgress }>>;
  /** The trace of the run beside, where it has that number. */
  traceOf(run: number): RunTrace | undefined;
  /** Compares the packed trace at `path` with the run beside, for some time. */
  compareWith(path: string): Promise<Result<RunComparison>>;
  close(): Promise<void>;
}

export function createComparison(broke: ThreadBroke): Comparison {
  let current: (OpenedInThread & { readonly info: RunInfo; release(): Promise<void> }) | undefined;
  /** The last one that was asked for: one that is closed before it is open is not kept. */
  let asked = 0;

  async function close(): Promise<void> {
    const before = current;
    current = undefined;
    asked += 1;
    await before?.trace.close();
    await before?.release();
  }

  return {
    async open({ path, temporaryPath, infoOf, release }) {
      await close();
      const turn = asked;
      const opened = await openInThread(path, temporaryPath, broke);
      if (!opened.ok) {
        await release();
        return opened;
      }
      if (turn !== asked) {
        await opened.value.trace.close();
        await release();
        return notCompared();
      }
      const info = infoOf(opened.value.first);
      current = { ...opened.value, info, release };
      return succeeded({ info, progress: opened.value.counts });
    },
    traceOf: (run) => (current?.info.run === run ? current.trace : undefined),
    async compareWith(path) {
      return (await current?.compareWith(path)) ?? notCompared();
    },
    close,
  };
}

function notCompared(): Result<never> {
  return failed('run-replaced', 'These runs are not compared any more.');
}
