import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { openKeptPlace, placeOnScreen, type WindowPlace } from './window-place.ts';

const SCREEN = { x: 0, y: 0, width: 1_920, height: 1_080 };
const RIGHT_OF_IT = { x: 1_920, y: 0, width: 1_280, height: 1_024 };

function at(x: number, y: number, width = 1_440, height = 900): WindowPlace {
  return { bounds: { x, y, width, height }, maximized: false };
}

it('gives a window back the place it had', () => {
  expect(placeOnScreen(at(100, 50), [SCREEN])).toEqual(at(100, 50));
  expect(placeOnScreen(at(2_000, 10, 1_000, 800), [SCREEN, RIGHT_OF_IT])).toEqual(at(2_000, 10, 1_000, 800));
  const maximized = { ...at(100, 50), maximized: true };
  expect(placeOnScreen(maximized, [SCREEN])).toEqual(maximized);
});

it('accepts a window that hangs over an edge, as long as it can be moved by its upper edge', () => {
  expect(placeOnScreen(at(-1_300, 0), [SCREEN])).toEqual(at(-1_300, 0));
  expect(placeOnScreen(at(1_800, 1_000), [SCREEN])).toEqual(at(1_800, 1_000));
});

it.each([
  ['the screen to the right is gone', at(2_000, 10)],
  ['it is above every screen', at(0, -30)],
  ['it is below every screen', at(0, 1_060)],
  ['hardly anything of it is on the left edge', at(-1_400, 0)],
])('forgets the place where %s', (_why, place) => {
  expect(placeOnScreen(place, [SCREEN])).toBeUndefined();
});

it('makes the window fit a smaller screen', () => {
  expect(placeOnScreen(at(0, 0, 3_840, 2_160), [SCREEN])).toEqual(at(0, 0, 1_920, 1_080));
});

it('has no place where none was kept', () => {
  expect(placeOnScreen(undefined, [SCREEN])).toBeUndefined();
});

it('keeps the place from start to start, and a damaged file aside', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  try {
    const path = join(folder, 'window.json');
    const warnings: string[] = [];
    const open = () => openKeptPlace(path, (text) => warnings.push(text));
    expect(open().place).toBeUndefined();
    await open().keep(at(7, 8));
    expect(open().place).toEqual(at(7, 8));
    expect(warnings).toEqual([]);
    for (const damaged of [{}, { ...at(0, 0), maximized: 'yes' }, at(0, 0, -5), at(0.5, 0), null]) {
      await writeFile(path, JSON.stringify(damaged));
      expect(open().place).toBeUndefined();
      expect(warnings.pop()).toContain(`${path} is damaged`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
