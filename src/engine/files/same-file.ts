// Whether two paths name one file, however they are spelled. Every check that a file is not replaced must use it.

import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';

import { systemErrorOf } from '../system/system-error.ts';

/**
 * Compares device and inode: of the file, or, where there is none yet, of its folder, together with the file's name. So
 * links, `..` and mounts do not hide that two paths are one. Two hard links of one file count as the same file too: a
 * save would replace the file under one name only, and the two names would no longer be one file. Never rejects; false
 * where one of them cannot be read.
 *
 * Two files that do not exist yet are the same only where their names are equal: on a file system that ignores case,
 * `OUT` and `out` differ until one of them exists. Check again before the second one is saved.
 */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([placeOf(one), placeOf(other)]);
  if (first === undefined || second === undefined) return false;
  return first.device === second.device && first.inode === second.inode && first.name === second.name;
}

interface Place {
  readonly device: bigint;
  readonly inode: bigint;
  /** Only of a file that does not exist yet: device and inode are its folder's. */
  readonly name?: string;
}

async function placeOf(path: string): Promise<Place | undefined> {
  try {
    return await identityOf(path);
  } catch (error) {
    if (systemErrorOf(error).code !== 'ENOENT') return undefined;
  }
  try {
    const file = await followLinks(path);
    return { ...(await identityOf(dirname(file))), name: basename(file) };
  } catch {
    return undefined;
  }
}

async function identityOf(path: string): Promise<Place> {
  const { dev, ino } = await stat(path, { bigint: true });
  return { device: dev, inode: ino };
}

/**
 * The file that a save to `path` would create or replace. Symbolic links are followed by hand, because the last one may
 * name a file that does not exist yet. Throws the error of the system call, with ELOOP for a ring of links.
 */
export async function followLinks(path: string): Promise<string> {
  let at = resolve(path);
  // As many as Linux follows before it returns ELOOP.
  for (let links = 0; links < 40; links += 1) {
    let link: string;
    try {
      link = await readlink(at);
    } catch (error) {
      const { code } = systemErrorOf(error);
      // EINVAL: not a link. UNKNOWN: returned by Windows for some plain files.
      if (code === 'EINVAL' || code === 'ENOENT' || code === 'UNKNOWN') return at;
      throw error;
    }
    at = await targetOf(at, link);
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
}

/** The target of the link at `at`. A `..` in it is resolved in the real folder of the link. */
async function targetOf(at: string, link: string): Promise<string> {
  const folder = dirname(link);
  if (folder === '.') return join(dirname(at), link);
  try {
    // Concatenated: `join` would resolve `..` before the links in front of it are followed.
    const inFolder = isAbsolute(link) ? folder : `${dirname(at)}${sep}${folder}`;
    return join(await realpath(inFolder), basename(link));
  } catch (error) {
    // No such folder: the save reports it by name.
    if (systemErrorOf(error).code === 'ENOENT') return resolve(dirname(at), link);
    throw error;
  }
}
