// Turns a failed system call on a file into a problem whose message names the path and says what to do.

import { failed } from '../../shared/result.ts';
import type { Problem, ProblemCode } from '../../shared/result.ts';
import { systemErrorOf } from '../system/system-error.ts';

/** A failed result whose problem names `path`. */
export function pathProblem(
  code: ProblemCode,
  path: string,
  message: string,
): { readonly ok: false; readonly problem: Problem } {
  return failed(code, message, { path });
}

/** Why a file could not be opened or read. */
export function readProblem(error: unknown, path: string): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...detail, path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'file-missing',
        message: `There is no file ${path}. Check the name and the folder.`,
        detail: known,
      };
    case 'EISDIR':
      return folderProblem(path);
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'not-readable',
        message: `${path} may not be read by this user. Change its permissions or choose another file.`,
        detail: known,
      };
    // A socket, or a device with no driver: nothing that can be opened for reading.
    case 'ENXIO':
    case 'ENODEV':
    case 'EOPNOTSUPP':
      return notRegularProblem(path, 'a socket or a device');
    default:
      return {
        code: 'not-readable',
        message: `${path} could not be read (${message}). Check the disk or choose another file.`,
        detail: known,
      };
  }
}

/** A folder where a file is expected. */
export function folderProblem(path: string): Problem {
  return { code: 'is-a-folder', message: `${path} is a folder. Choose a file in it.`, detail: { path } };
}

/** A FIFO, a device or a socket, named by `what`: its content has no end. */
export function notRegularProblem(path: string, what: string): Problem {
  return {
    code: 'not-a-regular-file',
    message: `${path} is ${what} and no regular file. Choose a regular file.`,
    detail: { path },
  };
}

interface KindOfFile {
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}

/** The name of a kind of file that is not a regular file. */
export function kindName(kind: KindOfFile): string {
  if (kind.isDirectory()) return 'a folder';
  if (kind.isFIFO()) return 'a named pipe (FIFO)';
  if (kind.isSocket()) return 'a socket';
  if (kind.isCharacterDevice() || kind.isBlockDevice()) return 'a device';
  return 'something special';
}

/** Why `path` could not be written; `folder` is the one it is in. */
export function writeProblem(error: unknown, path: string, folder: string): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...detail, path };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'disk-full',
        message: `There is no space left for ${path}. Free some space or choose a folder on another disk.`,
        detail: known,
      };
    case 'EROFS':
      return {
        code: 'not-writable',
        message: `${path} cannot be written: its file system is read-only. Choose another folder.`,
        detail: known,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'not-writable',
        message: `${path} cannot be written: this user may not write in the folder ${folder}. Choose another folder or change its permissions.`,
        detail: known,
      };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'save-failed',
        message: `${path} cannot be written: there is no folder ${folder}. Make the folder or choose another one.`,
        detail: known,
      };
    default:
      return {
        code: 'save-failed',
        message: `${path} could not be written (${message}). Choose another folder.`,
        detail: known,
      };
  }
}

/** The environment variable that sets the folder for temporary files. */
const TEMPORARY_VARIABLE = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';

/**
 * Why `path` (or anything) could not be written in `folder`, which is the folder for temporary files or a run's folder
 * in it. No dialog sets it, so the message says how to start with another one.
 */
export function temporaryProblem(error: unknown, folder: string, path: string = folder): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...detail, path };
  const elsewhere = `start again with ${TEMPORARY_VARIABLE} naming another folder`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'disk-full',
        message: `There is no space left for temporary files in ${folder}. Free some space on its disk, or ${elsewhere}.`,
        detail: known,
      };
    case 'EROFS':
      return {
        code: 'not-writable',
        message: `Temporary files cannot be written in ${folder}: its file system is read-only. Make it writable, or ${elsewhere}.`,
        detail: known,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'not-writable',
        message: `Temporary files cannot be written in ${folder}: this user may not write there. Change its permissions, or ${elsewhere}.`,
        detail: known,
      };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'save-failed',
        message: `Temporary files cannot be written in ${folder}: there is no such folder. Make it, or ${elsewhere}.`,
        detail: known,
      };
    default:
      return {
        code: 'save-failed',
        message: `Temporary files cannot be written in ${folder} (${message}). Check its disk, or ${elsewhere}.`,
        detail: known,
      };
  }
}
