// Where each letter of a line is while the line is transformed. In a reversal letter i travels to place n-1-i on an arc, the
// left one of a pair above and the right one below. The outermost pair starts first and the others follow inwards, as the
// textbook's two indexes do, so that the eye can follow one letter to its mirrored place. In a change of case each letter
// changes where it stands, with a small hop, from left to right.

import type { CaseTransform } from '../../shared/letter-case.ts';
import { inOtherCase } from '../../shared/letter-case.ts';
import type { Stage } from './ladder.ts';
import { piecesOf, visibleText } from './octets.ts';

export interface Letter {
  readonly key: number;
  readonly text: string;
  /** Place counted in cells from the left; in between while it travels. */
  readonly place: number;
  /** -1 to 1: how far above (negative) or below the line, in units of the arc's height. */
  readonly lift: number;
  /** A BOM, CR or LF, or the sign for letters left out: it keeps its place. */
  readonly fixed: boolean;
  /** It has left its old place, or has changed its case. */
  readonly changed: boolean;
}

/** The maximum number of cells of a stage. A longer line shows its first and last letters and how many are between. */
export const MAX_CELLS = 25;

/** The share of the whole reversal in which one pair of letters moves. */
const PAIR_SHARE = 0.4;

/** How high a letter hops that changes its case, in units of the arc's height. */
const HOP = 0.45;

/** How far a pair has come, 0 to 1, eased at both ends. `pair` counts from the outermost, 0. */
function movedAt(progress: number, pair: number, pairs: number): number {
  const setsOut = pairs === 1 ? 0 : (pair / (pairs - 1)) * (1 - PAIR_SHARE);
  const share = pairs === 1 ? 1 : PAIR_SHARE;
  const part = Math.min(1, Math.max(0, (progress - setsOut) / share));
  return part * part * (3 - 2 * part);
}

/**
 * The letters of a stage when the reversal is `progress` (0 to 1) done.
 * A line longer than MAX_CELLS shows both its ends: they change places with each other just as in the whole line.
 * Only for lines whose data is whole: the last letters of a copy that was cut are not known.
 */
export function lettersAt(
  stage: Stage,
  progress: number,
): { readonly letters: readonly Letter[]; readonly leftOut: number } {
  const { transform } = stage;
  const { head, pieces, sources, tail } = piecesOf(stage.data, unitOf(stage), stage.line === 1);
  const half = (MAX_CELLS - 1) / 2;
  const long = pieces.length > MAX_CELLS;
  const leftOut = long ? pieces.length - 2 * half : 0;
  const shown = long ? [...pieces.slice(0, half), '…', ...pieces.slice(-half)] : pieces;
  const letters: Letter[] = [];
  // The name of a BOM is as wide as two letters.
  const shift = head === '' ? 0 : 2;
  if (head !== '') letters.push({ key: -1, text: head, place: 0.5, lift: 0, fixed: true, changed: false });
  const last = shown.length - 1;
  for (const [index, text] of shown.entries()) {
    const fixed = long && index === half;
    if (transform !== 'reverse') {
      // Of the shown pieces those behind the sign are the last ones of the line.
      const source = sources[index <= half || !long ? index : pieces.length - shown.length + index] ?? '';
      const moved = movedAt(progress, index, shown.length);
      letters.push({
        key: index,
        place: shift + index,
        fixed,
        ...(fixed ? { text, lift: 0, changed: false } : changing(text, source, transform, moved)),
      });
      continue;
    }
    const to = last - index;
    const moved = movedAt(progress, Math.min(index, to), Math.max(1, Math.floor(shown.length / 2)));
    const direction = Math.sign(index - to);
    letters.push({
      key: index,
      text,
      place: shift + index + (to - index) * moved,
      lift: fixed ? 0 : direction * Math.sin(Math.PI * moved),
      fixed,
      changed: !fixed && moved > 0,
    });
  }
  if (tail !== '')
    letters.push({
      key: shown.length,
      text: tail,
      place: shift + shown.length,
      lift: 0,
      fixed: true,
      changed: false,
    });
  return { letters, leftOut };
}

/** What stays together in the picture: by code point an accent would stand beside its letter, and the case of both is one. */
function unitOf({ transform, by, validUtf8 }: Stage): Stage['by'] {
  if (!validUtf8) return 'byte';
  return transform === 'reverse' ? by : 'grapheme';
}

/** A letter that has come `moved` (0 to 1) of its way to another case. */
function changing(
  text: string,
  source: string,
  transform: CaseTransform,
  moved: number,
): Pick<Letter, 'text' | 'lift' | 'changed'> {
  const other = inOtherCase(source, transform);
  if (other === source) return { text, lift: 0, changed: false };
  const changed = moved >= 0.5;
  return { text: changed ? visibleText(other) : text, lift: -HOP * Math.sin(Math.PI * moved), changed };
}
