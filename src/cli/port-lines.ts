// What the terminal command prints of a port in use, beside the transcript: the kernel's report, which neither program
// gives.

import { holderSentence, otherPortSentence } from '../shared/trace/port-words.ts';
import type { Fact } from '../shared/trace/fact.ts';
import type { LinesOf } from './round-lines.ts';

/** The interval between two lines about the same holder, which is examined every second. */
const REPORT_INTERVAL_MS = 10_000;

/** What holds the port, when it is examined; during a wait at intervals, and whenever the kind of holder changes. */
export function holderLines(): LinesOf {
  let awaited = false;
  let reportedMs = -Infinity;
  let reported = '';
  return (fact) => {
    if (fact.kind === 'port-awaited') awaited = true;
    if (fact.kind === 'listening') awaited = false;
    if (fact.kind !== 'port-examined') return [];
    const nowMs = performance.now();
    if (awaited && fact.holder.what === reported && nowMs - reportedMs < REPORT_INTERVAL_MS) return [];
    reportedMs = nowMs;
    reported = fact.holder.what;
    return [holderSentence(fact.port, fact.holder)];
  };
}

/** That a run of `in-use` took another port than the one that was asked for; its client comes before its server. */
export function otherPortLines(): LinesOf {
  let asked = 0;
  return (fact) => {
    if (fact.kind === 'run-started') asked = fact.requested.port;
    if (fact.kind !== 'connect-called' || asked === 0 || fact.remote.port === asked) return [];
    return [otherPortSentence(asked, fact.remote.port)];
  };
}

/** When a port that was waited for was free, and how long that took. */
export function freedLines(): LinesOf {
  let sinceMs: number | undefined;
  return (fact) => {
    if (fact.kind === 'port-awaited') sinceMs = performance.now();
    if (fact.kind !== 'listening' || sinceMs === undefined) return [];
    const seconds = ((performance.now() - sinceMs) / 1_000).toFixed(1);
    sinceMs = undefined;
    const at = new Date().toTimeString().slice(0, 'hh:mm:ss'.length);
    return [`Port ${fact.local.port} was free at ${at}, after ${seconds} s.`];
  };
}

/** What is printed at the end of a run that demonstrates a port in use. */
export interface Verdict {
  handle(fact: Fact): void;
  /** What held the port; after a wait, when it was free. */
  lines(): readonly string[];
}

/** A verdict of one run; must handle all its facts. */
export function createVerdict(): Verdict {
  const freed = freedLines();
  let refused = false;
  let report: readonly string[] = [];
  return {
    handle(fact) {
      const lines = freed(fact);
      if (lines.length > 0) report = lines;
      // Failures of other clients' connections do not count.
      if (fact.kind === 'failed' && fact.connection === undefined) {
        refused = fact.problem.code === 'port-in-use';
      }
      if (fact.kind !== 'port-examined' || !refused) return;
      report = [holderSentence(fact.port, fact.holder)];
    },
    lines: () => report,
  };
}
