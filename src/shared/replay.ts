// What a page that replays a run carries: pages of its facts as the window gets them, as text that stands inside of HTML.

import { EXPERIMENT_NAMES, type ExperimentName } from './experiments/definitions.ts';
import { LANGUAGES, type Language } from './experiments/programs/program.ts';
import { NO_COUNTS, type RunCounts } from './trace/counts.ts';
import type { TraceEvent } from './trace/fact.ts';
import { formatFact, parseFactAnywhere } from './trace/json-lines.ts';
import type { PackedFacts, TracePage } from './trace/packed.ts';
import { base64Of, bytesOfBase64 } from './trace/recorded-bytes.ts';

/** So many pages of 4,096 facts a replay has at most: of a longer run those around the cursor. */
export const MAX_REPLAY_PAGES = 3;

export interface Replay {
  readonly experiment: ExperimentName;
  readonly inputName: string;
  readonly inputBytes: number;
  /** Of the programs' words in the picture. */
  readonly language: Language;
  /** Counts of the whole run, but `facts`: the last fact that the replay has. */
  readonly counts: RunCounts;
  /** The facts of the whole run, where the replay has a part of them. */
  readonly factsOfRun: number;
  /** Where the cursor stands at first: 0, or in the middle of a part. */
  readonly startAt: number;
  /** Facts that are not about lines, up to the last page's end. */
  readonly landmarks: readonly TraceEvent[];
  /** In order, one after the other. */
  readonly pages: readonly TracePage[];
}

/** The replay as JSON in which nothing can end an HTML element or a line of JavaScript. */
export function replayText(replay: Replay): string {
  const { landmarks, pages } = replay;
  const json = JSON.stringify({
    ...replay,
    landmarks: landmarks.map(formatFact),
    pages: pages.map(storedPage),
  });
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function storedPage({ page, parts, links }: TracePage): object {
  return { page, parts: parts.map(storedFacts), links: links.map(storedFacts) };
}

function storedFacts({ records, data, seqs, ...rest }: PackedFacts): object {
  return {
    ...rest,
    ...(seqs === undefined ? {} : { seqs: [...seqs] }),
    records: base64Of(records),
    data: base64Of(data),
  };
}

/** Parses what `replayText` wrote. Throws where the file was changed to something else. */
export function parseReplay(text: string): Replay {
  const replay = fieldsOf(JSON.parse(text));
  const counts = fieldsOf(replay.counts);
  return {
    experiment: oneOf(EXPERIMENT_NAMES, replay.experiment),
    inputName: textOf(replay.inputName),
    inputBytes: numberOf(replay.inputBytes),
    language: oneOf(LANGUAGES, replay.language),
    counts: {
      ...NO_COUNTS,
      facts: numberOf(counts.facts),
      atUs: numberOf(counts.atUs),
      linesSent: numberOf(counts.linesSent),
      linesTransformed: numberOf(counts.linesTransformed),
      linesReceived: numberOf(counts.linesReceived),
      bytesSent: numberOf(counts.bytesSent),
      bytesReceived: numberOf(counts.bytesReceived),
      linesByByte: numberOf(counts.linesByByte),
      connection: numberOf(counts.connection),
    },
    factsOfRun: numberOf(replay.factsOfRun),
    startAt: numberOf(replay.startAt),
    landmarks: listOf(replay.landmarks).map((line) => {
      const fact = parseFactAnywhere(textOf(line));
      if (!fact.ok) throw new Error(fact.problem.message);
      return fact.value;
    }),
    pages: listOf(replay.pages).map((stored) => {
      const { page, parts, links } = fieldsOf(stored);
      return {
        page: numberOf(page),
        parts: listOf(parts).map(packedFacts),
        links: listOf(links).map(packedFacts),
      };
    }),
  };
}

function packedFacts(stored: unknown): PackedFacts {
  const { firstSeq, seqs, count, peers, maxDataBytes, records, data } = fieldsOf(stored);
  return {
    firstSeq: numberOf(firstSeq),
    ...(seqs === undefined ? {} : { seqs: Float64Array.from(listOf(seqs), numberOf) }),
    count: numberOf(count),
    peers: listOf(peers).map(textOf),
    ...(maxDataBytes === undefined ? {} : { maxDataBytes: numberOf(maxDataBytes) }),
    records: bytesOf(records),
    data: bytesOf(data),
  };
}

function notWritten(expected: string): Error {
  return new Error(`This file was changed: ${expected} was expected.`);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw notWritten('an object');
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw notWritten('a list');
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw notWritten('a text');
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw notWritten('a number');
  return value;
}

function bytesOf(value: unknown): Uint8Array {
  const bytes = bytesOfBase64(textOf(value));
  if (bytes === undefined) throw notWritten('base 64');
  return bytes;
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw notWritten(names.join(', '));
  return found;
}
