import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FACT_KINDS } from '../trace/json-lines.ts';
import { isAsLong, MAX_QUERY_CHARACTERS, parseQuery, soughtBytes, type Query } from './query.ts';

function queryOf(words: string): Query {
  const parsed = parseQuery(words);
  if (parsed?.ok !== true) throw new Error(parsed?.why ?? 'blank');
  return parsed.query;
}

function whyNot(words: string): string | undefined {
  const parsed = parseQuery(words);
  return parsed?.ok === false ? parsed.why : undefined;
}

describe('a query', () => {
  it('is a line, a fact, a kind, errors or a time by its own words, in any case and spacing', () => {
    expect(queryOf('line 12')).toEqual({ what: 'line', line: 12 });
    expect(queryOf('  Line   1,204 ')).toEqual({ what: 'line', line: 1_204 });
    expect(queryOf('fact 120')).toEqual({ what: 'fact', seq: 120 });
    expect(queryOf('#120')).toEqual({ what: 'fact', seq: 120 });
    expect(queryOf('fact #120')).toEqual({ what: 'fact', seq: 120 });
    expect(queryOf('Accepted')).toEqual({ what: 'kind', kind: 'accepted' });
    expect(queryOf('time-wait-examined')).toEqual({ what: 'kind', kind: 'time-wait-examined' });
    expect(queryOf('errors')).toEqual({ what: 'error' });
    expect(queryOf('took > 1ms')).toEqual({ what: 'took', comparison: '>', us: 1_000 });
    expect(queryOf('took<=1.5 s')).toEqual({ what: 'took', comparison: '<=', us: 1_500_000 });
    expect(queryOf('took >= 74 µs')).toEqual({ what: 'took', comparison: '>=', us: 74 });
    expect(queryOf('took < 2 min')).toEqual({ what: 'took', comparison: '<', us: 120_000_000 });
  });

  it('is a text otherwise, and in quotes whatever it says', () => {
    expect(queryOf('hello')).toEqual({ what: 'text', text: 'hello', exactCase: false });
    expect(queryOf('Hello')).toEqual({ what: 'text', text: 'Hello', exactCase: true });
    expect(queryOf('line by line')).toMatchObject({ what: 'text' });
    expect(queryOf('#include')).toMatchObject({ what: 'text' });
    expect(queryOf('took the train')).toMatchObject({ what: 'text' });
    expect(queryOf('"accepted"')).toEqual({ what: 'text', text: 'accepted', exactCase: false });
    expect(queryOf('"say "hi""')).toMatchObject({ text: 'say "hi"' });
    expect(queryOf('end ')).toMatchObject({ text: 'end ' });
  });

  it('is nothing where the field is blank', () => {
    expect(parseQuery('')).toBeUndefined();
    expect(parseQuery(' \t ')).toBeUndefined();
  });

  it('that is wrong says what can be asked', () => {
    expect(whyNot('took > 5')).toBe('Say the unit, µs, ms, s or min: took > 5 ms.');
    expect(whyNot('took > 5 apples')).toContain('Say the unit');
    expect(whyNot('took')).toBe('Say how long it took: took > 1 ms, took < 50 µs.');
    expect(whyNot('took = 1 ms')).toContain('Say how long');
    expect(whyNot(`took > 9${'0'.repeat(400)} s`)).toContain('No run is that long');
    expect(whyNot('line 0')).toBe('Lines are numbered from 1 on: ask for line 12.');
    expect(whyNot('#0')).toContain('Facts are numbered from 1 on');
    expect(whyNot('fact 99999999999999999999')).toContain('Facts are numbered');
    expect(whyNot('"open')).toBe('A text in quotes ends with one, too: "accepted".');
    expect(whyNot('"')).toContain('ends with one');
    expect(whyNot('""')).toContain('took > 1 ms');
    expect(whyNot('\ud83d')).toContain('whole character');
    expect(whyNot('x'.repeat(MAX_QUERY_CHARACTERS + 1))).toContain('longer than 1,000 characters');
  });

  it('never throws, whatever is typed, and a text in quotes is that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
        const parsed = parseQuery(typed);
        expect(parsed === undefined).toBe(typed.trim() === '');
        if (typed === '') return;
        expect(queryOf(`"${typed}"`)).toMatchObject({ what: 'text', text: typed });
      }),
    );
  });

  it('for a line, a fact or a kind is read back from its own words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (number) => {
        expect(queryOf(`line ${number}`)).toEqual({ what: 'line', line: number });
        expect(queryOf(`#${number}`)).toEqual({ what: 'fact', seq: number });
      }),
    );
    for (const kind of FACT_KINDS) expect(queryOf(kind)).toEqual({ what: 'kind', kind });
  });
});

describe('the bytes of a text', () => {
  it('are UTF-8, with small ASCII letters where any case will do', () => {
    const bytes = (text: string, exactCase: boolean): string =>
      Buffer.from(soughtBytes({ what: 'text', text, exactCase })).toString();
    expect(bytes('Añb€', true)).toBe('Añb€');
    expect(bytes('ab[z', false)).toBe('ab[z');
  });
});

describe('a comparison of times', () => {
  it('has its limit on the side that it says', () => {
    const is = (us: number, comparison: '>' | '>=' | '<' | '<='): boolean =>
      isAsLong(us, { what: 'took', comparison, us: 10 });
    expect([is(10, '>'), is(11, '>'), is(10, '>='), is(9, '>=')]).toEqual([false, true, true, false]);
    expect([is(10, '<'), is(9, '<'), is(10, '<='), is(11, '<=')]).toEqual([false, true, true, false]);
  });
});
