// Which names a file may have: those that are valid on Linux, macOS and Windows. The default name of a result.

import { failed, type Problem } from './result.ts';
import { utf8Bytes } from './text.ts';

/** The limit of most file systems, in bytes. */
const MAX_NAME_BYTES = 255;

/** Names that Windows reserves for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Why the name is not valid on all three systems; undefined where it is. */
export function fileNameProblem(name: string): Problem | undefined {
  if (name === '') return failed('bad-option', 'A file needs a name: type at least one character.').problem;
  if (/[\u0000-\u001f\u007f<>:"/\\|?*]/.test(name) || name === '.' || name === '..') {
    return failed(
      'bad-option',
      'That is no name for a file: leave out slashes, control characters and the signs < > : " | ? *.',
    ).problem;
  }
  if (/[. ]$/.test(name)) {
    return failed('bad-option', `${name} ends with a dot or a space, which Windows takes away: leave it out.`)
      .problem;
  }
  if (DEVICE.test(name)) {
    return failed('bad-option', `${name} is a device’s name on Windows: choose another.`).problem;
  }
  const bytes = utf8Bytes(name);
  if (bytes <= MAX_NAME_BYTES) return undefined;
  return failed(
    'bad-option',
    `The name is ${bytes} bytes long, and most file systems take ${MAX_NAME_BYTES}: make it shorter.`,
  ).problem;
}

/** A name from elsewhere as one that leads into no other folder: control characters and separators become dashes. */
export function plainName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f/\\]/g, '-');
}

/** The default name of a result: `in-proj.txt` gives `out-proj.txt`; any other name gets the prefix `out-`. */
export function resultNameFor(inputName: string): string {
  return fittedName(inputName.startsWith('in-') ? `out-${inputName.slice(3)}` : `out-${inputName}`);
}

/** Removes characters from the end of the stem until the name fits, and keeps its extension. */
export function fittedName(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const stem = Array.from(name.slice(0, name.length - extension.length));
  while (utf8Bytes(stem.join('') + extension) > MAX_NAME_BYTES) stem.pop();
  return stem.join('') + extension;
}
