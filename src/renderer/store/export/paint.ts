// Paints a drawing on a canvas with the app's own fonts, and gives it as a PNG.

import type { Box, Drawing, Font, Mark, Paint } from '../../scene/export/drawing.ts';
import { failed, succeeded, type Result } from '../../../shared/result.ts';

/** Pixels of the PNG for one of the window, where it does not get too large. */
const SCALE = 2;
/** Chromium draws no larger canvas. */
const MAX_SIDE = 16_384;

const FAMILIES: Readonly<Record<Font['family'], string>> = {
  sans: '"Inter Variable", sans-serif',
  mono: '"JetBrains Mono Variable", ui-monospace, monospace',
};

/** The drawing as a PNG of twice its size. Fails where the system has no memory for it. */
export async function pngOf(drawing: Drawing): Promise<Result<Uint8Array>> {
  const { width, height, background, marks } = drawing;
  const scale = Math.min(SCALE, MAX_SIDE / width, MAX_SIDE / height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return tooLarge(canvas);
  context.scale(scale, scale);
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const mark of marks) paint(context, mark);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  return blob === null ? tooLarge(canvas) : succeeded(new Uint8Array(await blob.arrayBuffer()));
}

function tooLarge({ width, height }: HTMLCanvasElement): Result<never> {
  return failed(
    'unexpected',
    `There is no memory to paint a picture of ${width} × ${height} pixels: make the window smaller, or save it as SVG.`,
  );
}

function paint(context: CanvasRenderingContext2D, mark: Mark): void {
  context.save();
  switch (mark.kind) {
    case 'clipped':
      context.clip(boxPath(mark.box, 0));
      for (const inner of mark.marks) paint(context, inner);
      break;
    case 'titled':
      for (const inner of mark.marks) paint(context, inner);
      break;
    case 'text':
      place(context, mark);
      paintWords(context, mark);
      break;
    default:
      place(context, mark);
      paintShape(context, mark.paint, pathOf(mark));
  }
  context.restore();
}

function place(context: CanvasRenderingContext2D, mark: Exclude<Mark, { readonly marks: unknown }>): void {
  if (mark.matrix !== undefined) context.transform(...mark.matrix);
  const { opacity, stroke, strokePx, dash, cap, join, fill } = mark.paint;
  context.globalAlpha = opacity ?? 1;
  if (fill !== undefined) context.fillStyle = fill;
  if (stroke !== undefined) context.strokeStyle = stroke;
  context.lineWidth = strokePx ?? 1;
  context.lineCap = cap ?? 'butt';
  context.lineJoin = join ?? 'miter';
  context.setLineDash([...(dash ?? [])]);
}

function paintShape(
  context: CanvasRenderingContext2D,
  { fill, stroke, strokePx }: Paint,
  path: Path2D,
): void {
  if (fill !== undefined) context.fill(path);
  if (stroke !== undefined && strokePx !== 0) context.stroke(path);
}

function paintWords(
  context: CanvasRenderingContext2D,
  { x, y, words, anchor, font, lengthPx, paint: how }: Extract<Mark, { kind: 'text' }>,
): void {
  context.font = `${font.italic ? 'italic' : 'normal'} ${font.weight} ${font.px}px ${FAMILIES[font.family]}`;
  context.textAlign = anchor === 'middle' ? 'center' : anchor;
  // Rounded up: words that have just their own room must not be squeezed.
  const room = lengthPx === undefined ? undefined : Math.ceil(lengthPx + 1);
  const outline = (): void => {
    if (how.stroke !== undefined && how.strokePx !== 0) context.strokeText(words, x, y, room);
  };
  if (how.outlined === true) outline();
  if (how.fill !== undefined) context.fillText(words, x, y, room);
  if (how.outlined !== true) outline();
}

function pathOf(mark: Extract<Mark, { kind: 'rect' | 'line' | 'circle' | 'path' }>): Path2D {
  switch (mark.kind) {
    case 'rect':
      return boxPath(mark, mark.radius);
    case 'path':
      return new Path2D(mark.d);
    case 'line': {
      const path = new Path2D();
      path.moveTo(mark.x1, mark.y1);
      path.lineTo(mark.x2, mark.y2);
      return path;
    }
    case 'circle': {
      const path = new Path2D();
      path.arc(mark.x, mark.y, mark.r, 0, 2 * Math.PI);
      return path;
    }
  }
}

function boxPath({ x, y, width, height }: Box, radius: number): Path2D {
  const path = new Path2D();
  if (width > 0 && height > 0) path.roundRect(x, y, width, height, radius);
  return path;
}
