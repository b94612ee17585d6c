// @ts-check
// Extracts files from archives: one named file from a .tgz, and the wanted part of a .zip. The names in an archive are
// untrusted: no file may be written outside of the target folder.

import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openPromise } from 'yauzl';

const TAR_BLOCK_BYTES = 512;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** An archive is damaged, or would write outside of the target folder. */
export class ArchiveError extends Error {}

/**
 * @param {Buffer} header one block
 * @param {number} from
 * @param {number} to
 */
function tarText(header, from, to) {
  const field = header.subarray(from, to);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? field.length : end);
}

/**
 * @param {Buffer} header one block
 * @returns {{ readonly name: string, readonly bytes: number, readonly regular: boolean } | undefined} undefined for the block of zeros that ends an archive
 */
function readTarHeader(header) {
  if (header.every((byte) => byte === 0)) return undefined;
  let sum = 0;
  // The checksum counts its own eight bytes as spaces (POSIX ustar).
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  if (sum !== Number.parseInt(tarText(header, 148, 156), 8)) {
    throw new ArchiveError('The archive is damaged: a header does not have the checksum it claims.');
  }
  const bytes = Number.parseInt(tarText(header, 124, 136), 8);
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new ArchiveError('The archive is damaged: a header has no size.');
  }
  const prefix = tarText(header, 257, 262) === 'ustar' ? tarText(header, 345, 500) : '';
  const name = tarText(header, 0, 100);
  const type = header[156];
  return { name: prefix === '' ? name : `${prefix}/${name}`, bytes, regular: type === 0x30 || type === 0 };
}

/**
 * Reads one regular file of a tar archive, piece by piece.
 * @param {AsyncIterable<Buffer>} archive
 * @param {string} wanted the file's full name in the archive
 * @returns {AsyncGenerator<Buffer, void, undefined>}
 * @throws {ArchiveError} where the file is missing or the archive is cut off or damaged
 */
export async function* readFromTar(archive, wanted) {
  /** @type {Buffer} */
  let held = Buffer.alloc(0);
  let skip = 0;
  let left = 0;
  for await (const chunk of archive) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      if (skip > 0) {
        const skipped = Math.min(skip, held.length);
        skip -= skipped;
        held = held.subarray(skipped);
      }
      if (left > 0 && held.length > 0) {
        const piece = held.subarray(0, left);
        left -= piece.length;
        held = held.subarray(piece.length);
        yield piece;
        if (left === 0) return;
      }
      if (skip > 0 || left > 0 || held.length < TAR_BLOCK_BYTES) break;
      const header = readTarHeader(held.subarray(0, TAR_BLOCK_BYTES));
      held = held.subarray(TAR_BLOCK_BYTES);
      if (header === undefined) throw new ArchiveError(`The archive holds no file ${wanted}.`);
      if (header.name === wanted && header.regular) {
        left = header.bytes;
        if (left === 0) return;
      } else {
        skip = Math.ceil(header.bytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
      }
    }
  }
  throw new ArchiveError(
    left > 0 ? `The archive ends in the middle of ${wanted}.` : `The archive holds no file ${wanted}.`,
  );
}

/**
 * Extracts one file of a gzipped tar archive to a path, which must not exist.
 * @param {string} archive path of the .tgz
 * @param {string} wanted the file's full name in the archive
 * @param {string} target
 * @returns {Promise<void>}
 * @throws {ArchiveError} where the file is not there or the archive is cut off or damaged
 */
export async function extractFromTgz(archive, wanted, target) {
  await pipeline(
    createReadStream(archive),
    createGunzip(),
    (/** @type {AsyncIterable<Buffer>} */ tar) => readFromTar(tar, wanted),
    createWriteStream(target, { flags: 'wx' }),
  );
}

/**
 * The target path of an archive's file, which is always inside of the folder.
 * @param {string} folder absolute
 * @param {string} name relative, with forward slashes
 * @returns {string} absolute path
 * @throws {ArchiveError} where the name is absolute, has a backslash, or leaves the folder
 */
export function pathInside(folder, name) {
  const target = path.resolve(folder, name);
  const relative = path.relative(folder, target);
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  if (
    name.includes('\\') ||
    name.includes('\0') ||
    path.posix.isAbsolute(name) ||
    leaves ||
    relative === ''
  ) {
    throw new ArchiveError(`The archive wants to write outside its folder: ${JSON.stringify(name)}.`);
  }
  return target;
}

/**
 * Unpacks the wanted part of a zip archive with its modes and symbolic links.
 * @param {string} archive path of the .zip
 * @param {string} folder absolute; created where it does not exist
 * @param {(name: string) => string | undefined} place returns a file's name below `folder`, or undefined to skip it
 * @returns {Promise<void>}
 * @throws {ArchiveError} where a name or a link points out of the folder; an Error of yauzl where the zip is damaged
 */
export async function unpackZip(archive, folder, place) {
  const zip = await openPromise(archive);
  /** @type {{ readonly target: string, readonly content: string }[]} */
  const links = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const name = place(entry.fileName);
      if (name === undefined) continue;
      const target = pathInside(folder, name);
      if (entry.fileName.endsWith('/')) {
        await mkdir(target, { recursive: true });
        continue;
      }
      const unixMode = entry.externalFileAttributes >>> 16;
      const content = await zip.openReadStreamPromise(entry);
      if ((unixMode & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
        links.push({ target, content: await textOf(content) });
        continue;
      }
      await mkdir(path.dirname(target), { recursive: true });
      const executable = (unixMode & 0o111) !== 0;
      const file = await open(target, 'wx', executable ? 0o755 : 0o644);
      await pipeline(content, file.createWriteStream());
    }
  } finally {
    zip.close();
  }
  // Links come last, so that no file is written through one.
  for (const { target, content } of links) {
    pathInside(folder, path.relative(folder, path.resolve(path.dirname(target), content)));
    if (path.isAbsolute(content)) {
      throw new ArchiveError(`The archive has a link to ${JSON.stringify(content)}, outside its folder.`);
    }
    await mkdir(path.dirname(target), { recursive: true });
    await symlink(content, target);
  }
}

/** @param {import('node:stream').Readable} stream */
async function textOf(stream) {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
