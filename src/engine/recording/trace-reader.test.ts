import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Problem, Result } from '../../shared/result.ts';
import { runEnded, runStarted } from '../../shared/trace/facts-for-tests.ts';
import { formatFact } from '../../shared/trace/json-lines.ts';
import { factsOf as unpacked, PAGE_FACTS, type PackedFacts } from '../../shared/trace/packed.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { CHUNK_HEADER_BYTES, FILE_HEADER_BYTES, FOOTER_BYTES, parseHeader } from './trace-file.ts';
import { openTrace } from './trace-reader.ts';
import type { OpenedTrace, TraceReader } from './trace-reader.ts';
import { writePart } from './trace-text.ts';
import { createTraceWriter } from './trace-writer.ts';

let folder = '';
let path = '';
let temporaryPath = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'in-proj.socketscope');
  temporaryPath = join(folder, 'packed');
});
afterEach(() => rm(folder, { recursive: true }));

const RUN = runStarted('file', { options: { maxLineBytes: 64 } });
const START: TraceEvent = { ...RUN, seq: 1, atUs: 0 };

const client = { seenBy: 'program', peer: 'client', side: 'client', connection: 1 } as const;
const server = { seenBy: 'program', peer: 'server', side: 'server', connection: 1 } as const;

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

function wrote(seq: number, line: number): Extract<TraceEvent, { kind: 'wrote' }> {
  const data = { bytes: bytesOf('x\n') };
  return { kind: 'wrote', ...client, offset: 0, bytes: 2, data, line, seq, atUs: seq };
}

const ENDED = { ...runEnded('completed'), linesSent: 2, linesReceived: 2, resultBytes: 4 };

async function write(...lines: (TraceEvent | string)[]): Promise<void> {
  await writeFile(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : formatFact(line)}\n`).join(''),
  );
}

async function opened(): Promise<OpenedTrace> {
  return valueOf(await openTrace(path, temporaryPath));
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

async function problemOfOpening(): Promise<Problem | undefined> {
  const trace = await openTrace(path, temporaryPath);
  return trace.ok ? undefined : trace.problem;
}

async function allOf(reader: TraceReader, fromSeq = 1): Promise<TraceEvent[]> {
  const found: TraceEvent[] = [];
  for await (const facts of reader.facts(fromSeq)) found.push(...valueOf(facts));
  return found;
}

function factsIn(parts: readonly PackedFacts[]): TraceEvent[] {
  return parts.flatMap((part) => [...unpacked(part)].map(valueOf));
}

describe('an opened trace of JSON lines', () => {
  it('gives its first fact, its counts, its facts and its lines', async () => {
    const facts: TraceEvent[] = [START, wrote(2, 1), wrote(3, 2), { ...ENDED, seq: 4, atUs: 9 }];
    await write(...facts);
    const trace = await opened();
    expect(trace.path).toBe(temporaryPath);
    expect(trace.first).toEqual(START);
    expect(trace.counts).toMatchObject({
      facts: 4,
      atUs: 9,
      linesSent: 2,
      linesReceived: 2,
      bytesSent: 4,
      landmarks: 2,
    });
    expect(await allOf(trace)).toEqual(facts);
    expect(factsIn(valueOf(await trace.page(0)).parts)).toEqual(facts);
    expect(await trace.fact(3)).toEqual({ ok: true, value: wrote(3, 2) });
    expect(valueOf(await trace.landmarks(0))).toEqual([facts[0], facts[3]]);
    expect(await trace.seqOfLine(2)).toBe(3);
    expect(await trace.seqOfLine(3)).toBeUndefined();
    await trace.close();
  });

  it('is packed once: the packed file opens by itself', async () => {
    await write(START, wrote(2, 1));
    const trace = await opened();
    const { first, counts } = trace;
    await trace.close();
    path = temporaryPath;
    const again = await opened();
    expect(again).toMatchObject({ path, first, counts });
    await again.close();
  });

  it('need not be a whole run: one that was cut off has no end', async () => {
    await write(START, wrote(2, 1));
    const trace = await opened();
    expect(trace.counts.linesSent).toBe(1);
    await trace.close();
  });

  it('may be late where it says so', async () => {
    const late: TraceEvent = { ...wrote(3, 2), atUs: 1, late: true };
    await write(START, wrote(2, 1), late, { ...wrote(4, 3), atUs: 2 });
    const trace = await opened();
    expect(valueOf(await trace.fact(3))).toEqual(late);
    expect(trace.counts.atUs).toBe(2);
    await trace.close();
  });

  it('of format 1 is opened too', async () => {
    const start = {
      ...{ seq: 1, atUs: 0, kind: 'run-started', seenBy: 'program', format: 1, experiment: 'file' },
      startedAt: '2026-01-31T12:00:00.000Z',
      runtime: { app: '0', node: 'v20', platform: 'linux', arch: 'x64' },
      requested: { address: '127.0.0.1', port: 0 },
      ...{ by: 'grapheme', maxLineBytes: 64, input: { name: 'in-proj.txt', bytes: 1 } },
    };
    const old = {
      ...{ seq: 2, atUs: 1, kind: 'wrote', seenBy: 'program', side: 'client', connection: 1, offset: 0 },
      ...{ bytes: 2, data: { text: 'x\n' }, line: 1 },
    };
    await write(JSON.stringify(start), JSON.stringify(old));
    const trace = await opened();
    expect(trace.first).toMatchObject({ format: 2, options: { by: 'grapheme', maxLineBytes: 64 } });
    expect(valueOf(await trace.fact(2))).toEqual({ ...wrote(2, 1), atUs: 1 });
    await trace.close();
  });

  it('finds every line of 50,000 in a file of many chunks', async () => {
    await write(START, ...Array.from({ length: 50_000 }, (_, line) => wrote(line + 2, line + 1)));
    const trace = await opened();
    for (const line of [1, 2, 499, 500, 25_000, 49_999, 50_000])
      expect(await trace.seqOfLine(line)).toBe(line + 1);
    const page = factsIn(valueOf(await trace.page(7)).parts);
    expect(page.map(({ seq }) => seq)).toEqual(
      Array.from({ length: PAGE_FACTS }, (_, index) => 7 * PAGE_FACTS + 1 + index),
    );
    await trace.close();
  });

  it('gives the facts of a trace of many gaps', async () => {
    const many = 50_000;
    const gaps = Array.from({ length: many }, (_, index) => {
      const seq = 2 * index + 3;
      return `{"seq":${seq},"atUs":${seq},"kind":"detail-left-out","seenBy":"program","reason":"x","facts":1,"lines":0}`;
    });
    await write(formatFact(START), ...gaps);
    const trace = await opened();
    expect(trace.counts).toMatchObject({ facts: 2 * many + 1, landmarks: 30_000 });
    const seqs = (await allOf(trace)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: many + 1 }, (_, index) => 2 * index + 1));
    const { parts, links } = valueOf(await trace.page(3));
    expect([parts.length, parts[0]?.count, links.length]).toEqual([1, PAGE_FACTS / 2, 0]);
    expect(factsIn(parts).map(({ seq }) => seq)).toEqual(seqs.slice(3 * 2_048, 4 * 2_048));
    expect(await trace.fact(2)).toMatchObject({ ok: false, problem: { code: 'not-kept' } });
    const last = valueOf(await trace.landmarks(29_999));
    expect(last.map(({ seq }) => seq)).toEqual([59_999]);
    await trace.close();
  });

  it('says so when the file was cut short after it was opened', async () => {
    await write(START, wrote(2, 1));
    const trace = await opened();
    await writeFile(temporaryPath, '');
    expect(await trace.fact(2)).toMatchObject({
      ok: false,
      problem: {
        code: 'run-damaged',
        message: `${temporaryPath} was changed after it was opened. Open it again.`,
      },
    });
    await trace.close();
  });

  it('is not left half packed', async () => {
    await write(START, wrote(2, 1), 'x');
    expect((await problemOfOpening())?.code).toBe('run-damaged');
    expect(await readdir(folder)).toEqual(['in-proj.socketscope']);
  });

  it('names the folder where there is no room to pack it', async () => {
    await write(START);
    temporaryPath = join(folder, 'missing', 'packed');
    expect(await problemOfOpening()).toMatchObject({ code: 'save-failed', detail: { path: temporaryPath } });
  });
});

describe('a file that is no trace', () => {
  it.each([
    ['is empty', ''],
    ['is text', 'HELLO\nWelcome\n'],
    ['is JSON of another kind', '{"name":"socketscope"}\n'],
    ['is one long line', 'x'.repeat(100_000)],
    ['is binary', Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0x0a])],
    ['begins with damaged bytes', `\u0000\u0000${formatFact(START)}\n`],
  ])('and %s is no run', async (_what, content) => {
    path = join(folder, 'report.pdf');
    await writeFile(path, content);
    expect(await problemOfOpening()).toEqual({
      code: 'not-a-run',
      message:
        'report.pdf is not a SocketScope run, or its beginning is damaged. Choose a file that Save run wrote, or another copy of it.',
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
      { ...START, options: { maxLineBytes: 64 * 1024 ** 2 } },
      beginning + piece.repeat(Math.ceil(40_000_000 / piece.length)),
    );
    expect((await problemOfOpening())?.message).toContain(
      'Line 2 of in-proj.socketscope is damaged: it has more parts than any fact.',
    );
  });

  it('where a line is nested without end', async () => {
    await write(START, '[['.repeat(30_000));
    expect((await problemOfOpening())?.message).toContain('Line 2 of in-proj.socketscope is damaged');
  });
});

it('is not opened where a newer SocketScope wrote it, and says so', async () => {
  await write(formatFact(START).replace('"format":2', '"format":3'));
  expect(await problemOfOpening()).toEqual({
    code: 'newer-format',
    message:
      'in-proj.socketscope cannot be opened: it is of trace format 3, from a newer SocketScope; this one reads formats up to 2. Open it with that SocketScope.',
    detail: { path },
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
    const bytes = bytesOf(text);
    const fact: TraceEvent = { ...wrote(2, 1), bytes: bytes.length, data: { bytes } };
    await write({ ...START, options: { maxLineBytes } }, fact);
    const trace = await opened();
    const found = await trace.fact(2);
    if (!found.ok || found.value.kind !== 'wrote') throw new Error('the second fact is not the write');
    const { data, ...rest } = found.value;
    expect({ ...rest, data: 0 }).toEqual({ ...fact, data: 0 });
    // Compared as a whole: byte by byte takes seconds.
    expect(Buffer.compare(data.bytes, bytes)).toBe(0);
    await trace.close();
  });
});

describe('a trace of JSON lines in which anything was changed', () => {
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
        await rm(temporaryPath, { force: true });
        const trace = await openTrace(path, temporaryPath);
        if (!trace.ok) {
          expect(trace.problem.message).toMatch(
            / is damaged: | is not a SocketScope run, | cannot be opened: /,
          );
          return;
        }
        const facts = await allOf(trace.value);
        await trace.value.close();
        expect(facts[0]).toEqual(trace.value.first);
        for (const fact of facts)
          expect(Object.keys(fact)).toEqual(expect.arrayContaining(['seq', 'atUs', 'kind']));
      }),
      { numRuns: 300 },
    );
  });
});

// --- packed files -------------------------------------------------------------------------------------------------------

/** The facts of lines, `inFlight` of which are sent before the first comes back. */
function* linesInFlight(lines: number, inFlight: number): Generator<Fact, void, void> {
  for (let line = 1; line <= lines + inFlight; line += 1) {
    const [sent, back] = [line, line - inFlight];
    if (sent <= lines) {
      const data = { bytes: bytesOf(`${sent.toString().padStart(9, '0')}\n`) };
      yield { kind: 'wrote', ...client, offset: 10 * (sent - 1), bytes: 10, data, line: sent };
    }
    if (back < 1) continue;
    const offset = 10 * (back - 1);
    const data = { bytes: bytesOf(`${back.toString().padStart(9, '0')}\n`) };
    const about = { seenBy: 'program', connection: 1, line: back, offset, bytes: 9 } as const;
    yield { kind: 'read', ...server, offset, bytes: 10 };
    yield { kind: 'line-transformed', ...about, peer: 'server', by: 'grapheme', validUtf8: true };
    yield { kind: 'wrote', ...server, offset, bytes: 10, data, line: back };
    yield { kind: 'read', ...client, offset, bytes: 10 };
    yield { kind: 'line-received', ...about, peer: 'client' };
  }
}

/** Records the run with these facts in its middle. */
async function record(facts: Iterable<Fact>): Promise<TraceEvent[]> {
  const recorder = createTraceWriter({ path });
  recorder.emit(RUN);
  let waits = 0;
  for (const fact of facts) {
    recorder.emit(fact);
    waits += 1;
    if (waits % 20_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const { linesSent, linesReceived } = recorder.log.counts;
  recorder.emit({ ...ENDED, linesSent, linesReceived });
  expect(await recorder.end()).toEqual({ ok: true, value: undefined });
  const all = await allOf(recorder.log);
  await recorder.log.close();
  return all;
}

/** Where the chunks of the file begin, the index being the last one. */
async function chunkOffsets(): Promise<number[]> {
  const bytes = await readFile(path);
  const offsets: number[] = [];
  for (let offset = FILE_HEADER_BYTES; offset < bytes.length - FOOTER_BYTES;) {
    const header = parseHeader(bytes.subarray(offset));
    if (header === undefined) throw new Error(`There is no chunk at ${offset}`);
    offsets.push(offset);
    offset += header.bytes;
  }
  return offsets;
}

async function overwrite(at: number, value: number): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.write(Buffer.of(value), 0, 1, at);
  await handle.close();
}

describe('a packed trace', () => {
  it('of 200,000 lines is opened by its index and paged from any place', async () => {
    await record(linesInFlight(200_000, 1));
    const began = performance.now();
    const trace = await opened();
    expect(performance.now() - began).toBeLessThan(500);
    expect(trace.path).toBe(path);
    expect(trace.counts).toMatchObject({ facts: 1_200_002, linesSent: 200_000, landmarks: 2 });
    const last = Math.floor((trace.counts.facts - 1) / PAGE_FACTS);
    for (const page of [0, 1, last - 1, last, 100, 17]) {
      const { parts } = valueOf(await trace.page(page));
      const first = page * PAGE_FACTS + 1;
      const count = Math.min(PAGE_FACTS, trace.counts.facts - first + 1);
      expect(parts.map(({ firstSeq, count: facts }) => [firstSeq, facts])).toEqual([[first, count]]);
      expect(factsIn(parts)).toHaveLength(count);
    }
    expect(valueOf(await trace.page(last + 1)).parts).toEqual([]);
    for (const line of [1, 77_777, 200_000]) {
      const seq = (await trace.seqOfLine(line)) ?? 0;
      expect(valueOf(await trace.fact(seq))).toMatchObject({ kind: 'wrote', side: 'client', line });
    }
    expect(valueOf(await trace.landmarks(0)).map(({ seq }) => seq)).toEqual([1, 1_200_002]);
    await trace.close();
  });

  it('has with each page the facts of other pages that it needs, with 1,000 lines in flight', async () => {
    const all = await record(linesInFlight(20_000, 1_000));
    const trace = await opened();
    for (const page of [0, 1, 10, 20, 28, 29]) {
      const { parts, links } = valueOf(await trace.page(page));
      const [first, end] = [page * PAGE_FACTS + 1, (page + 1) * PAGE_FACTS];
      const facts = factsIn(parts);
      const linked = factsIn(links);
      expect(linked.map(({ seq }) => seq)).toEqual(linked.map(({ seq }) => seq).sort((a, b) => a - b));
      expect(linked).toEqual(linked.map(({ seq }) => all[seq - 1]));
      const isOnPage = ({ seq }: TraceEvent): boolean => seq >= first && seq <= end;
      expect(linked.some(isOnPage)).toBe(false);
      const places = (events: readonly TraceEvent[], kind: string, peer: string): Set<number> =>
        new Set(
          events.flatMap((one) =>
            one.kind === kind && 'offset' in one && one.peer === peer ? [one.offset] : [],
          ),
        );
      for (const [writer, reader, framed] of [
        ['client', 'server', 'line-transformed'],
        ['server', 'client', 'line-received'],
      ] as const) {
        const written = places([...facts, ...linked], 'wrote', writer);
        const read = places([...facts, ...linked], 'read', reader);
        const found = places([...facts, ...linked], framed, reader);
        for (const offset of places(facts, 'read', reader)) expect(written).toContain(offset);
        for (const offset of places(facts, framed, reader)) expect(written).toContain(offset);
        for (const offset of places(facts, 'wrote', writer)) {
          expect(read).toContain(offset);
          expect(found).toContain(offset);
        }
      }
      // Nothing that the page does not need.
      expect(linked.length).toBeLessThan(3_100);
    }
    await trace.close();
  });

  it('links nothing across rounds, which number their connections anew', async () => {
    const round = (number: number): Fact => ({ kind: 'round-started', seenBy: 'program', round: number });
    const data = { bytes: bytesOf('a') };
    const write: Fact = { kind: 'wrote', ...client, offset: 0, bytes: 1, data };
    const read: Fact = { kind: 'read', ...server, offset: 0, bytes: 1 };
    const other: Fact = { kind: 'read', ...server, connection: 9, offset: 0, bytes: 1 };
    const filling = Array.from({ length: PAGE_FACTS - 3 }, () => other);
    // Page 0 ends in a write that is read on page 1, and so in each round; a write of round 2 is never read.
    await record([...filling, round(1), write, read, round(2), write, ...filling, round(3), read]);
    const trace = await opened();
    const links = async (page: number): Promise<number[]> =>
      factsIn(valueOf(await trace.page(page)).links).map(({ seq }) => seq);
    expect(await links(0)).toEqual([PAGE_FACTS + 1]);
    expect(await links(1)).toEqual([PAGE_FACTS]);
    expect(await links(2)).toEqual([]);
    await trace.close();
  });

  it('cuts the data of a page of long writes to two megabytes in all', async () => {
    const data = { bytes: new Uint8Array(5_000).fill(65) };
    await record(
      Array.from({ length: 8_000 }, (_, index): Fact => ({
        kind: 'wrote',
        ...client,
        offset: 5_000 * index,
        bytes: 5_000,
        data,
      })),
    );
    const trace = await opened();
    const [part] = valueOf(await trace.page(1)).parts;
    expect(part?.maxDataBytes).toBe(512);
    expect(part?.data.length).toBeLessThanOrEqual(2 * 1024 ** 2);
    expect(part?.data.buffer.byteLength).toBe(part?.data.length);
    expect(valueOf(await trace.fact(PAGE_FACTS + 5))).toMatchObject({ data });
    const cut = { bytes: data.bytes.slice(0, 512), leftOutBytes: 4_488 };
    expect(part && valueOf([...unpacked(part)][0] ?? (await trace.fact(1)))).toMatchObject({ data: cut });
    await trace.close();
  });

  it('reads of writes of megabytes only their beginnings for a page', async () => {
    const data = { bytes: new Uint8Array(8 * 1024 ** 2).fill(66) };
    const long: Fact = { kind: 'wrote', ...client, offset: 0, bytes: data.bytes.length, data, line: 1 };
    await record([long, { kind: 'read', ...server, offset: 0, bytes: data.bytes.length }, long]);
    const trace = await opened();
    const [part] = valueOf(await trace.page(0)).parts;
    expect(part).toMatchObject({ firstSeq: 1, count: 5, maxDataBytes: 4_096 });
    expect(part?.data.length).toBeLessThan(10_000);
    expect(await trace.seqOfLine(1)).toBe(2);
    const whole = valueOf(await trace.fact(4));
    expect(whole.kind === 'wrote' && Buffer.compare(whole.data.bytes, data.bytes)).toBe(0);
    await trace.close();
  });

  it('is paged while it is recorded, the chunk that is filling included', async () => {
    const recorder = createTraceWriter({ path });
    const { log } = recorder;
    recorder.emit(RUN);
    let emitted = 1;
    for (const fact of linesInFlight(3_000, 1)) {
      recorder.emit(fact);
      emitted += 1;
      if (emitted % 997 !== 0) continue;
      const page = Math.floor((emitted - 1) / PAGE_FACTS);
      const facts = factsIn(valueOf(await log.page(page)).parts);
      expect([facts[0]?.seq, facts.at(-1)?.seq]).toEqual([page * PAGE_FACTS + 1, emitted]);
      expect(facts).toHaveLength(emitted - page * PAGE_FACTS);
      expect((await log.fact(emitted)).ok).toBe(true);
    }
    const asked = Promise.all([log.page(3), log.page(4)]);
    for (const fact of linesInFlight(1_000, 1)) recorder.emit(fact);
    const [sealed, filling] = await asked;
    expect(factsIn(valueOf(sealed).parts)).toHaveLength(PAGE_FACTS);
    expect(factsIn(valueOf(filling).parts).at(-1)?.seq).toBe(emitted);
    await recorder.end();
    await log.close();
  });

  it('is written as JSON lines and packed from these again', async () => {
    const all = await record(linesInFlight(5_000, 7));
    const trace = await opened();
    const text = join(folder, 'text');
    expect(await writePart(trace, 'facts', text)).toMatchObject({ ok: true });
    expect(await writePart(trace, 'facts', text)).toMatchObject({
      ok: false,
      problem: { detail: { path: text } },
    });
    const { counts } = trace;
    await trace.close();
    expect((await readFile(text, 'utf8')).split('\n').slice(0, -1)).toEqual(all.map(formatFact));
    path = text;
    const again = await opened();
    expect(await allOf(again)).toEqual(all);
    expect(again.counts).toEqual(counts);
    await again.close();
  });
});

describe('a packed trace that was cut off', () => {
  it('loses no more than the chunk that was not finished, wherever it was cut', async () => {
    const all = await record(linesInFlight(3_000, 1));
    const whole = await readFile(path);
    const offsets = await chunkOffsets();
    const ends = offsets.slice(1);
    expect(ends.length).toBeGreaterThan(4);
    const cuts = new Set([0, 1, FILE_HEADER_BYTES - 1, FILE_HEADER_BYTES, whole.length - 1, whole.length]);
    for (const offset of offsets) {
      for (const by of [-1, 0, 1, CHUNK_HEADER_BYTES - 1, CHUNK_HEADER_BYTES, 1_000]) cuts.add(offset + by);
    }
    for (const cut of cuts) {
      await writeFile(path, whole.subarray(0, cut));
      const trace = await openTrace(path, temporaryPath);
      const chunks = ends.filter((end) => end <= cut).length;
      if (chunks === 0) {
        expect(trace).toMatchObject({ ok: false });
        continue;
      }
      const { firstSeq } = parseHeader(whole.subarray(offsets[chunks])) ?? { firstSeq: 0 };
      const kept = firstSeq === 0 ? all.length : firstSeq - 1;
      const value = valueOf(trace);
      expect(value.counts.facts).toBe(kept);
      expect(await allOf(value)).toEqual(all.slice(0, kept));
      await value.close();
    }
  });

  it('opens without its end while it is recorded', async () => {
    const recorder = createTraceWriter({ path });
    recorder.emit(RUN);
    const remote = { address: '127.0.0.1', port: 1 };
    recorder.emit({ kind: 'connect-called', seenBy: 'program', peer: 'client', remote });
    // The run's beginning is written at once; the line a quarter of a second later.
    const factsOnDisk = async (): Promise<number> => {
      const trace = await openTrace(path, temporaryPath);
      if (!trace.ok) return 0;
      await trace.value.close();
      return trace.value.counts.facts;
    };
    await expect.poll(factsOnDisk).toBe(2);
    recorder.emit({ kind: 'read', ...client, offset: 0, bytes: 1 });
    expect(await factsOnDisk()).toBe(2);
    await expect.poll(factsOnDisk).toBe(3);
    await recorder.end();
    await recorder.log.close();
  });

  it('drops last chunks that did not reach the disk whole', async () => {
    const all = await record(linesInFlight(3_000, 1));
    const offsets = await chunkOffsets();
    const handle = await open(path, 'r+');
    // As after a power cut: the length is there, the bytes are not.
    const [third, index] = [offsets[2] ?? 0, offsets.at(-1) ?? 0];
    await handle.truncate(index);
    await handle.write(Buffer.alloc(index - third - 500), 0, index - third - 500, third + 500);
    await handle.close();
    const trace = await opened();
    expect(await allOf(trace)).toEqual(all.slice(0, trace.counts.facts));
    expect(trace.counts.facts).toBe(2 * PAGE_FACTS);
    await trace.close();
  });
});

describe('a packed trace that is damaged', () => {
  it('names the file and the place where a checksum is wrong, and the other chunks can be read', async () => {
    await record(linesInFlight(3_000, 1));
    const offsets = await chunkOffsets();
    const [, second = 0, third = 0] = offsets;
    for (const at of [second + CHUNK_HEADER_BYTES + 40, third - 3]) {
      const before = (await readFile(path))[at] ?? 0;
      await overwrite(at, before ^ 0xff);
      const trace = await opened();
      const damaged = {
        ok: false,
        problem: {
          code: 'run-damaged',
          message: `in-proj.socketscope is damaged at byte ${second}: the checksum of its chunk is wrong. Open another copy of the run or record it again.`,
          detail: { path },
        },
      };
      expect(await trace.page(1)).toEqual(damaged);
      expect(await trace.fact(PAGE_FACTS + 1)).toEqual(damaged);
      expect((await trace.page(3)).ok).toBe(true);
      expect((await trace.fact(1)).ok).toBe(true);
      await trace.close();
      await overwrite(at, before);
    }
  });

  it('opens without its index where that is damaged', async () => {
    const all = await record(linesInFlight(3_000, 1));
    const index = (await chunkOffsets()).at(-1) ?? 0;
    await overwrite(index + CHUNK_HEADER_BYTES + 3, 0x7f);
    const trace = await opened();
    expect(trace.counts.facts).toBe(all.length);
    expect(await trace.seqOfLine(3_000)).toBeDefined();
    await trace.close();
  });

  it('is said to be damaged where its first bytes are', async () => {
    await record(linesInFlight(10, 1));
    await overwrite(1, 0);
    expect(await problemOfOpening()).toMatchObject({
      code: 'run-damaged',
      message:
        'in-proj.socketscope is damaged at byte 0: its first bytes are not those of a run. Open another copy of the run or record it again.',
    });
  });

  it('is said to be of a newer version', async () => {
    await record([]);
    await overwrite(8, 2);
    expect(await problemOfOpening()).toMatchObject({ code: 'newer-format' });
  });

  it('is refused where it claims a chunk that is larger than the file, without holding it', async () => {
    await record(linesInFlight(10, 1));
    const { size } = await stat(path);
    await overwrite(FILE_HEADER_BYTES + 11, 0x7f);
    const before = process.memoryUsage.rss();
    const trace = await openTrace(path, temporaryPath);
    if (trace.ok) {
      expect((await trace.value.fact(2)).ok).toBe(false);
      await trace.value.close();
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(size + 100 * 1024 ** 2);
  });

  it('is opened or refused, and what is read of it then is facts or damage', async () => {
    await record([...linesInFlight(30, 3), { kind: 'round-started', seenBy: 'program', round: 1 }]);
    const whole = await readFile(path);
    const change = fc.record({
      at: fc.nat(whole.length - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat(whole.length), { nil: undefined }),
        async (changes, length) => {
          const bytes = Buffer.from(whole);
          for (const { at, bytes: put } of changes) bytes.set(put.subarray(0, whole.length - at), at);
          await writeFile(path, bytes.subarray(0, length));
          await rm(temporaryPath, { force: true });
          const trace = await openTrace(path, temporaryPath);
          if (!trace.ok) return;
          const { value } = trace;
          const results = [await value.page(0), await value.landmarks(0), await value.fact(5)];
          for await (const facts of value.facts(1)) results.push(facts);
          await value.seqOfLine(3);
          await value.close();
          for (const result of results) {
            if (!result.ok) expect(['run-damaged', 'not-kept']).toContain(result.problem.code);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
