// The page that replays a run: the player as it was built, with a run put into it. Pure.

import { replayText, type Replay } from '../../shared/replay.ts';

/** Where the build leaves room for the run (scripts/replay-page.mjs). */
const TITLE = '<!--title-->';
const RUN = '<!--run-->';

/** The whole page. Nothing of a run can become an element: neither a name in the title nor bytes in the data. */
export function replayPage(template: string, title: string, replay: Replay): string {
  const [head, middle, rest] = split(template);
  return [head, escaped(title), middle, replayText(replay), rest].join('');
}

/** Cut by hand: what is put in may have the signs that `replace` gives a meaning to, or a place's own name. */
function split(template: string): readonly [string, string, string] {
  const title = template.indexOf(TITLE);
  const run = template.indexOf(RUN);
  if (title < 0 || run < title) throw new Error('The page that replays runs was not built as it should be.');
  return [
    template.slice(0, title),
    template.slice(title + TITLE.length, run),
    template.slice(run + RUN.length),
  ];
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
