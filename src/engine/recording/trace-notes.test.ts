import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MAX_NOTE_TEXT, MAX_NOTE_TITLE, MAX_NOTES, type Note } from '../../shared/notes.ts';
import type { Result } from '../../shared/result.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { saveAtomically } from '../files/atomic-save.ts';
import { CHUNK_HEADER_BYTES, encodeNotes, FOOTER_BYTES } from './trace-file.ts';
import { allFactsOf, traceIn } from './trace-for-tests.ts';
import { appendNotes, changeNotes } from './trace-notes.ts';
import { createTraceWriter } from './trace-writer.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'run.socketscope');
  const writer = createTraceWriter({ path });
  writer.emit(runStarted('file'));
  for (let line = 1; line <= 5_000; line += 1) {
    writer.emit({
      kind: 'line-received',
      seenBy: 'program',
      peer: 'client',
      connection: 1,
      line,
      offset: 2 * line,
      bytes: 1,
    });
  }
  writer.emit(runEnded('completed'));
  valueOf(await writer.end());
  await writer.log.close();
});
afterEach(() => rm(folder, { recursive: true }));

const FACTS = 5_002;

const NOTES: readonly Note[] = [
  { seq: 1, kind: 'chapter', title: 'Handshake', text: '' },
  { seq: 12, kind: 'bookmark', title: 'Look', text: 'Zwei Zeilen:\n„naïve“ 😀 \u202e\0' },
  { seq: 13, kind: 'question', title: '', text: 'What comes next?', answerFacts: 2 },
];

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** Saves the run with these notes; gives the path. */
async function saved(notes: readonly Note[], from = path, name = 'annotated.socketscope'): Promise<string> {
  const to = join(folder, name);
  valueOf(await saveAtomically(from, to, valueOf(await changeNotes(from, notes))));
  return to;
}

async function read(file: string) {
  const trace = await traceIn(file);
  const { notes, notesProblem } = trace;
  const facts = await allFactsOf(trace);
  await trace.close();
  return { notes, problem: notesProblem?.message, facts: facts.length };
}

/** Saves any value as the notes of the run, with the right checksums. */
async function savedAs(json: string): Promise<string> {
  const bytes = await readFile(path);
  const to = join(folder, 'foreign.socketscope');
  await writeFile(to, Buffer.concat([bytes, encodeNotes(Buffer.from(json), 1, bytes.length)]));
  return to;
}

describe('the notes of a run', () => {
  it('come back as they were written, with all facts', async () => {
    expect(await read(await saved(NOTES))).toEqual({ notes: NOTES, problem: undefined, facts: FACTS });
  });

  it('are none in a file that has none', async () => {
    expect(await read(path)).toEqual({ notes: [], problem: undefined, facts: FACTS });
  });

  it('leave every byte of the run as it is, also where they are replaced and removed', async () => {
    const run = await readFile(path);
    const first = await saved(NOTES);
    expect((await readFile(first)).subarray(0, run.length).equals(run)).toBe(true);
    // Over itself.
    await saved(NOTES.slice(0, 1), first);
    expect(await read(first)).toEqual({ notes: NOTES.slice(0, 1), problem: undefined, facts: FACTS });
    await saved([], first);
    expect((await readFile(first)).equals(run)).toBe(true);
  });

  it('can be as many and as long as they may', async () => {
    const notes = Array.from({ length: MAX_NOTES }, (_, index): Note => {
      return {
        seq: index + 1,
        kind: 'bookmark',
        title: '\0'.repeat(MAX_NOTE_TITLE),
        text: '\0'.repeat(MAX_NOTE_TEXT),
      };
    });
    expect(await read(await saved(notes))).toEqual({ notes, problem: undefined, facts: FACTS });
  });

  it('are kept in a run that was cut off', async () => {
    const cut = join(folder, 'cut.socketscope');
    const bytes = await readFile(path);
    await writeFile(cut, bytes.subarray(0, bytes.length - 300));
    const before = await read(cut);
    expect(before.facts).toBeGreaterThan(0);
    expect(await read(await saved(NOTES, cut))).toEqual({ ...before, notes: NOTES });
  });

  it('can be added to the file itself', async () => {
    await appendNotes(path, NOTES);
    expect(await read(path)).toEqual({ notes: NOTES, problem: undefined, facts: FACTS });
  });

  it('are found where the end of the file is missing', async () => {
    const file = await saved(NOTES);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - FOOTER_BYTES));
    expect(await read(file)).toEqual({ notes: NOTES, problem: undefined, facts: FACTS });
  });
});

describe('damaged notes', () => {
  it('cost no fact, whichever of their bytes is changed', async () => {
    const file = await saved(NOTES);
    const whole = await readFile(file);
    const { size } = await stat(path);
    for (let at = size; at < whole.length; at += at < size + CHUNK_HEADER_BYTES ? 4 : 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      await writeFile(file, bytes);
      const { facts, notes } = await read(file);
      expect(facts, `byte ${at}`).toBe(FACTS);
      expect([0, NOTES.length]).toContain(notes.length);
    }
  });

  it('cost no fact, wherever they end, and are reported', async () => {
    const file = await saved(NOTES);
    const whole = await readFile(file);
    const { size } = await stat(path);
    await writeFile(file, whole.subarray(0, size + CHUNK_HEADER_BYTES + 10));
    expect(await read(file)).toEqual({
      notes: [],
      facts: FACTS,
      problem:
        'The notes in annotated.socketscope are damaged and not shown: their end is missing. The run itself is here.',
    });
    await writeFile(file, whole.subarray(0, size + 10));
    expect(await read(file)).toEqual({ notes: [], problem: undefined, facts: FACTS });
  });

  it.each([
    ['[', 'they are no JSON'],
    ['{}', 'the notes are no list'],
    ['[1]', 'note 1 is damaged: it is no object'],
    ['[{"seq":0,"kind":"chapter","title":"","text":""}]', 'its seq is no number of a fact'],
    ['[{"seq":1,"kind":"page","title":"","text":""}]', 'its kind is not known'],
    ['[{"seq":1,"kind":"chapter","title":7,"text":""}]', 'its title is no text of at most 120'],
    [
      `[{"seq":1,"kind":"chapter","title":"","text":"${'x'.repeat(2_001)}"}]`,
      'its text is no text of at most 2000',
    ],
    ['[{"seq":1,"kind":"question","title":"","text":"","answerFacts":11}]', 'no number from 1 to 10'],
    [
      '[{"seq":2,"kind":"chapter","title":"","text":""},{"seq":2,"kind":"chapter","title":"","text":""}]',
      'note 2 is not behind',
    ],
    [`[${'{},'.repeat(500)}{}]`, 'more than 500 notes'],
    [`[${'['.repeat(9_000)}`, 'they are no notes'],
  ])('with the right checksums are refused: %.60s', async (json, what) => {
    const { notes, problem, facts } = await read(await savedAs(json));
    expect({ notes, facts }).toEqual({ notes: [], facts: FACTS });
    expect(problem).toContain(what);
  });

  it('drop what is not known of a note, and inherited names', async () => {
    const file = await savedAs(
      '[{"seq":1,"kind":"chapter","title":"a","text":"","later":1,"__proto__":{"kind":"question"}}]',
    );
    expect((await read(file)).notes).toEqual([{ seq: 1, kind: 'chapter', title: 'a', text: '' }]);
  });

  it('that claim to be larger than the file are not allocated', async () => {
    const file = await savedAs('[]');
    const bytes = await readFile(file);
    const { size } = await stat(path);
    bytes.writeUInt32LE(0xffff_fff0, size + 8);
    bytes.writeUInt32LE(0xffff_fff0, size + 28);
    await writeFile(file, bytes.subarray(0, bytes.length - FOOTER_BYTES));
    expect((await read(file)).problem).toContain('there is more than notes can be');
  });
});
