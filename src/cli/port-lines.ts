// What the terminal says of a port that is taken, beside the transcript: neither program says it, it is the kernel's
// answer. cli/index.ts gives it the facts.

import { holderSentence } from '../shared/trace/port-words.ts';
import type { Fact } from '../shared/trace/fact.ts';
import type { LinesOf } from './round-lines.ts';

/** While a port is waited for its holder is examined every second: so often is it told. */
const TELL_EVERY_MS = 10_000;

/** Who has the port, as it is examined; while it is waited for, at times and whenever it is somebody else. */
export function holderLines(): LinesOf {
  let awaited = false;
  let toldMs = -Infinity;
  let told = '';
  return (fact) => {
    if (fact.kind === 'port-awaited') awaited = true;
    if (fact.kind === 'listening') awaited = false;
    if (fact.kind !== 'port-examined') return [];
    const nowMs = performance.now();
    if (awaited && fact.holder.what === told && nowMs - toldMs < TELL_EVERY_MS) return [];
    toldMs = nowMs;
    told = fact.holder.what;
    return [holderSentence(fact.port, fact.holder)];
  };
}

/** When a port that was waited for was had, and how long that took. */
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

/** What is told at the end of a run that was to find a port in use. */
export interface Verdict {
  take(fact: Fact): void;
  /** Who had the port; where it was waited for, when it was free. */
  lines(): readonly string[];
}

/** A verdict of one run, which is to take all its facts. */
export function createVerdict(): Verdict {
  const freed = freedLines();
  let refused = false;
  let said: readonly string[] = [];
  return {
    take(fact) {
      const lines = freed(fact);
      if (lines.length > 0) said = lines;
      // What befalls another client is no reason of ours.
      if (fact.kind === 'failed' && fact.connection === undefined) {
        refused = fact.problem.code === 'port-in-use';
      }
      if (fact.kind !== 'port-examined' || !refused) return;
      said = [holderSentence(fact.port, fact.holder)];
    },
    lines: () => said,
  };
}
