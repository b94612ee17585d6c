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
  const head = wire?.querySelector('.wire-head');
  if (!hasPicture() || start?.kind !== 'run-started' || !wire || !head) return undefined;
  const area = wire.getBoundingClientRect();
  const top = head.getBoundingClientRect().bottom;
  const marks: Mark[] = [];
  for (const part of document.querySelectorAll(PARTS)) {
    marks.push(...readPicture(part, { x: area.left, y: top }));
  }
  const hasLadder = wire.querySelector('.ends') !== null;
  const caption = captionOf(start, hasLadder ? 'ladder' : legendOf(start.experiment));
  const bottom = wire.querySelector('.wire-canvas')?.getBoundingClientRect().bottom ?? area.bottom;
  const pictureHeight = bottom - top;
  const lines = wrapped(caption, Math.floor((area.width - 2 * MARGIN_PX) / CHARACTER_PX));
  const styles = getComputedStyle(document.body);
  const words = getComputedStyle(head.querySelector('h2') ?? head).color;
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

export async function savePictureAsSvg(): Promise<void> {
  const drawing = drawingNow();
  if (drawing === undefined) return;
  reportProblem(await bridge.call('picture:save-svg', { text: svgOf(drawing), fact: factNow() }));
}

export async function savePictureAsPng(): Promise<void> {
  const fact = factNow();
  const drawing = drawingNow();
  if (drawing === undefined) return;
  reportProblem(await bridge.call('picture:save-png', { png: await pngOf(drawing), fact }));
}

export async function copyPicture(): Promise<void> {
  const drawing = drawingNow();
  if (drawing === undefined) return;
  reportProblem(await bridge.call('picture:copy', { png: await pngOf(drawing) }));
}

export async function saveReplay(): Promise<void> {
  reportProblem(await bridge.call('replay:save', { fact: factNow() }));
}
