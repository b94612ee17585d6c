import { describe, expect, it } from 'vitest';
import { hardShadows, stripesOf } from './box-style.ts';

const BOX = { x: 10, y: 20, width: 30, height: 12 };

describe('stripesOf', () => {
  it('draws the second colour across the box, in steps of the gradient', () => {
    const image =
      'repeating-linear-gradient(90deg, rgb(1, 2, 3) 0px, rgb(1, 2, 3) 6px, color(srgb 0.5 0 0) 6px, color(srgb 0.5 0 0) 9px)';
    const stripes = stripesOf(image, BOX);
    expect(stripes?.ground).toBe('rgb(1, 2, 3)');
    const [clipped] = stripes?.marks ?? [];
    if (clipped?.kind !== 'clipped') throw new Error('not clipped');
    const [path] = clipped.marks;
    if (path?.kind !== 'path') throw new Error('no path');
    expect(path.paint).toEqual({ stroke: 'color(srgb 0.5 0 0)', strokePx: 3 });
    expect(path.d.startsWith('M17.5 -16L17.5 68')).toBe(true);
    expect(path.d.match(/M/g)).toHaveLength(4);
  });

  it('reads stops that share a colour, and nothing else than stripes', () => {
    const short = 'repeating-linear-gradient(135deg, rgb(1, 2, 3) 0px 6px, rgb(4, 5, 6) 6px 9px)';
    expect(stripesOf(short, BOX)?.marks).toHaveLength(1);
    expect(stripesOf('none', BOX)).toBeUndefined();
    expect(stripesOf('linear-gradient(rgb(1, 2, 3), rgb(4, 5, 6))', BOX)).toBeUndefined();
  });
});

describe('hardShadows', () => {
  it('takes a spread for a border and a shift for the left side, and leaves out what is blurred', () => {
    expect(hardShadows('rgb(1, 2, 3) 0px 0px 0px 1px inset', BOX, 4)).toEqual([
      {
        kind: 'rect',
        x: 10.5,
        y: 20.5,
        width: 29,
        height: 11,
        radius: 3.5,
        paint: { stroke: 'rgb(1, 2, 3)', strokePx: 1 },
      },
    ]);
    expect(hardShadows('rgb(1, 2, 3) 2px 0px 0px 0px inset', BOX, 0)).toEqual([
      { kind: 'rect', x: 10, y: 20, width: 2, height: 12, radius: 0, paint: { fill: 'rgb(1, 2, 3)' } },
    ]);
    expect(hardShadows('rgba(0, 0, 0, 0.45) 0px 12px 40px 0px', BOX, 0)).toEqual([]);
    expect(hardShadows('rgba(1, 2, 3, 0) 0px 0px 0px 1px inset', BOX, 0)).toEqual([]);
    expect(hardShadows('rgb(1, 2, 0) 0px 0px 0px 1px inset', BOX, 0)).toHaveLength(1);
    expect(hardShadows('none', BOX, 0)).toEqual([]);
  });
});
