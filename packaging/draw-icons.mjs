// @ts-check
// Draws icons/*.svg as the files that packages need: PNGs by size, an .ico for Windows, an .icns for macOS. Run it after a
// change to an SVG and commit its files: `npx electron packaging/draw-icons.mjs` (with a display).

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow } from 'electron';

const ICONS = path.join(import.meta.dirname, 'icons');
const PNG_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** The types of the PNGs in an .icns, by size; those from ic11 on are for displays with two pixels a point. */
const ICNS_TYPES = [
  { type: 'ic07', size: 128 },
  { type: 'ic08', size: 256 },
  { type: 'ic09', size: 512 },
  { type: 'ic10', size: 1024 },
  { type: 'ic11', size: 32 },
  { type: 'ic12', size: 64 },
  { type: 'ic13', size: 256 },
  { type: 'ic14', size: 512 },
];

/**
 * @param {BrowserWindow} window
 * @param {string} svg
 * @param {number} size in pixels, of either side
 * @returns {Promise<Buffer>} a PNG with its transparency
 */
async function drawPng(window, svg, size) {
  const source = JSON.stringify(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
  /** @type {unknown} */
  const drawn = await window.webContents.executeJavaScript(`(async () => {
    const picture = new Image(${size}, ${size});
    picture.src = ${source};
    await picture.decode();
    const canvas = new OffscreenCanvas(${size}, ${size});
    canvas.getContext('2d').drawImage(picture, 0, 0, ${size}, ${size});
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
    return Array.from(bytes);
  })()`);
  if (!Array.isArray(drawn)) throw new Error(`Nothing was drawn at ${size} pixels.`);
  return Buffer.from(drawn.map(Number));
}

/**
 * @param {ReadonlyMap<number, Buffer>} pngs by size
 * @param {number} size
 */
function pngOf(pngs, size) {
  const png = pngs.get(size);
  if (png === undefined) throw new Error(`There is no picture of ${size} pixels.`);
  return png;
}

/**
 * A Windows icon: a directory, then PNGs, which Windows reads since Vista.
 * @param {ReadonlyMap<number, Buffer>} pngs by size
 */
function toIco(pngs) {
  const header = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = header.length;
  for (const [index, size] of ICO_SIZES.entries()) {
    const entry = 6 + 16 * index;
    const { length } = pngOf(pngs, size);
    // A byte each; 256 is written as 0.
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += length;
  }
  return Buffer.concat([header, ...ICO_SIZES.map((size) => pngOf(pngs, size))]);
}

/**
 * A macOS icon: chunks of a type, a length that includes the eight bytes of both, and a PNG.
 * @param {ReadonlyMap<number, Buffer>} pngs by size
 */
function toIcns(pngs) {
  const chunks = ICNS_TYPES.map(({ type, size }) => {
    const png = pngOf(pngs, size);
    const header = Buffer.alloc(8);
    header.write(type, 'latin1');
    header.writeUInt32BE(png.length + 8, 4);
    return Buffer.concat([header, png]);
  });
  const header = Buffer.alloc(8);
  header.write('icns', 'latin1');
  header.writeUInt32BE(8 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 4);
  return Buffer.concat([header, ...chunks]);
}

/**
 * @param {BrowserWindow} window
 * @param {string} name of the SVG, without its ending
 */
async function drawIcon(window, name) {
  const svg = await readFile(path.join(ICONS, `${name}.svg`), 'utf8');
  /** @type {Map<number, Buffer>} */
  const pngs = new Map();
  for (const size of [...PNG_SIZES, 1024]) pngs.set(size, await drawPng(window, svg, size));
  const folder = path.join(ICONS, name);
  await mkdir(folder, { recursive: true });
  for (const size of PNG_SIZES) {
    await writeFile(path.join(folder, `${size}x${size}.png`), pngOf(pngs, size));
  }
  await writeFile(path.join(ICONS, `${name}.ico`), toIco(pngs));
  await writeFile(path.join(ICONS, `${name}.icns`), toIcns(pngs));
}

async function drawAll() {
  const window = new BrowserWindow({ show: false });
  await window.loadURL('about:blank');
  for (const name of ['app', 'run']) await drawIcon(window, name);
  app.quit();
}

// Not awaited: Electron is ready only after this module has run.
void app.whenReady().then(drawAll);
