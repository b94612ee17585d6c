import { expect, it } from 'vitest';

import type { FindAnswer } from '../../shared/find/find-answer.ts';
import { FIND_HELP, hitsSentence } from './find-words.ts';

const ANSWER: FindAnswer = {
  ...{ hits: 12, searched: 100, facts: 100, done: true, unreadable: 0, upToCursor: 3, isAtHit: false },
  marks: [],
};

it('says how many hits there are, which one the cursor is at, and how far the search is', () => {
  expect(hitsSentence(ANSWER)).toBe('12 hits');
  expect(hitsSentence({ ...ANSWER, isAtHit: true })).toBe('3 of 12');
  expect(hitsSentence({ ...ANSWER, hits: 0 })).toBe('no hit');
  expect(hitsSentence({ ...ANSWER, hits: 1_204, done: false, searched: 42 })).toBe(
    '1,204 hits · 42 % searched',
  );
  expect(hitsSentence({ ...ANSWER, unreadable: 4_096 })).toBe('12 hits · 4,096 facts damaged');
});

it('says what took means', () => {
  expect(FIND_HELP).toContain('round trip of a line');
});
