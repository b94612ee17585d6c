import { expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatExactMoment,
  formatMoment,
  formatSize,
  formatTime,
  formatTimeOfDay,
} from './format.ts';

it('formats times for people', () => {
  expect([0, 74, 74.25, 318.4, 1_240, 29_200, 2_100_000, 184_000_000].map(formatDuration)).toEqual([
    '0 µs',
    '74 µs',
    '74.3 µs',
    '318 µs',
    '1.24 ms',
    '29.2 ms',
    '2.1 s',
    '3 min 4 s',
  ]);
  expect(formatTime(318.4)).toBe('318.4 µs');
});

it('formats sizes and counts for people', () => {
  expect([6, 999, 4_700_000, 104_857_600].map(formatBytes)).toEqual(['6 B', '999 B', '4.7 MB', '105 MB']);
  expect(formatCount(1_204)).toBe('1,204');
  expect(formatCountOf(1, 'line')).toBe('1 line');
});

it('formats one and many', () => {
  expect([formatCountOf(0, 'line'), formatCountOf(1, 'line'), formatCountOf(1204, 'line')]).toEqual([
    '0 lines',
    '1 line',
    '1,204 lines',
  ]);
});

it.each([
  [89, '89 bytes'],
  [9_999, '9,999 bytes'],
  [10_000, '10.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [4_712_345, '4.7 MB'],
  [2_147_483_648, '2.1 GB'],
])('says %d bytes as %s', (bytes, said) => {
  expect(formatSize(bytes)).toBe(said);
});

it('gives a time that is none as it is', () => {
  const none = '2026-99-99T99:99:99.999Z';
  expect([formatMoment(none), formatExactMoment(none), formatTimeOfDay(none)]).toEqual([none, none, none]);
});
