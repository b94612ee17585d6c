// Computed styles as a drawing has them.

import type { Font, Paint } from '../../scene/export/drawing.ts';

/** Where the drawing begins in the window. */
export interface Origin {
  readonly x: number;
  readonly y: number;
}

/** Whether a computed colour paints anything; `auto` and `none` are no colours. */
export function isPainted(colour: string): boolean {
  return colour !== 'none' && colour !== 'auto' && colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent';
}

export function opacityOf({ opacity }: CSSStyleDeclaration): number {
  return Number(opacity);
}

/** `rgb()` with the opacity that a shape's fill or stroke has besides. */
function withOpacity(colour: string, opacity: string): string {
  const found = /^rgb\((\d+, \d+, \d+)\)$/.exec(colour)?.[1];
  return opacity === '1' || found === undefined ? colour : `rgba(${found}, ${opacity})`;
}

export function fontOf({ fontFamily, fontSize, fontWeight, fontStyle }: CSSStyleDeclaration): Font {
  return {
    family: /mono/i.test(fontFamily) ? 'mono' : 'sans',
    px: parseFloat(fontSize),
    weight: Number(fontWeight),
    italic: fontStyle === 'italic',
  };
}

/** The style of a shape or a text in an SVG. */
export function paintOf(style: CSSStyleDeclaration, opacity: number): Paint {
  const { fill, stroke, strokeWidth, strokeDasharray, strokeLinecap, strokeLinejoin, paintOrder } = style;
  return {
    ...(isPainted(fill) && style.fillOpacity !== '0' ? { fill: withOpacity(fill, style.fillOpacity) } : {}),
    ...(isPainted(stroke) && style.strokeOpacity !== '0'
      ? {
          stroke: withOpacity(stroke, style.strokeOpacity),
          strokePx: parseFloat(strokeWidth),
          ...(strokeDasharray === 'none'
            ? {}
            : { dash: strokeDasharray.split(',').map((length) => parseFloat(length)) }),
          ...(strokeLinecap === 'round' || strokeLinecap === 'square' ? { cap: strokeLinecap } : {}),
          ...(strokeLinejoin === 'round' || strokeLinejoin === 'bevel' ? { join: strokeLinejoin } : {}),
        }
      : {}),
    ...(opacity === 1 ? {} : { opacity }),
    ...(paintOrder.startsWith('stroke') ? { outlined: true } : {}),
  };
}
