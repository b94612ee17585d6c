// The help of the terminal command, made from the definitions of the experiments and their options.

import { EXPERIMENT_NAMES, EXPERIMENTS, OPENABLE_NAMES, usersOf } from '../shared/experiments/definitions.ts';
import type { OptionName } from '../shared/experiments/definitions.ts';
import { listOf, valuesOf } from '../shared/experiments/options.ts';
import type { Option } from '../shared/experiments/options.ts';
import { FLAGS } from './arguments.ts';

const WIDTH = 100;
const COLUMN = 20;

/** One entry: its name on the left, its text on the right, wrapped. */
function entry(name: string, words: string): string {
  const indent = ' '.repeat(COLUMN);
  const lines: string[] = [];
  let line = `  ${name}`.padEnd(COLUMN);
  for (const word of words.split(' ')) {
    if (line.length + word.length > WIDTH && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}

function placeholderOf(option: Option): string {
  switch (option.kind) {
    case 'int':
      return option.unit === undefined ? 'N' : option.unit.toUpperCase();
    case 'choice':
      return 'NAME';
    case 'text':
      return 'TEXT';
  }
}

/** The text of an option: its experiments, its help, its values and its default. */
function optionWords(name: OptionName, option: Option): string {
  const users = usersOf(name);
  const whom = users.length === EXPERIMENT_NAMES.length ? '' : `for ${listOf(users, 'and')}: `;
  const otherwise = option.terminalDefault ?? option.default;
  const takes =
    option.kind === 'int'
      ? `; ${option.min} to ${option.max}`
      : option.kind === 'choice'
        ? `; ${listOf(valuesOf(option))}`
        : '';
  return `${whom}${option.help}${takes} (${otherwise})`;
}

function optionEntries(): readonly string[] {
  return FLAGS.map(([flag, name, option]) =>
    entry(`--${flag} ${placeholderOf(option)}`, optionWords(name, option)),
  );
}

const without = EXPERIMENT_NAMES.filter((name) => EXPERIMENTS[name].takes === 'nothing');
const unwaiting = EXPERIMENT_NAMES.filter((name) => !EXPERIMENTS[name].canWait);

export const HELP = `usage: socketscope run file [options] INPUT OUTPUT
       socketscope run string [options] TEXT
       socketscope run boundaries [options] INPUT
       socketscope run ${without.join('|')} [options]

In a checkout the same command is npm run -s exchange -- [--experiment NAME] [options] …, with the experiment
file unless another is named.

Runs a server and a client over a real TCP connection on 127.0.0.1 and prints the exchange on standard output.
Experiments:

${EXPERIMENT_NAMES.map((name) => entry(name, EXPERIMENTS[name].help)).join('\n')}

Options:

${optionEntries().join('\n')}
${entry('--wait', `waits for a port that is taken, and asks for it again when it is free; not for ${listOf(unwaiting)}`)}
${entry('--open-to-network', `for ${listOf(OPENABLE_NAMES, 'and')}: the server listens on every IPv4 address of this machine, where anybody in its network can connect, and not on 127.0.0.1 alone`)}
${entry('--trace FILE', 'also save everything that happened: JSON lines, one fact a line with seq, atUs and kind')}
${entry('--record FILE', 'also save the run as the window saves it, to be opened there; smaller and faster than --trace')}
${entry('--quiet', 'print nothing on success')}
${entry('--help', 'print this')}

A TEXT that begins with a dash goes behind --. Of a line longer than 64 KiB the beginning is printed, and
how many bytes more there are. OUTPUT and FILE are replaced only by a whole new file. A failure is one line
on standard error and exit status 1: it names what is at fault, and the temporary file with what had come
back until then. For refused and in-use the error is what they are for: its code, number and sentence end
standard output, followed for in-use by who has the port, and the exit status is 0.
`;
