// One shape or text of an SVG as a mark.

import type { Mark, Matrix } from '../../scene/export/drawing.ts';
import { fontOf, paintOf, type Origin } from './read-style.ts';

/** The mark of it, with its own coordinates and where these are; undefined for what draws nothing. */
export function shapeOf(
  element: SVGGraphicsElement,
  style: CSSStyleDeclaration,
  origin: Origin,
  opacity: number,
): Mark | undefined {
  const placed = { paint: paintOf(style, opacity), ...placeOf(element, origin) };
  if (element instanceof SVGRectElement) {
    const { x, y, width, height, rx } = element;
    return {
      kind: 'rect',
      x: x.baseVal.value,
      y: y.baseVal.value,
      width: width.baseVal.value,
      height: height.baseVal.value,
      radius: rx.baseVal.value,
      ...placed,
    };
  }
  if (element instanceof SVGLineElement) {
    const { x1, y1, x2, y2 } = element;
    return {
      kind: 'line',
      x1: x1.baseVal.value,
      y1: y1.baseVal.value,
      x2: x2.baseVal.value,
      y2: y2.baseVal.value,
      ...placed,
    };
  }
  if (element instanceof SVGCircleElement) {
    const { cx, cy, r } = element;
    return { kind: 'circle', x: cx.baseVal.value, y: cy.baseVal.value, r: r.baseVal.value, ...placed };
  }
  if (element instanceof SVGTextElement) return wordsOf(element, style, placed);
  const d = pathOf(element);
  return d === undefined ? undefined : { kind: 'path', d, ...placed };
}

function pathOf(element: SVGGraphicsElement): string | undefined {
  if (element instanceof SVGPathElement) return element.getAttribute('d') ?? undefined;
  const points = element.getAttribute('points');
  if (points === null) return undefined;
  return `M${points}${element instanceof SVGPolygonElement ? 'z' : ''}`;
}

function wordsOf(
  element: SVGTextElement,
  style: CSSStyleDeclaration,
  placed: Pick<Extract<Mark, { kind: 'text' }>, 'paint' | 'matrix'>,
): Mark | undefined {
  const isPreserved = style.whiteSpace.startsWith('pre') || element.getAttribute('xml:space') === 'preserve';
  const words = isPreserved ? element.textContent : element.textContent.replace(/\s+/g, ' ').trim();
  if (words === '') return undefined;
  const given = element.getAttribute('textLength');
  const anchor = style.textAnchor;
  return {
    kind: 'text',
    x: firstOf(element.x),
    y: firstOf(element.y),
    words,
    anchor: anchor === 'middle' || anchor === 'end' ? anchor : 'start',
    font: fontOf(style),
    lengthPx: given === null ? element.getComputedTextLength() : Number(given),
    ...placed,
  };
}

function firstOf({ baseVal }: SVGAnimatedLengthList): number {
  return baseVal.numberOfItems === 0 ? 0 : baseVal.getItem(0).value;
}

function placeOf(element: SVGGraphicsElement, origin: Origin): { readonly matrix?: Matrix } {
  const onScreen = element.getScreenCTM();
  if (onScreen === null) return {};
  const { a, b, c, d, e, f } = onScreen;
  return { matrix: [a, b, c, d, e - origin.x, f - origin.y] };
}
