// Facts of small runs of `boundaries`, built by hand: what the three servers would make of bytes written in some way.

import type { Fact, Framing, HandOver, ReadWhen, TraceEvent } from '../../../shared/trace/fact.ts';
import { linesIn, reversedLine } from './byte-cells.ts';
import { CLOSING, CONNECTED, OPENING, stamped } from '../../scene/facts-for-tests.ts';
import { utf8TextOf } from '../../../shared/trace/recorded-bytes.ts';

const FRAMINGS: readonly Framing[] = ['each-read', 'whole-stream', 'newlines'];
const SEEN = { seenBy: 'program', connection: 1 } as const;

export interface BoundaryRun {
  readonly handOver: HandOver;
  /** What the client writes, write by write. */
  readonly writes: readonly Uint8Array[];
  readonly readWhen: ReadWhen;
  /** False for a system whose kernel does not report how much waits. */
  readonly examined?: boolean;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A text treated as one line, LFs included: reversed as a whole. */
function reversedText(octets: Uint8Array): Uint8Array {
  const text = utf8TextOf(octets);
  if (text !== undefined) return new TextEncoder().encode(Array.from(text).reverse().join(''));
  return octets.slice().reverse();
}

/** What one server does with what it reads, read by read. */
function exchange(framing: Framing, { writes, readWhen, examined = true }: BoundaryRun): readonly Fact[] {
  const facts: Fact[] = [];
  const reads = readWhen === 'late' ? [joined(writes)] : writes;
  const all = joined(writes);
  let replied = 0;
  const reply = (octets: Uint8Array): void => {
    facts.push({
      ...SEEN,
      kind: 'wrote',
      peer: 'server',
      side: 'server',
      offset: replied,
      bytes: octets.length,
      data: { bytes: octets },
    });
    replied += octets.length;
  };
  const transform = (offset: number, octets: Uint8Array): void => {
    const validUtf8 = 'text' in { bytes: octets };
    facts.push({
      ...SEEN,
      kind: 'text-transformed',
      peer: 'server',
      offset,
      bytes: octets.length,
      by: validUtf8 ? 'grapheme' : 'byte',
      validUtf8,
    });
    reply(reversedText(octets));
  };
  let written = 0;
  let read = 0;
  const unread = [...reads];
  const readNext = (): void => {
    const octets = unread.shift() ?? new Uint8Array();
    facts.push({ ...SEEN, kind: 'read', peer: 'server', side: 'server', offset: read, bytes: octets.length });
    if (framing === 'each-read') transform(read, octets);
    read += octets.length;
  };
  for (const octets of writes) {
    facts.push({
      ...SEEN,
      kind: 'wrote',
      peer: 'client',
      side: 'client',
      offset: written,
      bytes: octets.length,
      data: { bytes: octets },
    });
    written += octets.length;
    if (examined) {
      facts.push({
        kind: 'queue-examined',
        peer: 'server',
        seenBy: 'kernel',
        side: 'server',
        connection: 1,
        bytes: written - read,
        source: '/proc/net/tcp',
      });
    }
    if (readWhen === 'after-each-write') readNext();
  }
  if (readWhen === 'late') readNext();
  if (framing === 'whole-stream') transform(0, all);
  if (framing === 'newlines') {
    for (const [index, { from, to }] of linesIn(all).entries()) {
      const line = all.subarray(from, to);
      const bytes = line.at(-1) === 0x0a ? line.length - 1 : line.length;
      const found = { by: 'grapheme', validUtf8: true, line: index + 1 } as const;
      facts.push({ ...SEEN, kind: 'line-transformed', peer: 'server', offset: from, bytes, ...found });
      reply(reversedLine(line, 'grapheme', index === 0));
    }
  }
  facts.push({ ...SEEN, kind: 'text-received', peer: 'client', side: 'client', offset: 0, bytes: replied });
  return facts;
}

/** A whole run: three exchanges, one after the other. */
export function boundaryRun(run: BoundaryRun): readonly TraceEvent[] {
  const bytes = joined(run.writes).length;
  const [started, ...opening] = OPENING;
  const ended = CLOSING.slice(-1);
  if (started?.kind !== 'run-started') throw new Error('A run begins with run-started');
  return stamped([
    {
      ...started,
      experiment: 'boundaries',
      options: { ...started.options, readWhen: run.readWhen },
      input: { name: 'in-proj.txt', bytes },
    },
    ...FRAMINGS.flatMap((framing, index): readonly Fact[] => [
      { kind: 'round-started', seenBy: 'program', round: index + 1, framing, handOver: run.handOver },
      ...opening.slice(1),
      ...CONNECTED,
      ...exchange(framing, run),
      ...CLOSING.slice(0, -1),
    ]),
    ...ended,
  ]);
}
