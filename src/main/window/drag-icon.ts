// The picture under the pointer while the result is dragged out of the window.

import { nativeImage, type NativeImage } from 'electron';

const WIDTH = 48;
const HEIGHT = 60;
const FOLD = 14;
const BYTES_A_PIXEL = 4;

/** Blue, green, red, opacity: Electron's order on every platform. */
const PAPER = [0xfa, 0xf6, 0xf4, 0xf0];
const EDGE = [0x8a, 0x78, 0x6b, 0xff];
const TEXT = [0xb8, 0xa5, 0x06, 0xff];
const NOTHING = [0, 0, 0, 0];

function pixel(x: number, y: number): readonly number[] {
  const beyondFold = x - (WIDTH - FOLD) - y;
  if (beyondFold > 0) return NOTHING;
  const onEdge = x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1 || beyondFold === 0;
  const onFold = x >= WIDTH - FOLD && y <= FOLD && (x === WIDTH - FOLD || y === FOLD);
  if (onEdge || onFold) return EDGE;
  // Five lines of text, set from the right, as reversed lines are.
  const row = Math.floor((y - 22) / 7);
  const inRow = y >= 22 && row < 5 && (y - 22) % 7 < 2;
  return inRow && x >= 8 + ((row * 5) % 12) && x < WIDTH - 8 ? TEXT : PAPER;
}

/** A sheet of paper with a folded corner. The system refuses to drag with an empty picture. */
export function dragIcon(): NativeImage {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * BYTES_A_PIXEL);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) pixels.set(pixel(x, y), (y * WIDTH + x) * BYTES_A_PIXEL);
  }
  return nativeImage.createFromBitmap(pixels, { width: WIDTH, height: HEIGHT });
}
