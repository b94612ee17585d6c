// Reads what a part of the window shows as marks of a drawing: the shapes and texts of its SVGs with their computed styles,
// and the boxes and words of its HTML. What is for the hand alone (buttons) is left out.

import type { Mark } from '../../scene/export/drawing.ts';
import { isPainted, opacityOf, type Origin } from './read-style.ts';
import { shapeOf } from './read-shape.ts';
import { boxMarks, wordMarks } from './read-words.ts';

/** The controls over a picture say nothing about the run. */
const CONTROLS = '.button, .scale-buttons, .visually-hidden, .fact-list';

/** The marks of the element and all that is in it, relative to `origin`. */
export function readPicture(element: Element, origin: Origin): readonly Mark[] {
  return marksOf(element, origin, 1);
}

function marksOf(element: Element, origin: Origin, above: number): readonly Mark[] {
  if (element.matches(CONTROLS)) return [];
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return [];
  const opacity = above * opacityOf(style);
  if (opacity === 0) return [];
  if (element instanceof SVGGraphicsElement && !(element instanceof SVGSVGElement)) {
    if (!(element instanceof SVGGElement) && !(element instanceof SVGForeignObjectElement)) {
      const shape = shapeOf(element, style, origin, opacity);
      return shape === undefined ? [] : titled(element, [shape]);
    }
    return titled(element, childMarks(element, origin, opacity));
  }
  // The outermost svg is a box of HTML as well.
  const isBox = style.display !== 'contents' && element.parentElement instanceof HTMLElement;
  const marks = [
    ...(isBox ? boxMarks(element, style, origin, opacity) : []),
    ...childMarks(element, origin, opacity),
  ];
  if (marks.length === 0 || style.overflowX === 'visible' || style.display === 'contents') return marks;
  const { left, top, width, height } = element.getBoundingClientRect();
  return [{ kind: 'clipped', box: { x: left - origin.x, y: top - origin.y, width, height }, marks }];
}

function titled(element: Element, marks: readonly Mark[]): readonly Mark[] {
  const title = element.querySelector(':scope > title')?.textContent;
  if (title === undefined || title === '' || marks.length === 0) return marks;
  return [{ kind: 'titled', title, marks }];
}

/** In the order in which they are painted. */
function childMarks(element: Element, origin: Origin, opacity: number): readonly Mark[] {
  const parts: { readonly layer: number; readonly marks: readonly Mark[] }[] = [];
  for (const child of element.childNodes) {
    if (child instanceof Element) {
      parts.push({ layer: layerOf(child), marks: marksOf(child, origin, opacity) });
    } else if (child instanceof Text && element instanceof HTMLElement) {
      parts.push({ layer: 0, marks: wordMarks(child, element, origin, opacity) });
    }
  }
  return parts.sort((a, b) => a.layer - b.layer).flatMap(({ marks }) => marks);
}

function layerOf(element: Element): number {
  const { position, zIndex } = getComputedStyle(element);
  return position === 'static' || !isPainted(zIndex) ? 0 : Number(zIndex);
}
