import { describe, expect, it } from 'vitest';
import { bestMatches, fuzzyMatch } from './fuzzy.ts';

const WORDS = [
  'Play or pause',
  'Step forward: one fact',
  'Step back: one fact',
  'Save the result',
  'Save the run',
  'Copy the transcript',
  'Save the transcript',
  'Settings',
];

function found(typed: string): readonly string[] {
  return bestMatches(typed, WORDS, (words) => words).map(({ item }) => item);
}

describe('a fuzzy search', () => {
  it.each([
    ['', WORDS],
    ['settings', ['Settings']],
    ['sfo', ['Step forward: one fact']],
    ['save tr', ['Save the transcript']],
    ['tr save', ['Save the transcript']],
    ['STEP', ['Step forward: one fact', 'Step back: one fact']],
    ['xyz', []],
  ])('for %j finds first what is meant', (typed, first) => {
    expect(found(typed).slice(0, first.length)).toEqual(first);
    if (first.length === 0) expect(found(typed)).toEqual([]);
  });

  it('prefers the beginnings of words, and names the letters that it found', () => {
    expect(found('sr')[0]).toBe('Save the result');
    expect(fuzzyMatch('str', 'Save the run')?.at).toEqual([0, 5, 9]);
    expect(fuzzyMatch('run', 'Save the run')?.at).toEqual([9, 10, 11]);
  });
});
