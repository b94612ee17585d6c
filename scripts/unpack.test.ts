// The archives here are made by hand, byte by byte: no tool would write the ones that must be refused.

import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveError, pathInside, readFromTar, extractFromTgz, unpackZip } from './unpack.mjs';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'unpack-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function tarEntry(name: string, content: Buffer, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\0', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding]);
}

const TAR_END = Buffer.alloc(1024);

async function* inPieces(archive: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const size of sizes) {
    yield await Promise.resolve(archive.subarray(from, from + size));
    from += size;
  }
  yield archive.subarray(from);
}

async function readAll(archive: Buffer, wanted: string, sizes: readonly number[] = []): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readFromTar(inPieces(archive, sizes), wanted)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe('one file from a tar archive', () => {
  it('is the same however the archive is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 1500 }),
        fc.uint8Array({ minLength: 1, maxLength: 1500 }),
        fc.array(fc.integer({ min: 1, max: 700 })),
        async (before, wanted, sizes) => {
          const archive = Buffer.concat([
            tarEntry('package/before', Buffer.from(before)),
            tarEntry('package/wanted', Buffer.from(wanted)),
            tarEntry('package/after', Buffer.from('after')),
            TAR_END,
          ]);
          expect(await readAll(archive, 'package/wanted', sizes)).toEqual(Buffer.from(wanted));
        },
      ),
    );
  });

  it('comes out of an archive that the system’s tar made', async () => {
    await mkdir(path.join(folder, 'package'));
    const content = Buffer.alloc(300_000, 'socket');
    await writeFile(path.join(folder, 'package', 'wanted'), content);
    const archive = path.join(folder, 'made.tgz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'package']);
    await extractFromTgz(archive, 'package/wanted', path.join(folder, 'out'));
    expect(await readFile(path.join(folder, 'out'))).toEqual(content);
  });

  it('is refused where the archive ends in the middle of it', async () => {
    const archive = tarEntry('package/wanted', Buffer.alloc(5000, 1)).subarray(0, 2000);
    await expect(readAll(archive, 'package/wanted')).rejects.toThrow('ends in the middle of package/wanted');
  });

  it('is refused where a header was damaged', async () => {
    const archive = tarEntry('package/wanted', Buffer.from('text'));
    archive[3] = 0x7a;
    await expect(readAll(archive, 'package/wanted')).rejects.toThrow(ArchiveError);
  });

  it('is not found where only a link or a folder has its name', async () => {
    const archive = Buffer.concat([
      tarEntry('package/wanted', Buffer.alloc(0), '2'),
      tarEntry('package/wanted', Buffer.alloc(0), '5'),
      TAR_END,
    ]);
    await expect(readAll(archive, 'package/wanted')).rejects.toThrow('holds no file package/wanted');
  });

  it('is never written over a file that is there', async () => {
    const target = path.join(folder, 'mine');
    await writeFile(target, 'mine');
    await mkdir(path.join(folder, 'package'));
    await writeFile(path.join(folder, 'package', 'wanted'), 'theirs');
    const archive = path.join(folder, 'made.tgz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'package']);
    await expect(extractFromTgz(archive, 'package/wanted', target)).rejects.toThrow('EEXIST');
    expect(await readFile(target, 'utf8')).toBe('mine');
  });
});

interface ZipEntry {
  readonly name: string;
  readonly content: string;
  /** Type and permissions, as stat(2) has them. */
  readonly mode: number;
}

function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, content]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE((entry.mode << 16) >>> 0, 6);
    attributes.writeUInt32LE(offset, 10);
    // Made by version 3.0 on Unix.
    const madeBy = Buffer.from([30, 3]);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, attributes, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const FILE = 0o100644;
const PROGRAM = 0o100755;
const LINK = 0o120777;

async function unpack(
  entries: readonly ZipEntry[],
  place = (name: string): string | undefined => name,
): Promise<string> {
  const archive = path.join(folder, 'made.zip');
  await writeFile(archive, zipOf(entries));
  const target = path.join(folder, 'target');
  await unpackZip(archive, target, place);
  return target;
}

describe('a zip archive', () => {
  it('is unpacked with its folders, its modes and its links', async () => {
    const target = await unpack([
      { name: 'bin/', content: '', mode: 0o040755 },
      { name: 'bin/run', content: 'program', mode: PROGRAM },
      { name: 'lib/deep/data', content: 'data', mode: FILE },
      { name: 'lib/link', content: '../bin/run', mode: LINK },
    ]);
    expect(await readFile(path.join(target, 'lib', 'deep', 'data'), 'utf8')).toBe('data');
    expect(await readlink(path.join(target, 'lib', 'link'))).toBe('../bin/run');
    expect((await lstat(path.join(target, 'bin', 'run'))).mode & 0o111).toBe(0o111);
    expect((await lstat(path.join(target, 'lib', 'deep', 'data'))).mode & 0o111).toBe(0);
  });

  it('writes a file to its given place and skips one without a place', async () => {
    const target = await unpack(
      [
        { name: 'Other/Other', content: 'binary', mode: PROGRAM },
        { name: 'Other/secret', content: 'secret', mode: FILE },
      ],
      (name) => (name === 'Other/Other' ? 'electron' : undefined),
    );
    expect(await readdir(target)).toEqual(['electron']);
  });

  it('is refused where a file would land outside of the folder', async () => {
    await expect(unpack([{ name: '../outside', content: 'x', mode: FILE }])).rejects.toThrow();
    await expect(unpack([{ name: 'a', content: 'x', mode: FILE }], () => '../outside')).rejects.toThrow(
      ArchiveError,
    );
    expect(await readdir(folder)).not.toContain('outside');
  });

  it('is refused where a link points out of the folder', async () => {
    for (const content of ['../../outside', '/etc/passwd', '..']) {
      await rm(path.join(folder, 'target'), { recursive: true, force: true });
      await expect(unpack([{ name: 'link', content, mode: LINK }])).rejects.toThrow(ArchiveError);
    }
  });

  it('writes no file through a link of the archive', async () => {
    const entries = [
      { name: 'there', content: '.hidden', mode: LINK },
      { name: 'there', content: 'through the link', mode: FILE },
    ];
    await expect(unpack(entries)).rejects.toThrow('EEXIST');
  });
});

describe('a place inside a folder', () => {
  it('is given for names that stay in it', () => {
    expect(pathInside('/base', 'a/b')).toBe(path.resolve('/base/a/b'));
    expect(pathInside('/base', 'a/../b')).toBe(path.resolve('/base/b'));
    expect(pathInside('/base', '..a')).toBe(path.resolve('/base/..a'));
  });

  it.each(['..', '../a', 'a/../../b', '/etc/passwd', 'a\\b', 'a\0b', '.', ''])(
    'is refused for %j',
    (name) => {
      expect(() => pathInside('/base', name)).toThrow(ArchiveError);
    },
  );
});
