// The experiments as a person meets them: name, place in the course, question before, and what is asked of them.

import type { ExperimentName, TakenBy, Transform } from '../trace/fact.ts';
import { transformedName } from './transform-words.ts';

export interface Experiment {
  readonly id: ExperimentName;
  /** The entry in the sidebar; experiments of the same name share one. */
  readonly name: string;
  /** Which of those that share an entry. */
  readonly kind?: string;
  /** Where the course has it. */
  readonly step: string;
  readonly question: string;
  /** What will happen, before the first run. */
  readonly plan: string;
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'welcome',
    name: 'Welcome',
    step: 'step 1',
    question: 'What does it take until a server has said hello?',
    plan: 'A real server listens on this computer, a real client connects, the server greets it and both close. Nothing is sent the other way.',
  },
  {
    id: 'refused',
    name: 'Refused and in use',
    kind: 'Client too early',
    step: 'step 2',
    question: 'What if the client comes before the server listens?',
    plan: 'The course’s program without its sleep: move the client’s start to before or after the moment the server listens, and see the real outcome.',
  },
  {
    id: 'in-use',
    name: 'Refused and in use',
    kind: 'Port in use',
    step: 'step 2',
    question: 'What if a second server wants the same port?',
    plan: 'One server listens, a second one asks for the same address and port. The system refuses it, and says who has the port.',
  },
  {
    id: 'race',
    name: 'Refused and in use',
    kind: 'Race',
    step: 'step 2',
    question: 'Server and client start at once: who comes first?',
    plan: 'The course’s program without its sleep, many times: two threads start together, and each round is counted by how it ended. The report saw an error; is that certain?',
  },
  {
    id: 'string',
    name: 'Reverse a string',
    step: 'step 4',
    question: 'How does one text come back reversed?',
    plan: 'The client sends the text you type, the server reads to the end of the stream, reverses it and sends it back.',
  },
  {
    id: 'file',
    name: 'Reverse a file',
    step: 'step 5',
    question: 'How does each line get to the server and back?',
    plan: 'A real server and a real client start on this computer. The client sends the file line by line, the server sends each line back, and every step is recorded for you to watch.',
  },
  {
    id: 'boundaries',
    name: 'Lost boundaries',
    step: 'question 5',
    question: 'Why did the server reverse all lines together?',
    plan: 'The same bytes go to three servers: one takes each read for a line, one reads to the end, one finds the newlines. Choose how the client hands its bytes over, and see who gives the lines back.',
  },
  {
    id: 'ports',
    name: 'Ephemeral ports',
    step: 'question 6',
    question: 'Why does the client’s port change from run to run?',
    plan: 'Many clients connect one after the other to one server that stays where it is. Each client’s port is drawn beside the range that the system takes it from.',
  },
];

/** What differs about an experiment by what was chosen for it. */
interface Chosen {
  readonly transform: Transform;
  readonly takenBy: TakenBy;
}

/** The question before a run. */
export function questionOf(id: ExperimentName, { transform, takenBy }: Chosen): string {
  if (id === 'string' && transform !== 'reverse') {
    return `How does one text come back in ${transform === 'upper-case' ? 'upper' : 'swapped'} case?`;
  }
  if (id === 'in-use' && takenBy === 'time-wait') return 'Who has the port of a program that has ended?';
  return experimentOf(id).question;
}

/** What will happen, before the first run. */
export function planOf(id: ExperimentName, { transform, takenBy }: Chosen): string {
  const how = transformedName(transform);
  switch (id) {
    case 'string':
      return transform === 'reverse'
        ? experimentOf(id).plan
        : `The client sends the text you type, the server reads to the end of the stream and sends it back ${how}.`;
    case 'file':
      return `A real server and a real client start on this computer. The client sends the file line by line, the server sends each line back ${how}, and every step is recorded for you to watch.`;
    case 'in-use':
      return takenBy === 'listener'
        ? experimentOf(id).plan
        : 'A program of Python has the port, closes its connection first and ends. The port stays in TIME_WAIT, our server asks for it, and the system refuses it and says for how long still.';
    default:
      return experimentOf(id).plan;
  }
}

/** The experiments that share the entry of `id` in the sidebar, itself among them. */
export function sharingEntry(id: ExperimentName): readonly Experiment[] {
  const { name } = experimentOf(id);
  return EXPERIMENTS.filter((experiment) => experiment.name === name);
}

/** What one is called where it stands alone: its kind, or its name. */
export function titleOf(id: ExperimentName): string {
  const { name, kind } = experimentOf(id);
  return kind ?? name;
}

function experimentOf(id: ExperimentName): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.id === id);
  if (found === undefined) throw new Error(`No experiment is called ${id}`);
  return found;
}
