// The picture as it stands in the window, with what run it is of below it: saved as SVG or PNG, or copied.

import { captionOf, legendOf, runTitle, wrapped } from '../../scene/export/caption.ts';
import { svgOf, type Drawing, type Mark } from '../../scene/export/drawing.ts';
import { bridge } from '../bridge.ts';
import { usePlayer } from '../cursor.ts';
import { hasShownRun, reportProblem, useRun } from '../run.ts';
import { pngOf } from './paint.ts';
import { readPicture } from './read-picture.ts';

/** What is exported, from top to bottom: the sentence of the cursor, and the picture with its heads. */
const PARTS = '.wire > :is(.now-bar, .race-plot, .picture)';

/** What these are drawn in. */
const BOXES = '.now-bar, .race-plot, .ends, .wire-canvas';

const CAPTION_PX = 12;
const CAPTION_LINE_PX = 18;
const CAPTION_PAD_PX = 14;
const MARGIN_PX = 24;
/** Of the caption's type, about. */
const CHARACTER_PX = 6.3;

/** Whether there is a picture of a run to export. */
export function hasPicture(): boolean {
  const state = useRun.getState();
  return hasShownRun(state) && state.landmarks[0]?.kind === 'run-started';
}

/** The picture as a drawing; undefined where there is none. */
function drawingNow(): Drawing | undefined {
  const [start] = useRun.getState().landmarks;
  const wire = document.querySelector('.wire');
  if (!hasPicture() || start?.kind !== 'run-started' || wire === null) return undefined;
  const area = wire.getBoundingClientRect();
  const boxes = Array.from(wire.querySelectorAll(BOXES), (box) => box.getBoundingClientRect());
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const marks: Mark[] = [];
  for (const part of document.querySelectorAll(PARTS)) {
    marks.push(...readPicture(part, { x: area.left, y: top }));
  }
  const hasLadder = wire.querySelector('.ends') !== null;
  const caption = captionOf(start, hasLadder ? 'ladder' : legendOf(start.experiment));
  const pictureHeight = bottom - top;
  const lines = wrapped(caption, Math.floor((area.width - 2 * MARGIN_PX) / CHARACTER_PX));
  const styles = getComputedStyle(document.body);
  const words = styles.getPropertyValue('--dim').trim();
  return {
    width: area.width,
    height: pictureHeight + 2 * CAPTION_PAD_PX + lines.length * CAPTION_LINE_PX,
    title: runTitle(start),
    description: caption,
    background: styles.backgroundColor,
    marks: [
      { kind: 'clipped', box: { x: 0, y: 0, width: area.width, height: pictureHeight }, marks },
      ...lines.map((line, index): Mark => ({
        kind: 'text',
        x: MARGIN_PX,
        y: pictureHeight + CAPTION_PAD_PX + (index + 0.7) * CAPTION_LINE_PX,
        words: line,
        anchor: 'start',
        font: { family: 'sans', px: CAPTION_PX, weight: 400, italic: false },
        paint: { fill: words },
      })),
    ],
  };
}

function factNow(): number {
  return Math.floor(usePlayer.getState().cursor);
}

async function savePictureAsSvg(): Promise<void> {
  const drawing = drawingNow();
  if (drawing === undefined) return;
  reportProblem(await bridge.call('picture:save-svg', { text: svgOf(drawing), fact: factNow() }));
}

async function savePictureAsPng(): Promise<void> {
  const fact = factNow();
  const drawing = drawingNow();
  if (drawing === undefined) return;
  const png = await pngOf(drawing);
  reportProblem(png.ok ? await bridge.call('picture:save-png', { png: png.value, fact }) : png);
}

async function copyPicture(): Promise<void> {
  const drawing = drawingNow();
  if (drawing === undefined) return;
  const png = await pngOf(drawing);
  reportProblem(png.ok ? await bridge.call('picture:copy', { png: png.value }) : png);
}

async function saveReplay(): Promise<void> {
  reportProblem(await bridge.call('replay:save', { fact: factNow() }));
}

export interface Export {
  readonly id: string;
  readonly words: string;
  /** What it is good for. */
  readonly about: string;
  readonly run: () => Promise<void>;
}

/** All ways in which the picture leaves the window. */
export const EXPORTS: readonly Export[] = [
  { id: 'svg', words: 'Save as SVG', about: 'sharp at any size, for a paper', run: savePictureAsSvg },
  { id: 'png', words: 'Save as PNG', about: 'for slides and chats', run: savePictureAsPng },
  { id: 'copy', words: 'Copy picture', about: 'to the clipboard', run: copyPicture },
  { id: 'replay', words: 'Save as HTML replay', about: 'plays in any browser', run: saveReplay },
];
