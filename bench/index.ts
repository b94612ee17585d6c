// `npm run bench`: everything is measured, printed, and written into docs/benchmarks.md. Quick unless `-- --full` is given.
// The window is measured where a display can be started. `npm run bench:start` is the window's start, in the packaged app.

import { join } from 'node:path';

import { ensureBuild } from '../scripts/build.mjs';
import { withDisplay } from '../scripts/display.mjs';
import { ensureTerminal } from '../scripts/terminal-build.mjs';
import { measureCliStart } from './cli-start.ts';
import { measureExchange } from './exchange.ts';
import { printSection, writeSections, type Section } from './report.ts';
import { measureReversal } from './reversal.ts';
import { measureWindow } from './window.ts';

const PROJECT = join(import.meta.dirname, '..');
/** Only these are measured; all without them. */
const PARTS = ['--exchange', '--cli-start', '--reversal', '--window'] as const;

const full = process.argv.includes('--full');
const chosen = PARTS.filter((part) => process.argv.includes(part));

function wants(part: (typeof PARTS)[number]): boolean {
  return chosen.length === 0 || chosen.includes(part);
}

async function show(sections: readonly Section[]): Promise<void> {
  for (const section of sections) printSection(section);
  await writeSections(sections);
}

const built = await ensureTerminal(PROJECT);
if (!built.ok) throw new Error(built.message);
const command = built.value;

if (wants('--exchange')) await show(await measureExchange(command, full));
if (wants('--cli-start')) await show([await measureCliStart(command, full)]);
if (wants('--reversal')) await show([measureReversal(full)]);
if (wants('--window')) {
  const app = await ensureBuild(PROJECT);
  if (!app.ok) throw new Error(app.message);
  const sections =
    process.platform === 'linux'
      ? await withDisplay((env) => measureWindow(command, env, full))
      : { ok: true as const, value: await measureWindow(command, process.env, full) };
  if (sections.ok) await show(sections.value);
  else console.log(`\nThe window was not measured. ${sections.message}`);
}
