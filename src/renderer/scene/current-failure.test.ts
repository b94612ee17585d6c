// The failure that stays in sight, and its words.

import { describe, expect, it } from 'vitest';

import { failed, type ProblemCode } from '../../shared/result.ts';
import type { Fact, PeerName, TraceEvent } from '../../shared/trace/fact.ts';
import { runEnded } from '../../shared/trace/facts-for-tests.ts';
import { currentFailure } from './current-failure.ts';
import { FAILURE_CARD_PX, failureCardPx, failureTitle, MAX_FAILURE_CARD_PX } from './failure-words.ts';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped } from './facts-for-tests.ts';
import { landmarksOf } from './ladder.ts';

const seen = { seenBy: 'program' } as const;

function failure(code: ProblemCode, peer?: PeerName, connection?: number): Fact {
  const of = { ...(peer === undefined ? {} : { peer }), ...(connection === undefined ? {} : { connection }) };
  return { ...seen, kind: 'failed', ...of, problem: failed(code, `${code}.`).problem };
}

const REFUSED = failure('port-in-use', 'server');
const [STARTED, RANGE, CREATED, CALLED, LISTENING] = OPENING;
const BEFORE: readonly Fact[] = [STARTED, RANGE, CREATED, CALLED].filter((fact) => fact !== undefined);
const LISTENS: readonly Fact[] = [CALLED, LISTENING].filter((fact) => fact !== undefined);

function codeAt(facts: readonly TraceEvent[], cursor = facts.length): ProblemCode | undefined {
  return currentFailure(landmarksOf(facts), cursor)?.problem.code;
}

describe('the failure in sight', () => {
  it('is what ended the run, to its end, however many facts come after it', () => {
    const lines = Array.from({ length: 10 }, (_, index) => lineFacts(index + 1, 'abc', 'cba', 4 * index));
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      failure('line-too-long', 'client', 1),
      ...lines.flat(),
      runEnded('failed'),
    ]);
    expect(codeAt(facts)).toBe('line-too-long');
    const at = OPENING.length + CONNECTED.length + 1;
    expect(codeAt(facts, at - 1)).toBeUndefined();
    expect(codeAt(facts, at)).toBe('line-too-long');
  });

  it('is what an experiment shows on purpose, after its sockets have closed', () => {
    const refusal = failure('port-in-use', 'server-2');
    const closed: Fact = { ...seen, kind: 'server-closed', peer: 'server-2' };
    expect(codeAt(stamped([...BEFORE, ...LISTENS, refusal, closed, runEnded('completed')]))).toBe(
      'port-in-use',
    );
  });

  it('is none any more when the server that waited has its port, or when the run went on', () => {
    expect(codeAt(stamped([...BEFORE, REFUSED, ...LISTENS]))).toBeUndefined();
    const lines = Array.from({ length: 10 }, (_, index) => lineFacts(index + 1, 'abc', 'cba', 4 * index));
    const facts = stamped([
      ...OPENING,
      ...CONNECTED,
      failure('listen-failed', 'server'),
      ...lines.flat(),
      ...CLOSING,
    ]);
    expect(codeAt(facts)).toBeUndefined();
  });

  it('is the port, where a person no longer waits for it, and else that they cancelled', () => {
    expect(codeAt(stamped([...BEFORE, REFUSED, failure('cancelled'), runEnded('cancelled')]))).toBe(
      'port-in-use',
    );
    const cancelled = stamped([...OPENING, ...CONNECTED, failure('cancelled'), runEnded('cancelled')]);
    expect(codeAt(cancelled)).toBe('cancelled');
  });

  it('is none of another client', () => {
    expect(
      codeAt(stamped([...OPENING, ...CONNECTED, failure('line-too-long', 'server', 7)])),
    ).toBeUndefined();
  });
});

describe('the words of a failure', () => {
  it.each<[string, ProblemCode, PeerName | undefined, object]>([
    [
      'The second server’s listen() failed: EADDRINUSE (errno 98)',
      'port-in-use',
      'server-2',
      { errorCode: 'EADDRINUSE', errno: 98, syscall: 'listen' },
    ],
    [
      'The client’s connect() failed: ECONNREFUSED (errno 111)',
      'connection-refused',
      'client',
      { errorCode: 'ECONNREFUSED', errno: 111, syscall: 'connect' },
    ],
    ['The run failed: EIO', 'unexpected', undefined, { errorCode: 'EIO', syscall: 'read' }],
    ['A line is longer than the limit', 'line-too-long', 'client', {}],
    ['The run was cancelled', 'cancelled', undefined, {}],
    ['The run failed', 'unexpected', undefined, {}],
  ])('%s', (title, code, peer, detail) => {
    const problem = failed(code, 'A whole sentence.', detail).problem;
    expect(failureTitle(peer === undefined ? { problem } : { peer, problem })).toBe(title);
  });

  it('have room for all of the sentence, and no more than that of a large one', () => {
    const px = (length: number): number =>
      failureCardPx({ problem: failed('unexpected', 'x'.repeat(length)).problem });
    // Inter is a little more than half as wide as high: so many characters of 13.5 px are a line.
    const aLine = Math.floor((FAILURE_CARD_PX - 34) / 7.2);
    expect(px(aLine + 1) - px(aLine)).toBe(20);
    expect(px(65_536)).toBe(MAX_FAILURE_CARD_PX);
  });
});
