// The experiments as a person meets them: name, place in the course, question before, and what is asked of them.

import type { ExperimentName } from '../../shared/trace.ts';

export interface Experiment {
  readonly id: ExperimentName;
  readonly name: string;
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
    name: 'Refused',
    step: 'step 2',
    question: 'What if the client comes before the server listens?',
    plan: 'The course’s program without its sleep: move the client’s start to before or after the moment the server listens, and see the real outcome.',
  },
  {
    id: 'in-use',
    name: 'In use',
    step: 'step 2',
    question: 'What if a second server wants the same port?',
    plan: 'One server listens, a second one asks for the same address and port. The system refuses it, and says who has the port.',
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
    plan: 'A real server and a real client start on this computer. The client sends the file line by line, the server sends each line back reversed, and every step is recorded for you to watch.',
  },
];

export function experimentOf(id: ExperimentName): Experiment {
  const found = EXPERIMENTS.find((experiment) => experiment.id === id);
  if (found === undefined) throw new Error(`No experiment is called ${id}`);
  return found;
}
