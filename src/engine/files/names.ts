// Default names for the result and the trace of a run, made from the input's name. Pure: touches no file.

import { MAX_NAME_BYTES } from '../../shared/file-name.ts';

/** `in-proj.txt` gives `out-proj.txt`; any other name gets the prefix `out-`. */
export function resultNameFor(inputName: string): string {
  return fitted(inputName.startsWith('in-') ? `out-${inputName.slice(3)}` : `out-${inputName}`);
}

/**
 * `in-proj.txt` gives `in-proj.socketscope`. The name may come from an untrusted trace: control characters and path
 * separators are replaced by a dash.
 */
export function traceNameFor(inputName: string): string {
  const name = inputName.replace(/[\u0000-\u001f\u007f/\\]/g, '-');
  const dot = name.lastIndexOf('.');
  return fitted(`${dot > 0 ? name.slice(0, dot) : name}.socketscope`);
}

/** Removes characters from the end of the stem until the name fits, and keeps its extension. */
function fitted(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  const stem = Array.from(name.slice(0, name.length - extension.length));
  while (Buffer.byteLength(stem.join('') + extension) > MAX_NAME_BYTES) stem.pop();
  return stem.join('') + extension;
}
