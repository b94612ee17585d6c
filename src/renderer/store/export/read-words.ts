// The box of an HTML element, and the words in it line by line, as marks.

import type { Mark, Paint } from '../../scene/export/drawing.ts';
import { fontOf, isPainted, type Origin } from './read-style.ts';

const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;

interface Border {
  readonly px: number;
  readonly stroke: string;
  readonly line: string;
}

/** The element's ground and its borders. */
export function boxMarks(
  element: HTMLElement,
  style: CSSStyleDeclaration,
  origin: Origin,
  opacity: number,
): readonly Mark[] {
  const { left, top, width, height } = element.getBoundingClientRect();
  const x = left - origin.x;
  const y = top - origin.y;
  const radius = parseFloat(style.borderTopLeftRadius);
  const fill = groundOf(style);
  const borders = SIDES.map((side) => borderOf(style, side));
  const [first] = borders;
  const isOneLine =
    first !== undefined &&
    first.px > 0 &&
    borders.every(
      ({ px, stroke, line }) => px === first.px && stroke === first.stroke && line === first.line,
    );
  const faded = opacity === 1 ? {} : { opacity };
  if (isOneLine) {
    const half = first.px / 2;
    const inside = { x: x + half, y: y + half, width: width - first.px, height: height - first.px };
    const paint = { ...(fill === undefined ? {} : { fill }), ...strokeOf(first), ...faded };
    return [{ kind: 'rect', ...inside, radius: Math.max(0, radius - half), paint }];
  }
  const right = x + width;
  const bottom = y + height;
  const ends: readonly (readonly [number, number, number, number])[] = [
    [x, y, right, y],
    [right, y, right, bottom],
    [x, bottom, right, bottom],
    [x, y, x, bottom],
  ];
  return [
    ...(fill === undefined
      ? []
      : [{ kind: 'rect' as const, x, y, width, height, radius, paint: { fill, ...faded } }]),
    ...borders.flatMap((border, index) => {
      const [x1, y1, x2, y2] = ends[index] ?? [0, 0, 0, 0];
      return border.px === 0
        ? []
        : [{ kind: 'line' as const, x1, y1, x2, y2, paint: { ...strokeOf(border), ...faded } }];
    }),
  ];
}

/** The colour of its ground; of stripes the one that they begin with. */
function groundOf({ backgroundColor, backgroundImage }: CSSStyleDeclaration): string | undefined {
  if (isPainted(backgroundColor)) return backgroundColor;
  return /rgba?\([^)]*\)/.exec(backgroundImage)?.[0];
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
