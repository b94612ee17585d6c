import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { CLIENT } from '../../shared/trace/fact.ts';
import type { Emit, Fact } from '../../shared/trace/fact.ts';
import { createMerge, MAX_HELD_BYTES, MAX_HELD_FACTS } from './merge.ts';
import type { Merge } from './merge.ts';

const ENDED: Fact = {
  kind: 'run-ended',
  seenBy: 'program',
  outcome: 'completed',
  linesSent: 0,
  linesReceived: 0,
  resultBytes: 0,
  linesByByte: 0,
};

/** A fact that is known by its number. */
function numbered(id: number): Fact {
  return { kind: 'slept', seenBy: 'program', peer: CLIENT, ms: id };
}

/** A fact that holds bytes. */
function wrote(bytes: number): Fact {
  const data = { bytes: new Uint8Array(bytes) };
  return {
    kind: 'wrote',
    seenBy: 'program',
    peer: CLIENT,
    side: 'client',
    connection: 1,
    offset: 0,
    bytes,
    data,
  };
}

interface Recorded {
  readonly id: number | string;
  readonly atMs: number;
  readonly late: boolean;
}

let recorded: Recorded[] = [];

/** The time of the fake timers: 0 at the beginning of each test. */
const nowMs = (): number => Date.now();

const record: Emit = (fact, seenAtMs, late) => {
  const id = fact.kind === 'slept' ? fact.ms : fact.kind;
  recorded.push({ id, atMs: seenAtMs ?? nowMs(), late: late === true });
};

const ids = (): (number | string)[] => recorded.map(({ id }) => id);
const lateIds = (): (number | string)[] => recorded.filter(({ late }) => late).map(({ id }) => id);

function at(ms: number): void {
  vi.advanceTimersByTime(ms - nowMs());
}

/** A merge that has recorded its first fact, number 0, at time 0. */
function startedMerge(): Merge {
  const merge = createMerge(record, nowMs);
  merge.emit(numbered(0));
  return merge;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  recorded = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a merge without a slow witness', () => {
  it('hands the same fact on at once, with what came with it and nothing more', () => {
    const calls: Parameters<Emit>[] = [];
    const merge = createMerge((...call) => calls.push(call), nowMs);
    merge.emit(numbered(0));
    const fact = numbered(1);
    merge.emit(fact);
    merge.emit(fact, 5);
    merge.emit(fact, 3, true);
    merge.emit(ENDED);
    expect(calls.slice(1)).toEqual([
      [fact, undefined, undefined],
      [fact, 5, undefined],
      [fact, 3, true],
      [ENDED, undefined, undefined],
    ]);
    expect(calls[1]?.[0]).toBe(fact);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not read the clock', () => {
    const clock = vi.fn(nowMs);
    const merge = createMerge(record, clock);
    merge.emit(numbered(0));
    clock.mockClear();
    merge.emit(numbered(1));
    expect(clock).not.toHaveBeenCalled();
  });

  it('passes facts through again after the last witness has ended', () => {
    const clock = vi.fn(nowMs);
    const merge = createMerge(record, clock);
    merge.emit(numbered(0));
    merge.addWitness('capture').end();
    merge.emit(numbered(1));
    clock.mockClear();
    merge.emit(numbered(2));
    expect(ids()).toEqual([0, 1, 2]);
    expect(clock).not.toHaveBeenCalled();
  });
});

describe('a merge with a slow witness', () => {
  it('holds our facts back until the watermark has passed them', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    merge.emit(numbered(1));
    at(20);
    merge.emit(numbered(2));
    expect(ids()).toEqual([0]);
    capture.advance(11);
    expect(ids()).toEqual([0, 1]);
    capture.advance(20);
    expect(ids()).toEqual([0, 1]);
    at(21);
    capture.advance(20.5);
    expect(ids()).toEqual([0, 1, 2]);
    expect(recorded.map(({ atMs }) => atMs)).toEqual([0, 10, 20]);
  });

  it('records the facts of both in the order of their times, whatever the order in which they arrive', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    merge.emit(numbered(1));
    at(30);
    merge.emit(numbered(3));
    at(50);
    capture.emit(numbered(4), 40);
    capture.emit(numbered(2), 20);
    capture.advance(45);
    expect(ids()).toEqual([0, 1, 2, 3, 4]);
    expect(lateIds()).toEqual([]);
  });

  it('never moves a watermark back', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(100);
    capture.advance(90);
    capture.advance(10);
    capture.advance(NaN);
    capture.emit(numbered(1), 50);
    expect(ids()).toEqual([0, 1]);
  });

  it('holds facts that are ahead of our own clock until it has reached them', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    capture.advance(Infinity);
    capture.emit(numbered(2), 20);
    at(10);
    merge.emit(numbered(1));
    expect(ids()).toEqual([0]);
    at(30);
    expect(ids()).toEqual([0, 1, 2]);
    expect(lateIds()).toEqual([]);
  });

  it('takes a time that is no number as now', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    capture.emit(numbered(1), NaN);
    merge.end();
    expect(recorded.at(-1)).toEqual({ id: 1, atMs: 10, late: false });
  });

  it('waits for the slowest of several witnesses', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    const tracer = merge.addWitness('tracer', { seenBy: 'program' });
    at(10);
    merge.emit(numbered(1));
    at(100);
    capture.advance(90);
    expect(ids()).toEqual([0]);
    tracer.advance(10);
    expect(ids()).toEqual([0]);
    tracer.advance(11);
    expect(ids()).toEqual([0, 1]);
  });

  it('no longer waits for a witness that has ended', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    const tracer = merge.addWitness('tracer', { seenBy: 'program' });
    at(10);
    merge.emit(numbered(1));
    at(20);
    capture.advance(15);
    tracer.end();
    expect(ids()).toEqual([0, 1]);
    merge.emit(numbered(2));
    capture.emit(numbered(3), 18);
    capture.end();
    expect(ids()).toEqual([0, 1, 3, 2]);
    expect(vi.getTimerCount()).toBe(0);
    capture.emit(numbered(4), 30);
    tracer.advance(30);
    expect(ids()).toEqual([0, 1, 3, 2]);
  });
});

describe('facts of the same time', () => {
  it('are recorded as they happened: the call, what the kernel shows, the packet', () => {
    const merge = startedMerge();
    const wire = merge.addWitness('capture');
    const kernel = merge.addWitness('socket table', { seenBy: 'kernel' });
    const program = merge.addWitness('tracer', { seenBy: 'program' });
    at(10);
    wire.emit(numbered(4), 10);
    kernel.emit(numbered(3), 10);
    program.emit(numbered(1), 10);
    merge.emit(numbered(2));
    merge.end();
    expect(ids()).toEqual([0, 1, 2, 3, 4]);
  });

  it('of one witness stay in the order in which they arrived', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    for (let id = 1; id <= 20; id += 1) capture.emit(numbered(id), 10);
    merge.end();
    expect(ids()).toEqual(Array.from({ length: 21 }, (_, id) => id));
  });

  it('wait for each other: a watermark lets go only of what is earlier', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    const tracer = merge.addWitness('tracer', { seenBy: 'program' });
    at(20);
    capture.emit(numbered(2), 10);
    capture.advance(15);
    tracer.advance(10);
    tracer.emit(numbered(1), 10);
    tracer.advance(11);
    expect(ids()).toEqual([0, 1, 2]);
  });
});

describe('a late fact', () => {
  it('is recorded where it arrives, with its own time', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    merge.emit(numbered(1));
    at(20);
    merge.emit(numbered(2));
    capture.advance(15);
    capture.emit(numbered(3), 5);
    expect(recorded.at(-1)).toEqual({ id: 3, atMs: 5, late: true });
    merge.end();
    expect(ids()).toEqual([0, 1, 3, 2]);
    expect(lateIds()).toEqual([3]);
  });

  it('is not one whose witness broke its promise while nothing later is recorded', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(20);
    merge.emit(numbered(2));
    capture.advance(15);
    capture.emit(numbered(1), 5);
    merge.end();
    expect(ids()).toEqual([0, 1, 2]);
    expect(lateIds()).toEqual([]);
  });

  it('is one that a witness saw before it was added, once facts have passed through', () => {
    const merge = startedMerge();
    at(10);
    merge.emit(numbered(1));
    const capture = merge.addWitness('capture');
    capture.emit(numbered(2), 5);
    expect(recorded.at(-1)).toEqual({ id: 2, atMs: 5, late: true });
  });

  it('of our own is recorded at once as such', () => {
    const merge = startedMerge();
    merge.addWitness('capture');
    at(10);
    merge.emit(numbered(1));
    merge.emit(numbered(2), 4, true);
    expect(recorded.at(-1)).toEqual({ id: 2, atMs: 4, late: true });
    expect(ids()).toEqual([0, 2]);
  });

  it('is one of ours where a witness that has ended was ahead of our clock', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    capture.emit(numbered(1), 20);
    capture.end();
    at(10);
    merge.emit(numbered(2));
    at(15);
    merge.emit(numbered(3));
    at(20);
    merge.emit(numbered(4));
    expect(ids()).toEqual([0, 1, 2, 3, 4]);
    expect(lateIds()).toEqual([2, 3]);
  });
});

describe('a witness that stalls', () => {
  it('holds the run for 250 ms and no longer', () => {
    const merge = startedMerge();
    merge.addWitness('capture');
    at(10);
    merge.emit(numbered(1));
    at(260);
    expect(ids()).toEqual([0]);
    at(261);
    expect(ids()).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on delaying each fact by that time, without a fact of ours to wake it', () => {
    const merge = startedMerge();
    merge.addWitness('capture', { maxDelayMs: 50 });
    at(100);
    merge.emit(numbered(1));
    at(120);
    merge.emit(numbered(2));
    at(151);
    expect(ids()).toEqual([0, 1]);
    at(171);
    expect(ids()).toEqual([0, 1, 2]);
  });

  it('is not one that advances, however far it is behind', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture', { maxDelayMs: 50 });
    at(10);
    merge.emit(numbered(1));
    for (let ms = 20; ms <= 400; ms += 20) {
      at(ms);
      capture.advance(ms / 50);
    }
    expect(ids()).toEqual([0]);
    capture.emit(numbered(2), 9);
    capture.advance(11);
    expect(ids()).toEqual([0, 2, 1]);
  });

  it('is one that repeats its watermark', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture', { maxDelayMs: 50 });
    at(10);
    merge.emit(numbered(1));
    for (let ms = 20; ms <= 80; ms += 20) {
      at(ms);
      capture.advance(5);
    }
    expect(ids()).toEqual([0, 1]);
  });

  it('is waited for again when it advances, and is late with what the run went on without', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture', { maxDelayMs: 50 });
    at(10);
    merge.emit(numbered(1));
    at(100);
    merge.emit(numbered(3));
    capture.emit(numbered(4), 5);
    capture.emit(numbered(2), 90);
    capture.advance(95);
    at(140);
    expect(ids()).toEqual([0, 1, 4, 2]);
    expect(lateIds()).toEqual([4]);
    capture.advance(120);
    expect(ids()).toEqual([0, 1, 4, 2, 3]);
  });

  it('may stall as long as its own option says, beside another that may not', () => {
    const merge = startedMerge();
    const patient = merge.addWitness('tracer', { maxDelayMs: Infinity });
    merge.addWitness('capture', { maxDelayMs: 50 });
    at(10);
    merge.emit(numbered(1));
    at(10_000);
    expect(ids()).toEqual([0]);
    patient.end();
    expect(ids()).toEqual([0, 1]);
    merge.emit(numbered(2));
    at(10_051);
    expect(ids()).toEqual([0, 1, 2]);
  });

  it('still keeps the promise that it made further ahead', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture', { maxDelayMs: 50 });
    capture.advance(1_000);
    at(300);
    merge.emit(numbered(1));
    at(301);
    expect(ids()).toEqual([0, 1]);
  });

  it('is looked at when it may have stalled, not all the time', () => {
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    const merge = startedMerge();
    const capture = merge.addWitness('capture', { maxDelayMs: 50 });
    at(10);
    merge.emit(numbered(1));
    at(40);
    capture.advance(5);
    at(90);
    expect(ids()).toEqual([0]);
    at(91);
    expect(ids()).toEqual([0, 1]);
    expect(setTimer).toHaveBeenCalledTimes(2);

    capture.end();
    merge.addWitness('tracer', { maxDelayMs: Infinity });
    merge.emit(numbered(2));
    at(10_000);
    expect(ids()).toEqual([0, 1]);
    expect(setTimer).toHaveBeenCalledTimes(3);
    setTimer.mockRestore();
  });

  it('does not keep the process alive', () => {
    vi.useRealTimers();
    const merge = startedMerge();
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    merge.addWitness('capture');
    merge.emit(numbered(1));
    const [timer] = setTimer.mock.results;
    expect(timer?.type === 'return' && timer.value.hasRef()).toBe(false);
    setTimer.mockRestore();
    merge.end();
  });
});

describe('what is held', () => {
  it('is bounded in number: above it the earliest fact is recorded', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(10);
    for (let id = 1; id <= MAX_HELD_FACTS; id += 1) merge.emit(numbered(id), id / MAX_HELD_FACTS);
    expect(ids()).toEqual([0]);
    merge.emit(numbered(MAX_HELD_FACTS + 1));
    expect(ids()).toEqual([0, 1]);
    capture.emit(numbered(-1), 0);
    expect(recorded.at(-1)).toEqual({ id: -1, atMs: 0, late: true });
    merge.end();
    expect(recorded).toHaveLength(MAX_HELD_FACTS + 3);
    expect(lateIds()).toEqual([-1]);
  });

  it('is bounded in bytes', () => {
    const merge = startedMerge();
    merge.addWitness('capture');
    merge.emit(wrote(MAX_HELD_BYTES / 2));
    merge.emit(wrote(MAX_HELD_BYTES / 2));
    expect(ids()).toEqual([0]);
    merge.emit(wrote(1));
    expect(ids()).toEqual([0, 'wrote']);
    merge.emit(wrote(MAX_HELD_BYTES / 2 - 1));
    expect(ids()).toEqual([0, 'wrote']);
  });
});

describe('the beginning and the end of a run', () => {
  it('records the first fact of ours before all others, which are late then', () => {
    const merge = createMerge(record, nowMs);
    const capture = merge.addWitness('capture');
    capture.emit(numbered(2), 0);
    at(1_000);
    capture.advance(900);
    capture.emit(numbered(3), 1_000);
    capture.emit(numbered(4), 950);
    expect(ids()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    merge.emit(numbered(1));
    expect(ids()).toEqual([1, 2, 4]);
    capture.end();
    expect(ids()).toEqual([1, 2, 4, 3]);
    expect(lateIds()).toEqual([2, 4]);
  });

  it('keeps what a witness saw that has ended before that', () => {
    const merge = createMerge(record, nowMs);
    const capture = merge.addWitness('capture');
    capture.emit(numbered(2), 5);
    capture.end();
    expect(ids()).toEqual([]);
    merge.emit(numbered(1));
    expect(ids()).toEqual([1, 2]);
  });

  it('records all that is held when it ends, in order, and leaves no timer', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(20);
    merge.emit(numbered(2));
    capture.emit(numbered(1), 10);
    expect(vi.getTimerCount()).toBe(1);
    merge.end();
    expect(ids()).toEqual([0, 1, 2]);
    expect(vi.getTimerCount()).toBe(0);
    merge.end();
    expect(ids()).toEqual([0, 1, 2]);
  });

  it('records run-ended as the last fact, and drops what witnesses report afterwards', () => {
    const merge = startedMerge();
    const capture = merge.addWitness('capture');
    at(20);
    merge.emit(numbered(2));
    capture.emit(numbered(1), 10);
    merge.emit(ENDED);
    capture.emit(numbered(3), 15);
    merge.addWitness('tracer').emit(numbered(4), 20);
    at(1_000);
    expect(ids()).toEqual([0, 1, 2, 'run-ended']);
    expect(lateIds()).toEqual([]);
  });

  it('lets run-ended follow its end', () => {
    const merge = startedMerge();
    merge.addWitness('capture');
    merge.emit(numbered(1));
    merge.end();
    merge.emit(ENDED);
    expect(ids()).toEqual([0, 1, 'run-ended']);
  });
});

describe('any interleaving of our facts and those of two slow witnesses', () => {
  const which = fc.nat({ max: 1 });
  const wait = fc.record({ act: fc.constant<'wait'>('wait'), ms: fc.integer({ min: 1, max: 40 }) });
  const own = fc.record({ act: fc.constant<'own'>('own') });
  const seen = fc.record({ act: fc.constant<'seen'>('seen'), which, ago: fc.nat({ max: 60 }) });
  const advance = fc.record({ act: fc.constant<'advance'>('advance'), which, ago: fc.nat({ max: 60 }) });
  const end = fc.record({ act: fc.constant<'end'>('end'), which });

  it('loses nothing, records nothing twice, and marks late what is out of order and nothing else', () => {
    const acts = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: wait },
        { weight: 4, arbitrary: own },
        { weight: 6, arbitrary: seen },
        { weight: 3, arbitrary: advance },
        { weight: 1, arbitrary: end },
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(acts, (list) => {
        vi.setSystemTime(1_000);
        recorded = [];
        const merge = startedMerge();
        const witnesses = [merge.addWitness('capture', { maxDelayMs: 50 }), merge.addWitness('tracer')];
        const hasEnded = [false, false];
        const times = new Map<number | string, number>([[0, nowMs()]]);
        for (const act of list) {
          const id = times.size;
          if (act.act === 'wait') vi.advanceTimersByTime(act.ms);
          else if (act.act === 'own') {
            times.set(id, nowMs());
            merge.emit(numbered(id));
          } else if (act.act === 'seen') {
            if (hasEnded[act.which] === false) times.set(id, nowMs() - act.ago);
            witnesses[act.which]?.emit(numbered(id), nowMs() - act.ago);
          } else if (act.act === 'advance') witnesses[act.which]?.advance(nowMs() - act.ago);
          else {
            hasEnded[act.which] = true;
            witnesses[act.which]?.end();
          }
        }
        merge.emit(ENDED);

        expect(recorded.pop()?.id).toBe('run-ended');
        expect(recorded).toHaveLength(times.size);
        expect(new Map(recorded.map(({ id, atMs }) => [id, atMs]))).toEqual(times);
        let latestMs = -Infinity;
        for (const { atMs, late } of recorded) {
          expect(late).toBe(atMs < latestMs);
          latestMs = Math.max(latestMs, atMs);
        }
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('has no late fact where witnesses advance in time and keep their promises', () => {
    const acts = fc.array(fc.oneof(wait, own, seen, advance), { maxLength: 120 });
    fc.assert(
      fc.property(acts, (list) => {
        vi.setSystemTime(1_000);
        recorded = [];
        const merge = startedMerge();
        const promises = ['capture', 'tracer'].map((name) => ({
          witness: merge.addWitness(name, { maxDelayMs: 100_000 }),
          untilMs: nowMs(),
        }));
        list.forEach((act, index) => {
          if (act.act === 'wait') vi.advanceTimersByTime(act.ms);
          else if (act.act === 'own') merge.emit(numbered(index + 1));
          else {
            const promise = promises[act.which];
            if (promise === undefined) return;
            const ms = Math.max(promise.untilMs, nowMs() - act.ago);
            if (act.act === 'seen') promise.witness.emit(numbered(index + 1), ms);
            else {
              promise.untilMs = ms;
              promise.witness.advance(ms);
            }
          }
        });
        merge.end();
        expect(lateIds()).toEqual([]);
        expect(recorded.map(({ atMs }) => atMs)).toEqual(
          recorded.map(({ atMs }) => atMs).sort((one, other) => one - other),
        );
      }),
      { numRuns: 300 },
    );
  });
});
