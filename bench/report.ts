// What a benchmark found: printed as a table, and written into docs/benchmarks.md, where each benchmark has a section of
// its own between two marks. A section that was not measured stays as it is.

import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

const FILE = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');

export interface Section {
  /** Its mark in the file. */
  readonly name: string;
  readonly title: string;
  /** The command that gives it. */
  readonly command: string;
  /** What was measured, and how. */
  readonly words: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function printSection({ title, header, rows }: Section): void {
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  console.log(`\n${title}\n\n${[header, ...rows].map(line).join('\n')}`);
}

/** Puts the sections into docs/benchmarks.md, each in place of the one of its name, or at the end. */
export async function writeSections(sections: readonly Section[]): Promise<void> {
  let text = await readFile(FILE, 'utf8');
  for (const section of sections) {
    const begin = `<!-- measured: ${section.name} -->`;
    const end = `<!-- /measured: ${section.name} -->`;
    const block = `${begin}\n\n${markdownOf(section)}\n\n${end}`;
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    text =
      from === -1 || to === -1
        ? `${text.trimEnd()}\n\n${block}\n`
        : text.slice(0, from) + block + text.slice(to + end.length);
  }
  const options = await resolveConfig(FILE);
  await writeFile(FILE, await format(text, { ...options, parser: 'markdown' }));
}

function markdownOf({ title, command, words, header, rows }: Section): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = header.map((_cell, column) => (column === 0 ? '---' : '---:'));
  const machine = `${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}, ${cpus().length} cores, Node ${process.versions.node}`;
  return [
    `## ${title}: \`${command}\``,
    `${words} Measured on ${machine}.`,
    [header, rule, ...rows].map(line).join('\n'),
  ].join('\n\n');
}
