// The box of an HTML element, and the words in it line by line, as marks.

import { hardShadows, stripesOf } from '../../scene/export/box-style.ts';
import type { Box, Mark, Paint } from '../../scene/export/drawing.ts';
import { fontOf, isPainted, type Origin } from './read-style.ts';

const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;

interface Border {
  readonly px: number;
  readonly stroke: string;
  readonly line: string;
}

/** The element's ground, its borders, and what else is drawn on its edges. */
export function boxMarks(
  element: Element,
  style: CSSStyleDeclaration,
  origin: Origin,
  opacity: number,
): readonly Mark[] {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 && height === 0) return [];
  const box = { x: left - origin.x, y: top - origin.y, width, height };
  const radius = parseFloat(style.borderTopLeftRadius);
  const faded = opacity === 1 ? {} : { opacity };
  const stripes = stripesOf(style.backgroundImage, box);
  const fill = isPainted(style.backgroundColor) ? style.backgroundColor : stripes?.ground;
  return [
    ...(fill === undefined ? [] : [{ kind: 'rect' as const, ...box, radius, paint: { fill, ...faded } }]),
    ...(stripes?.marks ?? []),
    ...hardShadows(style.boxShadow, box, radius),
    ...borderMarks(style, box, radius, faded),
  ];
}

function borderMarks(
  style: CSSStyleDeclaration,
  { x, y, width, height }: Box,
  radius: number,
  faded: Pick<Paint, 'opacity'>,
): readonly Mark[] {
  const borders = SIDES.map((side) => borderOf(style, side));
  const [first] = borders;
  const isOneLine =
    first !== undefined &&
    first.px > 0 &&
    borders.every(
      ({ px, stroke, line }) => px === first.px && stroke === first.stroke && line === first.line,
    );
  if (isOneLine) {
    const half = first.px / 2;
    const inside = { x: x + half, y: y + half, width: width - first.px, height: height - first.px };
    const paint = { ...strokeOf(first), ...faded };
    return [{ kind: 'rect', ...inside, radius: Math.max(0, radius - half), paint }];
  }
  return borders.flatMap(({ px, ...rest }, index): readonly Mark[] => {
    if (px === 0) return [];
    const half = px / 2;
    const across = index === 0 ? y + half : y + height - half;
    const down = index === 1 ? x + width - half : x + half;
    const ends =
      index % 2 === 0
        ? { x1: x, y1: across, x2: x + width, y2: across }
        : { x1: down, y1: y, x2: down, y2: y + height };
    return [{ kind: 'line', ...ends, paint: { ...strokeOf({ px, ...rest }), ...faded } }];
  });
}

function borderOf(style: CSSStyleDeclaration, side: (typeof SIDES)[number]): Border {
  const line = style[`border${side}Style`];
  const stroke = style[`border${side}Color`];
  const isDrawn = line !== 'none' && line !== 'hidden' && isPainted(stroke);
  return { px: isDrawn ? parseFloat(style[`border${side}Width`]) : 0, stroke, line };
}

function strokeOf({ px, stroke, line }: Border): Paint {
  const dash = line === 'dashed' ? [3 * px, 2 * px] : line === 'dotted' ? [px, px] : undefined;
  return { stroke, strokePx: px, ...(dash === undefined ? {} : { dash }) };
}

/** The words of a text, a mark for each line in which they stand. */
export function wordMarks(text: Text, parent: HTMLElement, origin: Origin, opacity: number): readonly Mark[] {
  const style = getComputedStyle(parent);
  const font = fontOf(style);
  const ascent = ascentOf(style);
  return linesOf(text, style.whiteSpace.startsWith('pre')).map(({ words, box }) => ({
    kind: 'text',
    x: box.left - origin.x,
    y: box.top + ascent - origin.y,
    words,
    anchor: 'start',
    font,
    lengthPx: box.width,
    paint: { fill: style.color, ...(opacity === 1 ? {} : { opacity }) },
  }));
}

interface Line {
  readonly words: string;
  readonly box: DOMRect;
}

function linesOf(text: Text, isPreserved: boolean): readonly Line[] {
  const range = document.createRange();
  const lines: Line[] = [];
  let from = 0;
  const add = (to: number): void => {
    const all = text.data.slice(from, to);
    const plain = isPreserved ? all : all.replace(/\s+/g, ' ');
    const words = isPreserved ? plain : plain.trim();
    if (words !== '') {
      // Without the white space at its ends, which has no width where a line breaks.
      const before = isPreserved ? 0 : all.length - all.trimStart().length;
      range.setStart(text, from + before);
      range.setEnd(text, isPreserved ? to : from + all.trimEnd().length);
      const box = range.getBoundingClientRect();
      if (box.width > 0) lines.push({ words, box });
    }
    from = to;
  };
  let top: number | undefined;
  for (let at = 0; at < text.length; at += 1) {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    if (top !== undefined && box.top > top + box.height / 2) add(at);
    top = box.top;
  }
  add(text.length);
  return lines;
}

const canvas = document.createElement('canvas').getContext('2d');

/** From the top of a line of text to its base line. */
function ascentOf({ fontStyle, fontWeight, fontSize, fontFamily }: CSSStyleDeclaration): number {
  if (canvas === null) return parseFloat(fontSize);
  canvas.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  return canvas.measureText('x').fontBoundingBoxAscent;
}
