// The programs of every experiment, in both languages. They run as they are shown, and give what the picture shows.

import type { ExperimentName } from '../definitions.ts';
import { EXPERIMENTS, reversesSomething } from '../definitions.ts';
import * as nodeGreeting from './node/greeting.ts';
import { inUse as nodeInUse } from './node/in-use.ts';
import * as nodeLines from './node/lines.ts';
import { knownPort } from './place.ts';
import type { Language, Program, ProgramOptions } from './program.ts';
import * as pythonGreeting from './python/greeting.ts';
import { inUse as pythonInUse } from './python/in-use.ts';
import * as pythonLines from './python/lines.ts';
import { hasClusters } from './rules.ts';

type ProgramsOf = (options: ProgramOptions) => readonly Program[];

const PROGRAMS: Readonly<Record<Language, Readonly<Record<ExperimentName, ProgramsOf>>>> = {
  Python: {
    welcome: pythonGreeting.welcome,
    refused: pythonGreeting.refused,
    'in-use': pythonInUse,
    race: pythonGreeting.race,
    string: pythonLines.string,
    file: pythonLines.file,
    boundaries: pythonLines.boundaries,
    ports: pythonGreeting.ports,
  },
  Node: {
    welcome: nodeGreeting.welcome,
    refused: nodeGreeting.refused,
    'in-use': nodeInUse,
    race: nodeGreeting.race,
    string: nodeLines.string,
    file: nodeLines.file,
    boundaries: nodeLines.boundaries,
    ports: nodeGreeting.ports,
  },
};

/** The programs of an experiment, in the order of their lanes; the one that has to run first is in front where that matters. */
export function programsOf(
  experiment: ExperimentName,
  language: Language,
  options: ProgramOptions,
): readonly Program[] {
  const openToNetwork = options.openToNetwork && EXPERIMENTS[experiment].canBeOpened;
  return PROGRAMS[language][experiment]({ ...options, openToNetwork });
}

/** Where the programs differ from the run, in sentences to stand beside them. */
export function differencesOf(
  experiment: ExperimentName,
  language: Language,
  options: ProgramOptions,
): readonly string[] {
  const differences: string[] = [];
  if (options.port === 0) {
    differences.push(`The run takes any free port. These programs agree on ${knownPort(options.port)}.`);
  }
  const reversesClusters =
    options.by === 'grapheme' &&
    reversesSomething(experiment, options) &&
    (experiment !== 'string' || hasClusters(options.text));
  if (language === 'Python' && reversesClusters) {
    differences.push('Here by code point: Python knows no grapheme clusters. Node does.');
  }
  if (experiment === 'in-use' && options.takenBy === 'time-wait' && language === 'Node') {
    differences.push('before.py is in Python: Node sets SO_REUSEADDR on every server.');
  }
  return differences;
}
