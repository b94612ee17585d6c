// What CSS draws in a box beside its ground and borders, as marks: stripes, and hard shadows, which serve as borders. Pure.

import type { Box, Mark } from './drawing.ts';

const COLOUR = String.raw`(?:rgba?|color)\([^)]*\)`;

interface Stripes {
  readonly ground: string;
  readonly marks: readonly Mark[];
}

/** The stripes of a computed `repeating-linear-gradient()` of two hard colours; undefined where it is none. */
export function stripesOf(backgroundImage: string, box: Box): Stripes | undefined {
  const angle = /^repeating-linear-gradient\(([\d.]+)deg,/.exec(backgroundImage)?.[1];
  const stops = [...backgroundImage.matchAll(new RegExp(`(${COLOUR})((?: [\\d.]+px)+)`, 'g'))].flatMap(
    ([, colour = '', places = '']) =>
      places
        .trim()
        .split(' ')
        .map((place) => ({ colour, px: parseFloat(place) })),
  );
  const ground = stops[0];
  const from = stops.find(({ colour }) => colour !== ground?.colour);
  const to = stops.at(-1);
  if (
    angle === undefined ||
    ground === undefined ||
    from === undefined ||
    to === undefined ||
    to.px <= from.px
  )
    return undefined;
  const turn = (Number(angle) * Math.PI) / 180;
  const along = { x: Math.sin(turn), y: -Math.cos(turn) };
  const length = Math.abs(box.width * along.x) + Math.abs(box.height * along.y);
  const reach = box.width + box.height;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const lines: string[] = [];
  for (let at = (from.px + to.px) / 2; at < length + to.px; at += to.px) {
    const x = middle.x + along.x * (at - length / 2);
    const y = middle.y + along.y * (at - length / 2);
    const ends = [-reach, reach].map((far) => `${place(x - along.y * far)} ${place(y + along.x * far)}`);
    lines.push(`M${ends.join('L')}`);
  }
  const paint = { stroke: from.colour, strokePx: to.px - from.px };
  return {
    ground: ground.colour,
    marks: [{ kind: 'clipped', box, marks: [{ kind: 'path', d: lines.join(''), paint }] }],
  };
}

/** The shadows of a computed `box-shadow` that are not blurred: a line around the box or along its left side. */
export function hardShadows(boxShadow: string, box: Box, radius: number): readonly Mark[] {
  const pattern = new RegExp(
    `(${COLOUR}) (-?[\\d.]+)px (-?[\\d.]+)px ([\\d.]+)px (-?[\\d.]+)px( inset)?`,
    'g',
  );
  return [...boxShadow.matchAll(pattern)].flatMap(([, stroke = '', ...given]): readonly Mark[] => {
    const [right = 0, down = 0, blur = 0, spread = 0] = given.slice(0, 4).map(Number);
    if (blur > 0 || down !== 0 || /^rgba.*, 0\)$/.test(stroke)) return [];
    const isInside = given[4] !== undefined;
    if (spread > 0 && right === 0) {
      const inset = isInside ? spread / 2 : -spread / 2;
      const around = {
        x: box.x + inset,
        y: box.y + inset,
        width: Math.max(0, box.width - 2 * inset),
        height: Math.max(0, box.height - 2 * inset),
      };
      const bend = radius === 0 ? 0 : Math.max(0, radius - inset);
      return [{ kind: 'rect', ...around, radius: bend, paint: { stroke, strokePx: spread } }];
    }
    if (!isInside || spread !== 0 || right <= 0) return [];
    const { x, y, height } = box;
    return [{ kind: 'rect', x, y, width: right, height, radius: 0, paint: { fill: stroke } }];
  });
}

function place(px: number): string {
  return String(Math.round(px * 100) / 100);
}
