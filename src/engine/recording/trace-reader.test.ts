import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Problem } from '../../shared/result.ts';
import { formatFact } from '../../shared/trace/json-lines.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { createSeqRanges } from './seq-ranges.ts';
import { openTrace } from './trace-reader.ts';
import type { OpenedTrace } from './trace-reader.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.socketscope');
});
afterEach(() => rm(folder, { recursive: true }));

const START: TraceEvent = {
  kind: 'run-started',
  seenBy: 'program',
  format: 1,
  experiment: 'file',
  startedAt: '2026-01-31T12:00:00.000Z',
  runtime: { app: '0', node: 'v20', platform: 'linux', arch: 'x64' },
  requested: { address: '127.0.0.1', port: 0 },
  by: 'grapheme',
  maxLineBytes: 64,
  input: { name: 'in-proj.txt', bytes: 1 },
  seq: 1,
  atUs: 0,
};

function wrote(seq: number, line: number): Extract<TraceEvent, { kind: 'wrote' }> {
  return {
    kind: 'wrote',
    seenBy: 'program',
    side: 'client',
    connection: 1,
    offset: 0,
    bytes: 2,
    data: { text: 'x\n' },
    line,
    seq,
    atUs: seq,
  };
}

const ENDED: Omit<Extract<TraceEvent, { kind: 'run-ended' }>, 'seq' | 'atUs'> = {
  kind: 'run-ended',
  seenBy: 'program',
  outcome: 'completed',
  linesSent: 2,
  linesReceived: 2,
  resultBytes: 4,
  linesByByte: 0,
};

async function write(...lines: (TraceEvent | string)[]): Promise<void> {
  await writeFile(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : formatFact(line)}\n`).join(''),
  );
}

async function opened(): Promise<OpenedTrace> {
  const trace = await openTrace(path);
  if (!trace.ok) throw new Error(trace.problem.message);
  return trace.value;
}

async function problemOfOpening(): Promise<Problem | undefined> {
  const trace = await openTrace(path);
  return trace.ok ? undefined : trace.problem;
}

describe('an opened trace', () => {
  it('gives its first fact, its counts, its facts and its lines', async () => {
    await write(START, wrote(2, 1), wrote(3, 2), { ...ENDED, seq: 4, atUs: 9 });
    const trace = await opened();
    expect(trace.path).toBe(path);
    expect(trace.first).toEqual(START);
    expect(trace.counts).toMatchObject({ facts: 4, atUs: 9, linesSent: 2, linesReceived: 2, bytesSent: 4 });
    expect(await trace.facts(1, 99)).toEqual({
      ok: true,
      value: [START, wrote(2, 1), wrote(3, 2), { ...ENDED, seq: 4, atUs: 9 }],
    });
    expect(await trace.fact(3)).toEqual({ ok: true, value: wrote(3, 2) });
    expect(await trace.seqOfLine(2)).toBe(3);
    expect(await trace.seqOfLine(3)).toBeUndefined();
    await trace.close();
  });

  it('need not be a whole run: one that was cut off has no end', async () => {
    await write(START, wrote(2, 1));
    const trace = await opened();
    expect(trace.counts.linesSent).toBe(1);
    await trace.close();
  });

  it('finds every line of 50,000 in a file of many blocks', async () => {
    await write(START, ...Array.from({ length: 50_000 }, (_, line) => wrote(line + 2, line + 1)));
    const trace = await opened();
    for (const line of [1, 2, 499, 500, 25_000, 49_999, 50_000])
      expect(await trace.seqOfLine(line)).toBe(line + 1);
    const range = await trace.facts(30_000, 30_004);
    expect(range.ok && range.value.map(({ seq }) => seq)).toEqual([30_000, 30_001, 30_002, 30_003, 30_004]);
    await trace.close();
  });

  it('gives the facts of many stretches at once, in order and without those in between', async () => {
    // Each stretch looked up by itself would read a block of hundreds of facts for one of them.
    const many = 200_000;
    const facts = Array.from({ length: many }, (_, line) => formatFact(wrote(line + 2, line + 1)));
    await write([formatFact(START), ...facts].join('\n'));
    const trace = await opened();
    const odd = Array.from({ length: many / 2 }, (_, index) => 2 * index + 1);
    const found = await trace.factsIn(odd.map((seq) => ({ fromSeq: seq, toSeq: seq })));
    expect(found.ok && found.value.map(({ seq }) => seq)).toEqual(odd);
    const few = await trace.factsIn([
      { fromSeq: 0, toSeq: 2 },
      { fromSeq: 90_000, toSeq: 90_001 },
      { fromSeq: many, toSeq: Number.MAX_SAFE_INTEGER },
    ]);
    expect(few.ok && few.value.map(({ seq }) => seq)).toEqual([1, 2, 90_000, 90_001, many, many + 1]);
    expect(await trace.factsIn([])).toEqual({ ok: true, value: [] });
    await trace.close();
  });

  it('gives the facts of a trace of many gaps, of which each is a stretch', async () => {
    const many = 200_000;
    const gaps = Array.from({ length: many }, (_, index) => {
      const seq = 2 * index + 3;
      return `{"seq":${seq},"atUs":${seq},"kind":"detail-left-out","seenBy":"program","reason":"x","facts":1,"lines":0}`;
    });
    await write([formatFact(START), ...gaps].join('\n'));
    const pushed = createSeqRanges();
    const trace = await openTrace(path, ({ seq }) => {
      pushed.add(seq);
    });
    if (!trace.ok) throw new Error(trace.problem.message);
    const seqs: number[] = [];
    let ranges = pushed.upTo(1, 5_000);
    for (let last = ranges.at(-1); last !== undefined; last = ranges.at(-1)) {
      const facts = await trace.value.factsIn(ranges);
      if (!facts.ok) throw new Error(facts.problem.message);
      for (const { seq } of facts.value) seqs.push(seq);
      ranges = pushed.upTo(last.toSeq + 1, 5_000);
    }
    expect(seqs).toHaveLength(many + 1);
    expect(seqs.at(-1)).toBe(2 * many + 1);
    await trace.value.close();
  });

  it('says so when the file was cut short after it was opened', async () => {
    await write(START, wrote(2, 1));
    const trace = await opened();
    await writeFile(path, '');
    expect(await trace.fact(2)).toMatchObject({ ok: false, problem: { code: 'run-damaged' } });
    await trace.close();
  });
});

describe('a file that is no trace', () => {
  it.each([
    ['is empty', '', 'it is empty'],
    ['is text', 'HELLO\nWelcome\n', 'its first line is no fact of a run (it is no JSON)'],
    [
      'is JSON of another kind',
      '{"name":"socketscope"}\n',
      'its first line is no fact of a run (it has no field kind)',
    ],
    ['is one long line', 'x'.repeat(100_000), 'its first line is no fact of a run (it is too long)'],
    ['is binary', Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0x0a]), 'it is no text'],
  ])('and %s is no run', async (_what, content, why) => {
    path = join(folder, 'report.pdf');
    await writeFile(path, content);
    expect(await problemOfOpening()).toEqual({
      code: 'not-a-run',
      message: `report.pdf is not a SocketScope run: ${why}. Choose a file that Save run wrote.`,
      detail: { path },
    });
  });

  it('is said to be missing, a folder or a device', async () => {
    expect((await problemOfOpening())?.code).toBe('file-missing');
    path = folder;
    expect((await problemOfOpening())?.code).toBe('is-a-folder');
    path = '/dev/zero';
    expect((await problemOfOpening())?.code).toBe('not-a-regular-file');
  });
});

describe('a damaged trace is refused, with the line and what is wrong with it', () => {
  const end: TraceEvent = { ...ENDED, seq: 3, atUs: 9 };
  it.each<[string, (TraceEvent | string)[], number, string]>([
    ['a number is missing', [START, wrote(3, 1)], 2, 'its seq is 3 and should be 2'],
    ['a line is no JSON', [START, wrote(2, 1), '{"seq":3'], 3, 'it is no JSON'],
    ['a line is empty', [START, '', wrote(2, 1)], 2, 'it is no JSON'],
    ['a kind is unknown', [START, '{"seq":2,"atUs":1,"kind":"sneezed"}'], 2, 'its kind "sneezed" is unknown'],
    ['a run starts twice', [START, { ...START, seq: 2 }], 2, 'a second run starts in it'],
    [
      'something comes after the end',
      [START, wrote(2, 1), end, wrote(4, 2)],
      4,
      'it comes after the end of the run',
    ],
    [
      'time goes back',
      [START, { ...wrote(2, 1), atUs: 5 }, { ...wrote(3, 2), atUs: 4 }],
      3,
      'its time is before that of the line above',
    ],
    ['it begins in the middle', [{ ...wrote(1, 1), seq: 1 }], 1, 'it is wrote and should be run-started'],
    [
      'it is of a newer format',
      [formatFact(START).replace('"format":1', '"format":2')],
      1,
      'it is of trace format 2, from a newer SocketScope; this one reads format 1',
    ],
    [
      'a line is longer than any fact of the run',
      [START, `{"seq":2,"x":"${'x'.repeat(70_000)}"}`],
      2,
      'it is longer than any fact of this run',
    ],
  ])('where %s', async (_what, lines, line, why) => {
    await write(...lines);
    expect(await problemOfOpening()).toEqual({
      code: 'run-damaged',
      message: `Line ${line} of in-proj.socketscope is damaged: ${why}. Open another copy of the run or record it again.`,
      detail: { path, line },
    });
  });

  it('where the last line is cut off', async () => {
    await write(START);
    await appendFile(path, formatFact(wrote(2, 1)).slice(0, 30));
    expect((await problemOfOpening())?.message).toContain(
      'Line 2 of in-proj.socketscope is damaged: it ends in the middle',
    );
  });

  it('where a line has bytes that are no text', async () => {
    await write(START);
    await appendFile(path, Buffer.from([0x22, 0xff, 0x22, 0x0a]));
    expect((await problemOfOpening())?.message).toContain(
      'Line 2 of in-proj.socketscope is damaged: it is no text',
    );
  });

  it('where a line is 256 MiB long, without holding it', async () => {
    await write(START);
    const handle = await open(path, 'r+');
    await handle.truncate(256 * 1024 ** 2);
    await handle.close();
    const before = process.memoryUsage.rss();
    expect((await problemOfOpening())?.message).toContain('it is longer than any fact of this run');
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 ** 2);
  });

  it.each([
    ['opening brackets', '{"seq":2,"x":', '['],
    ['objects', '{"seq":2,"x":{', '"a":{},'],
    ['numbers', '{"seq":2,"x":[', '0,'],
    ['keys', '{"seq":2,', '"a":1,'],
  ])('where a line is 40 MB of %s, before any of it is built', async (_what, beginning, piece) => {
    // The longest line that a trace can claim to have.
    await write(
      { ...START, maxLineBytes: 64 * 1024 ** 2 },
      beginning + piece.repeat(Math.ceil(40_000_000 / piece.length)),
    );
    expect((await problemOfOpening())?.message).toContain(
      'Line 2 of in-proj.socketscope is damaged: it has more parts than any fact.',
    );
  });

  it('also where it came into the file after it was opened', async () => {
    const line = JSON.stringify(wrote(2, 1));
    await write(START, line.padEnd(50_000));
    const trace = await opened();
    await write(START, '{"seq":2,"x":'.padEnd(50_000, '['));
    expect(await trace.fact(2)).toMatchObject({
      ok: false,
      problem: { code: 'run-damaged', message: `${path} was changed after it was opened. Open it again.` },
    });
    await trace.close();
  });

  it('where a line is nested without end', async () => {
    await write(START, '[['.repeat(30_000));
    expect((await problemOfOpening())?.message).toContain('Line 2 of in-proj.socketscope is damaged');
  });
});

describe('a trace of long lines', () => {
  it.each([
    ['of signs that JSON writes as six', '\u0001'],
    ['of quotation marks', '"'],
    ['of brackets', '['],
    ['of letters of two bytes', 'é'],
  ])('is opened, the longest line being %s', async (_what, sign) => {
    const maxLineBytes = 1024 ** 2;
    const text = `${sign.repeat(maxLineBytes / Buffer.byteLength(sign))}\n`;
    const fact: TraceEvent = { ...wrote(2, 1), data: { text } };
    await write({ ...START, maxLineBytes }, fact);
    const trace = await opened();
    expect(await trace.fact(2)).toEqual({ ok: true, value: fact });
    await trace.close();
  });
});

describe('a trace in which anything was changed', () => {
  it('is opened or refused, and what is read of it then is facts', async () => {
    const lines = [START, wrote(2, 1), wrote(3, 2), { ...ENDED, seq: 4, atUs: 9 } satisfies TraceEvent];
    const whole = Buffer.from(lines.map((line) => `${formatFact(line)}\n`).join(''));
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom(
          '[',
          ']',
          '{',
          '}',
          ',',
          '"',
          '\\',
          '\n',
          '0',
          '1e999',
          'null',
          '"__proto__":{},',
          '\u0000',
        )
        .map((text) => Buffer.from(text)),
    );
    const change = fc.record({ at: fc.nat(whole.length), length: fc.nat(12), piece });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let bytes = whole;
        for (const { at, length, piece: put } of changes) {
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
        }
        await writeFile(path, bytes);
        const trace = await openTrace(path);
        if (!trace.ok) {
          expect(trace.problem.message).toMatch(/ is damaged: | is not a SocketScope run: /);
          return;
        }
        const facts = await trace.value.facts(1, Number.MAX_SAFE_INTEGER);
        await trace.value.close();
        if (!facts.ok) throw new Error(facts.problem.message);
        expect(facts.value[0]).toEqual(trace.value.first);
        for (const fact of facts.value)
          expect(Object.keys(fact).slice(0, 3)).toEqual(['seq', 'atUs', 'kind']);
      }),
      { numRuns: 300 },
    );
  });
});
