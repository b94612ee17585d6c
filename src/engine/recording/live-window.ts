// Which facts the window is given unasked; it asks for the others when a person looks at them. The recorder pushes a
// live run by this rule, run-worker.ts a run that was opened from a file, which can hold anything.

import { MAX_BOUNDARY_BYTES } from '../../shared/experiments/framing-words.ts';
import { isAboutLines } from '../../shared/trace/fact.ts';
import type { Fact } from '../../shared/trace/fact.ts';

/** Facts about lines that no line of our client accounts for (a stranger's) are pushed up to this many a line. */
const FACTS_A_LINE = 16;

/**
 * All facts of `boundaries` are pushed: it is for looking at every byte. At most five facts for each of 4,096 bytes
 * (written and read on both sides, transformed), to three servers in four ways; a stranger's count among them.
 */
const FACTS_OF_BOUNDARIES = 5 * MAX_BOUNDARY_BYTES * 3 * 4;

/** Many times what any experiment has of opening, closing and failing; more is a stranger's doing. */
const MAX_OTHER_FACTS = 30_000;

/** Whether the next fact of a run is pushed; `linesSent` are the lines of our client up to it, itself included. */
export type PushRule = (fact: Fact, linesSent: number) => boolean;

/** The rule for one run, which is to be asked about each of its facts once and in order. */
export function createPushRule(detailedLines: number): PushRule {
  let aboutLines = 0;
  let others = 0;
  let inBoundaries = false;
  return (fact, linesSent) => {
    if (fact.kind === 'run-ended') return true;
    if (fact.kind === 'run-started') inBoundaries = fact.experiment === 'boundaries';
    if (!isAboutLines(fact)) {
      others += 1;
      return others <= MAX_OTHER_FACTS;
    }
    if (inBoundaries) {
      aboutLines += 1;
      return aboutLines <= FACTS_OF_BOUNDARIES;
    }
    if (linesSent > detailedLines) return false;
    aboutLines += 1;
    return aboutLines <= Math.max(1, detailedLines) * FACTS_A_LINE;
  };
}
