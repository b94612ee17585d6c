// `npm run bench`: everything that needs no window is measured, printed, and written into docs/benchmarks.md. Quick unless
// `-- --full` is given. The window's own benchmarks are `npm run bench:start` and `npm run bench:responsiveness`.

import { join } from 'node:path';

import { ensureTerminal } from '../scripts/terminal-build.mjs';
import { measureCliStart } from './cli-start.ts';
import { measureExchange } from './exchange.ts';
import { printSection, writeSections } from './report.ts';
import { measureReversal } from './reversal.ts';

const full = process.argv.includes('--full');
const built = await ensureTerminal(join(import.meta.dirname, '..'));
if (!built.ok) throw new Error(built.message);

const sections = [
  ...(await measureExchange(built.value, full)),
  await measureCliStart(built.value, full),
  measureReversal(full),
];
for (const section of sections) printSection(section);
await writeSections(sections);
