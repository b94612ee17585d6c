// Gathers what a replay of the shown run has: all of it, or of a long one the pages around a fact.

import type { Language } from '../../shared/experiments/programs/program.ts';
import { MAX_REPLAY_PAGES, type Replay } from '../../shared/replay.ts';
import { succeeded, type Result } from '../../shared/result.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { MAX_LANDMARKS_A_CALL, PAGE_FACTS, type TracePage } from '../../shared/trace/packed.ts';
import type { Runs, Saveable } from './current-run.ts';

/** The first page of those that are saved. `boundaries` is one picture of all its facts: it is saved from its beginning. */
function firstPage(pages: number, fact: number, isOnePicture: boolean): number {
  if (pages <= MAX_REPLAY_PAGES || isOnePicture) return 0;
  const around = Math.floor((fact - 1) / PAGE_FACTS) - Math.floor(MAX_REPLAY_PAGES / 2);
  return Math.max(0, Math.min(around, pages - MAX_REPLAY_PAGES));
}

/** A failure is that of a page that cannot be read, or that the run was replaced meanwhile. */
export async function gatherReplay(
  runs: Pick<Runs, 'page' | 'landmarks'>,
  { info, progress }: Pick<Saveable, 'info' | 'progress'>,
  fact: number,
  language: Language,
): Promise<Result<Replay>> {
  const { run, experiment, inputName, inputBytes } = info;
  const { landmarks: ofRun, ...counts } = progress;
  const pageCount = Math.ceil(counts.facts / PAGE_FACTS);
  const from = firstPage(pageCount, fact, experiment === 'boundaries');
  const pages: TracePage[] = [];
  for (let page = from; page < Math.min(pageCount, from + MAX_REPLAY_PAGES); page += 1) {
    const read = await runs.page(run, page);
    if (!read.ok) return read;
    pages.push(read.value);
  }
  const lastSeq = Math.min(counts.facts, (from + MAX_REPLAY_PAGES) * PAGE_FACTS);
  const landmarks: TraceEvent[] = [];
  // Those of the first call are enough for every run that is saved whole.
  while (landmarks.length < Math.min(ofRun, MAX_LANDMARKS_A_CALL)) {
    const read = await runs.landmarks(run, landmarks.length);
    if (!read.ok) return read;
    if (read.value.length === 0) break;
    landmarks.push(...read.value);
  }
  return succeeded({
    experiment,
    inputName,
    inputBytes,
    language,
    counts: { ...counts, facts: lastSeq },
    factsOfRun: counts.facts,
    startAt: from === 0 ? 0 : fact,
    landmarks: landmarks.filter(({ seq }) => seq <= lastSeq),
    pages,
  });
}
