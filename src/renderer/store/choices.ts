// The options of the run shown, or, before there is one, those of the settings. The words and the programs beside the
// picture follow them.

import { EVERY_ADDRESS } from '../../shared/trace/fact.ts';
import type { RunStarted, TakenBy, Transform } from '../../shared/trace/fact.ts';
import { useAllFacts } from './derived.ts';
import { useRun } from './run.ts';

function useStart(): RunStarted | undefined {
  const [first] = useAllFacts();
  return first?.kind === 'run-started' ? first : undefined;
}

/** What the server does with a line. */
export function useTransform(): Transform {
  const start = useStart();
  const setting = useRun((state) => state.settings?.transform);
  return (start === undefined ? setting : start.options.transform) ?? 'reverse';
}

/** Whether the server listens on every address of this machine, where its experiment may. */
export function useOpenToNetwork(): boolean {
  const start = useStart();
  const setting = useRun((state) => state.settings?.openToNetwork) ?? false;
  return start === undefined ? setting : start.requested.address === EVERY_ADDRESS;
}

/** How many lines of a file may be on their way at once. */
export function useInFlight(): number {
  const start = useStart();
  const setting = useRun((state) => state.settings?.inFlight);
  return (start === undefined ? setting : start.options.inFlight) ?? 1;
}

/** What holds the port in `in-use`. */
export function useTakenBy(): TakenBy {
  const start = useStart();
  const setting = useRun((state) => state.settings?.takenBy);
  return (start === undefined ? setting : start.options.takenBy) ?? 'listener';
}
