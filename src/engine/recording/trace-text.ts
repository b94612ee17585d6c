// A whole run as text: its transcript, its lines as a table, its facts as JSON lines. Written to a file or, up to a bound,
// given as one text; memory does not grow with the run.

import { open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { RunText } from '../../shared/ipc.ts';
import type { Problem, Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import { NO_CONNECTION, ownConnectionAfter } from '../../shared/trace/connection.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { formatFact } from '../../shared/trace/json-lines.ts';
import { LineFollower, type LineRecord } from '../../shared/trace/line-follower.ts';
import { newTranscript, NOT_PRINTED, printableLine, transcriptOf } from '../../shared/trace/transcript.ts';
import { writeProblem } from '../files/file-problems.ts';
import { writeWhole } from '../files/whole-write.ts';
import { cancelledProblem } from '../net/problems.ts';
import type { TraceReader } from './trace-reader.ts';

const WRITE_CHARACTERS = 256 * 1024;

/** A damaged run may claim any number of lines that never come back: of more than so many the first is printed as it is. */
const MAX_LINES_ON_THEIR_WAY = 65_536;

/** Makes the lines of a text, without their ends, from facts in order. */
interface TextMaker {
  /** The lines before the first fact. */
  readonly head: readonly string[];
  /** The lines that a fact adds. */
  add(fact: TraceEvent): readonly string[];
  /** The lines behind the last fact. */
  end(): readonly string[];
}

const MAKERS: Readonly<Record<RunText, () => TextMaker>> = {
  transcript: makeTranscript,
  lines: makeLines,
  facts: () => ({ head: [], add: (fact) => [formatFact(fact)], end: () => [] }),
};

function makeTranscript(): TextMaker {
  const state = newTranscript();
  let before = 0;
  return {
    head: [],
    add(fact) {
      const lines = transcriptOf(fact, state);
      const isGap = fact.seq > before + 1;
      before = fact.seq;
      return isGap ? [NOT_PRINTED, ...lines] : lines;
    },
    end: () => [],
  };
}

/** Numbers without units, and tabs between the cells: as a spreadsheet wants them. */
const COLUMNS = [
  'line',
  'sent',
  'came back',
  'reads at the server',
  'reads at the client',
  'round trip in us',
];

function makeLines(): TextMaker {
  const lines = new LineFollower();
  let own = NO_CONNECTION;
  /** In the order in which they were sent, as far as they are back. */
  function* rows(isOver: boolean): Generator<string> {
    for (const record of lines.records.values()) {
      const isDone = record.receivedSeq !== undefined || lines.records.size > MAX_LINES_ON_THEIR_WAY;
      if (!isDone && !isOver) return;
      lines.forget(record.line);
      yield rowOf(record);
    }
  }
  return {
    head: [COLUMNS.join('\t')],
    add(fact) {
      own = ownConnectionAfter(fact, own);
      if (own !== NO_CONNECTION && 'connection' in fact && fact.connection !== own) return [];
      lines.add(fact);
      return fact.kind === 'line-received' || fact.kind === 'wrote' ? [...rows(false)] : [];
    },
    end: () => [...rows(true)],
  };
}

function rowOf({ line, sent, reply, readsThere, readsBack, sentAtUs, receivedAtUs }: LineRecord): string {
  const cells = [
    String(line),
    printableLine(sent),
    reply === undefined ? '' : printableLine(reply),
    String(readsThere),
    String(readsBack),
    receivedAtUs === undefined ? '' : String(Math.round(receivedAtUs - sentAtUs)),
  ];
  return cells.map((cell) => cell.replaceAll('\t', '\\t')).join('\t');
}

/**
 * The lines of a text, many at a time, and after them the number of their last fact to `onProgress`. A failure is the
 * last. An abort is its reason's problem.
 */
async function* linesOf(
  reader: TraceReader,
  text: RunText,
  signal: AbortSignal | undefined,
  onProgress?: (seq: number) => void,
): AsyncGenerator<Result<readonly string[]>, void, void> {
  const maker = MAKERS[text]();
  if (maker.head.length > 0) yield succeeded(maker.head);
  for await (const facts of reader.facts(1)) {
    if (!facts.ok) {
      yield facts;
      return;
    }
    if (signal?.aborted === true) {
      yield { ok: false, problem: cancelledProblem(signal) };
      return;
    }
    yield succeeded(facts.value.flatMap((fact) => maker.add(fact)));
    onProgress?.(facts.value.at(-1)?.seq ?? 0);
  }
  yield succeeded(maker.end());
}

export interface WrittenText {
  readonly lines: number;
}

/**
 * Writes a text of the whole run into a new file at `path`. An abort is its reason's problem; what was written until then
 * stays. `onProgress` gets the number of the last fact that is in it.
 */
export async function writePart(
  reader: TraceReader,
  text: RunText,
  path: string,
  signal?: AbortSignal,
  onProgress?: (seq: number) => void,
): Promise<Result<WrittenText>> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o600);
  } catch (error) {
    return { ok: false, problem: writeProblem(error, path, dirname(path)) };
  }
  let pending = '';
  let position = 0;
  let count = 0;
  /** Writes what has been formatted; the problem where that failed. */
  const flush = async (): Promise<Problem | undefined> => {
    const { bytes, error } = await writeWhole(handle, Buffer.from(pending, 'utf8'), position);
    pending = '';
    position += bytes;
    return error === undefined ? undefined : writeProblem(error, path, dirname(path));
  };
  try {
    for await (const lines of linesOf(reader, text, signal, onProgress)) {
      if (!lines.ok) return lines;
      count += lines.value.length;
      for (const line of lines.value) {
        pending += `${line}\n`;
        const problem = pending.length < WRITE_CHARACTERS ? undefined : await flush();
        if (problem !== undefined) return { ok: false, problem };
      }
    }
    const problem = await flush();
    return problem === undefined ? succeeded({ lines: count }) : { ok: false, problem };
  } finally {
    await handle.close();
  }
}

/** Writes the bytes of one fact, whole, into a new file at `path`. A fact without bytes is `not-kept`. */
export async function writeBytes(reader: TraceReader, seq: number, path: string): Promise<Result<void>> {
  const fact = await reader.fact(seq);
  if (!fact.ok) return fact;
  const data = fact.value.kind === 'wrote' || fact.value.kind === 'read' ? fact.value.data : undefined;
  if (data === undefined) return failed('not-kept', `Fact ${seq} has no bytes of its own.`);
  try {
    await writeFile(path, data.bytes, { flag: 'wx', mode: 0o600 });
    return succeeded(undefined);
  } catch (error) {
    return { ok: false, problem: writeProblem(error, path, dirname(path)) };
  }
}

export interface ReadText extends WrittenText {
  readonly text: string;
  /** Whether more of it was left out. */
  readonly isCut: boolean;
}

/** A text of the whole run, of at most `maxCharacters`: as many whole lines as fit. */
export async function readPart(
  reader: TraceReader,
  text: RunText,
  maxCharacters: number,
  signal?: AbortSignal,
): Promise<Result<ReadText>> {
  const found: string[] = [];
  let left = maxCharacters;
  for await (const lines of linesOf(reader, text, signal)) {
    if (!lines.ok) return lines;
    for (const line of lines.value) {
      left -= line.length + 1;
      if (left < 0) return succeeded({ text: textOf(found), lines: found.length, isCut: true });
      found.push(line);
    }
  }
  return succeeded({ text: textOf(found), lines: found.length, isCut: false });
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
