// How long the terminal command takes to print its --help, against a Node that does nothing: one of each, again and again.

import { formatCount } from '../src/shared/format.ts';
import { measureProgram, median } from './processes.ts';
import type { Section } from './report.ts';

/** The first start of each fills the disk's cache. */
const WARM_UP_PAIRS = 2;

/** `command` is the built terminal command. */
export async function measureCliStart(command: string, full: boolean): Promise<Section> {
  const pairs = full ? 25 : 9;
  const bareMs: number[] = [];
  const helpMs: number[] = [];
  for (let pair = 0; pair < WARM_UP_PAIRS + pairs; pair += 1) {
    const bare = await measureProgram(process.execPath, ['-e', '0']);
    const help = await measureProgram(process.execPath, [command, '--help']);
    if (pair < WARM_UP_PAIRS) continue;
    bareMs.push(bare.ms);
    helpMs.push(help.ms);
  }
  const moreMs = median(helpMs.map((ms, pair) => ms - (bareMs[pair] ?? Number.NaN)));
  const words = (ms: number): string => `${formatCount(Math.round(ms))} ms`;
  return {
    name: 'cli-start',
    title: 'Start of the terminal command',
    command: full ? 'npm run bench -- --full' : 'npm run bench',
    words: `Medians of ${pairs} pairs. The target is at most 150 ms more than Node itself.`,
    header: ['node -e 0', '--help', 'median of the differences'],
    rows: [[words(median(bareMs)), words(median(helpMs)), words(moreMs)]],
  };
}
