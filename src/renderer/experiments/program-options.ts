// The options of the programs beside the picture: those of the run shown where it has them, else those of the settings.

import { EXPERIMENTS, OPTIONS, readsFile } from '../../shared/experiments/definitions.ts';
import { optionFault } from '../../shared/experiments/options.ts';
import type { ProgramOptions } from '../../shared/experiments/programs/program.ts';
import { plainName, resultNameFor } from '../../shared/file-name.ts';
import type { Settings } from '../../shared/ipc.ts';
import { EVERY_ADDRESS } from '../../shared/trace/fact.ts';
import type { RunStarted, Side, TraceEvent } from '../../shared/trace/fact.ts';
import type { Round } from '../scene/rounds.ts';

export interface ProgramContext {
  readonly settings: Settings;
  /** The facts at hand of the run shown, of the round at the cursor where it has rounds; none before there is a run. */
  readonly facts: readonly TraceEvent[];
  readonly round: Round | undefined;
  /** The name of the input that would be sent now. */
  readonly inputName: string;
  /** The name of the result, where there is one. */
  readonly resultName: string | undefined;
}

/** All that the programs depend on. A trace may come from anybody: no name in it leads out of the programs' folder. */
export function programOptions(context: ProgramContext): ProgramOptions {
  const { settings, facts, round, resultName } = context;
  const [first] = facts;
  const start = first?.kind === 'run-started' ? first : undefined;
  const inputName = plainName(
    start !== undefined && readsFile(start.experiment) && start.input.name !== ''
      ? start.input.name
      : context.inputName,
  );
  const outputName = settings.outputName === '' ? resultNameFor(inputName) : settings.outputName;
  return {
    ...settings,
    ...start?.options,
    ...(start === undefined ? {} : textsOf(start, facts)),
    port: valid('port', portOf(facts) ?? start?.requested.port) ?? settings.port,
    framing: round?.framing ?? 'newlines',
    ...(round?.handOver === undefined ? {} : { handOver: round.handOver }),
    openToNetwork: start === undefined ? settings.openToNetwork : start.requested.address === EVERY_ADDRESS,
    inputName,
    outputName: plainName(resultName ?? outputName),
  };
}

/** The value of an option, where it may have that value. */
function valid<Value>(option: 'port' | 'text' | 'greeting', value: Value): Value | undefined {
  return value !== undefined && optionFault(OPTIONS[option], value) === undefined ? value : undefined;
}

/** The port that both ends know. */
function portOf(facts: readonly TraceEvent[]): number | undefined {
  for (const event of facts) {
    if (event.kind === 'listening') return event.local.port;
    if (event.kind === 'connect-called') return event.remote.port;
  }
  return undefined;
}

/** A trace has the text and the greeting only as the bytes that were written. */
function textsOf(
  { experiment }: RunStarted,
  facts: readonly TraceEvent[],
): { readonly text?: string; readonly greeting?: string } {
  const { options } = EXPERIMENTS[experiment];
  const names: readonly string[] = options;
  const text = names.includes('text') ? valid('text', writtenBy('client', facts)) : undefined;
  const greeting = names.includes('greeting') ? valid('greeting', writtenBy('server', facts)) : undefined;
  return { ...(text === undefined ? {} : { text }), ...(greeting === undefined ? {} : { greeting }) };
}

/** The text of the first write of a side; undefined where not all of it is here, or it is no text. */
function writtenBy(side: Side, facts: readonly TraceEvent[]): string | undefined {
  const write = facts.find((event) => event.kind === 'wrote' && event.side === side);
  if (write?.kind !== 'wrote' || write.data.leftOutBytes !== undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(write.data.bytes);
  } catch {
    return undefined;
  }
}
