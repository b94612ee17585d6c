// The default name for the trace of a run, made from the input's name. Pure: touches no file.

import { fittedName, plainName } from '../../shared/file-name.ts';
import type { RunPart, RunText } from '../../shared/ipc.ts';

/**
 * `in-proj.txt` gives `in-proj.socketscope`. The name may come from an untrusted trace: control characters and path
 * separators are replaced by a dash.
 */
export function traceNameFor(inputName: string): string {
  const name = plainName(inputName);
  const dot = name.lastIndexOf('.');
  return fittedName(`${dot > 0 ? name.slice(0, dot) : name}.socketscope`);
}

/** `in-proj.txt` gives `in-proj-transcript.txt`, `in-proj-lines.tsv`, `in-proj-facts.jsonl` and `in-proj-fact-12.bin`. */
export function partNameFor(inputName: string, part: RunPart): string {
  const [stem = ''] = traceNameFor(inputName).split(/\.socketscope$/);
  const ending = 'bytesOf' in part ? `-fact-${part.bytesOf}.bin` : PART_ENDINGS[part.text];
  return fittedName(stem + ending);
}

const PART_ENDINGS: Readonly<Record<RunText, string>> = {
  transcript: '-transcript.txt',
  lines: '-lines.tsv',
  facts: '-facts.jsonl',
};
