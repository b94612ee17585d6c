// What stands below an exported picture: which run it is of, when and where it was recorded, and what its lines mean. Pure.

import { titleOf, type ExperimentName } from '../../../shared/experiments/definitions.ts';
import { formatBytes, formatMoment } from '../../../shared/format.ts';
import type { RunStarted } from '../../../shared/trace/fact.ts';
import { printable } from '../../../shared/trace/transcript.ts';

/** What the lines of a picture mean. */
export type Legend = 'ladder' | 'boundaries' | 'none';

const LEGENDS: Readonly<Record<Legend, readonly string[]>> = {
  ladder: ['solid: seen at both ends; dashed: inferred, not seen'],
  boundaries: ['dotted: a line of the input ends here; striped: no line of the input'],
  none: [],
};

/** That of the first picture of an experiment. */
export function legendOf(experiment: ExperimentName): Legend {
  return experiment === 'boundaries' ? 'boundaries' : experiment === 'ports' ? 'none' : 'ladder';
}

/** "Reverse a file: in-proj.txt" */
export function runTitle({ experiment, input }: RunStarted): string {
  return experiment === 'file' ? `${titleOf(experiment)}: ${printable(input.name)}` : titleOf(experiment);
}

/** "recorded 24 Nov 2026, 09:12 on linux x64 by SocketScope 0.1.0 · solid: seen at both ends; …" */
export function recordedWhere({ startedAt, runtime }: RunStarted, legend: Legend): string {
  // Of a trace that was made by hand it may be no time at all.
  const when = printable(formatMoment(startedAt));
  const { platform, arch, app } = runtime;
  const where = `recorded ${when} on ${printable(`${platform} ${arch}`)} by SocketScope ${printable(app)}`;
  return [where, ...LEGENDS[legend]].join(' · ');
}

/** "Reverse a file: in-proj.txt, 95 B · recorded 24 Nov 2026, 09:12 on linux x64 by SocketScope 0.1.0 · …" */
export function captionOf(start: RunStarted, legend: Legend): string {
  const { experiment, input } = start;
  const size = experiment === 'file' ? `, ${formatBytes(input.bytes)}` : '';
  return `${runTitle(start)}${size} · ${recordedWhere(start, legend)}`;
}

/** A caption in lines of at most so many characters: broken between its parts, and a long part between its words. */
export function wrapped(caption: string, characters: number): readonly string[] {
  return filled(caption.split(' · '), ' · ', characters).flatMap((line) =>
    line.length <= characters ? [line] : filled(line.split(' '), ' ', characters),
  );
}

/** A piece that is longer than a line has one of its own. */
function filled(pieces: readonly string[], between: string, characters: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = [...lines.slice(-1), piece].join(between);
    if (lines.length > 0 && longer.length <= characters) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
}
