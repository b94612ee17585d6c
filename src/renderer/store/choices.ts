// The options of the run shown, or, before there is one, those of the settings. The words and the programs beside the
// picture follow them.

import type { Language, ProgramOptions } from '../../shared/experiments/programs/program.ts';
import type { RunStarted, TakenBy, Transform } from '../../shared/trace/fact.ts';
import { programOptions } from '../experiments/program-options.ts';
import {
  EXPERIMENTS,
  portFor,
  type OptionName,
  type OptionValues,
} from '../../shared/experiments/definitions.ts';
import { useAllFacts, useRound, useRoundFacts } from './derived.ts';
import { hasShownRun, useRun } from './run.ts';

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

/** What holds the port in `in-use`. */
export function useTakenBy(): TakenBy {
  const start = useStart();
  const setting = useRun((state) => state.settings?.takenBy);
  return (start === undefined ? setting : start.options.takenBy) ?? 'listener';
}

/** The language of the programs beside the picture, and of the words for their calls in it. */
export function useLanguage(): Language {
  return useRun((state) => state.settings?.language) ?? 'Python';
}

/** The options of the programs beside the picture; undefined until the settings are here. */
export function useProgramOptions(): ProgramOptions | undefined {
  const settings = useRun((state) => state.settings);
  const inputName = useRun((state) => state.input?.name);
  const resultName = useRun((state) => (hasShownRun(state) ? state.result?.name : undefined));
  const facts = useRoundFacts();
  const round = useRound();
  return settings === undefined
    ? undefined
    : programOptions({ settings, facts, round, inputName: inputName ?? settings.inputName, resultName });
}

/** The options of the experiment shown that are set to other values than the run shown was started with. */
export function useChangedOptions(): readonly OptionName[] {
  const start = useStart();
  const settings = useRun((state) => state.settings);
  const isLive = useRun((state) => state.info?.origin === 'live' && state.phase === 'settled');
  if (start === undefined || settings === undefined || !isLive) return [];
  const ran: Partial<OptionValues> = { ...start.options, port: start.requested.port };
  const set: Partial<OptionValues> = { ...settings, port: portFor(start.experiment, settings) };
  return EXPERIMENTS[start.experiment].options.filter(
    (name) => ran[name] !== undefined && ran[name] !== set[name],
  );
}
