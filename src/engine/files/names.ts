// The default name for the trace of a run, made from the input's name. Pure: touches no file.

import { fittedName, plainName } from '../../shared/file-name.ts';

/**
 * `in-proj.txt` gives `in-proj.socketscope`. The name may come from an untrusted trace: control characters and path
 * separators are replaced by a dash.
 */
export function traceNameFor(inputName: string): string {
  const name = plainName(inputName);
  const dot = name.lastIndexOf('.');
  return fittedName(`${dot > 0 ? name.slice(0, dot) : name}.socketscope`);
}
