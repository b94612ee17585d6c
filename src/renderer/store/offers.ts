// What the context menu offers, by the place where it was opened.

import type { RunText } from '../../shared/ipc.ts';
import type { Transform } from '../../shared/trace/fact.ts';
import { formatFact } from '../../shared/trace/json-lines.ts';
import { printableLine } from '../../shared/trace/transcript.ts';
import { sentenceOf } from '../scene/describe.ts';
import { roundTripUs } from '../scene/line-records.ts';
import {
  bytesAtHand,
  copyBytes,
  copyRunText,
  copyText,
  factAtHand,
  savePart,
  type ByteForm,
} from './copying.ts';
import { hasShownRun, useRun } from './run.ts';
import { recordOf } from './trace-view.ts';

/** Where a context menu was opened. */
export type Place =
  | { readonly of: 'transcript'; readonly line?: string }
  | { readonly of: 'line'; readonly line: number }
  | { readonly of: 'fact'; readonly seq: number }
  | { readonly of: 'bytes'; readonly seq: number }
  | { readonly of: 'text' };

export interface Offer {
  readonly words: string;
  readonly run: () => unknown;
}

/** Groups of offers; a group may be empty. `selected` is the text that is selected there. */
export function offersFor(place: Place, selected: string): readonly (readonly Offer[])[] {
  const selection: readonly Offer[] = selected === '' ? [] : [copies('Copy', selected)];
  switch (place.of) {
    case 'transcript':
      return [
        [...selection, ...(place.line === undefined ? [] : [copies('Copy this line', place.line)])],
        wholeText('transcript', 'the whole transcript'),
      ];
    case 'line':
      return [[...selection, ...lineOffers(place.line)], wholeText('lines', 'all lines')];
    case 'fact':
      return [...factOffers(place.seq), wholeText('facts', 'all facts as JSON lines')];
    case 'bytes':
      return [selection, byteOffers(place.seq)];
    case 'text':
      return [selection];
  }
}

function copies(words: string, text: string): Offer {
  return { words, run: () => copyText(text) };
}

function wholeText(text: RunText, name: string): readonly Offer[] {
  const state = useRun.getState();
  if (!hasShownRun(state)) return [];
  return [
    { words: `Copy ${name}`, run: () => copyRunText(text) },
    ...(state.phase === 'settled' ? [{ words: `Save ${name}…`, run: () => savePart({ text }) }] : []),
  ];
}

function lineOffers(line: number): readonly Offer[] {
  const record = recordOf(line);
  if (record === undefined) return [];
  const sent = printableLine(record.sent);
  const reply = record.reply === undefined ? undefined : printableLine(record.reply);
  const took = roundTripUs(record);
  const cells = [String(line), sent, reply ?? '', took === undefined ? '' : `${Math.round(took)} us`];
  return [
    copies(
      `Copy line ${line} with tabs between its cells`,
      cells.map((cell) => cell.replaceAll('\t', '\\t')).join('\t'),
    ),
    copies('Copy what was sent', sent),
    ...(reply === undefined ? [] : [copies('Copy what came back', reply)]),
  ];
}

function factOffers(seq: number): readonly (readonly Offer[])[] {
  const fact = factAtHand(seq);
  if (fact === undefined) return [];
  const bytes = bytesAtHand(fact);
  return [
    [
      copies(`Copy fact ${seq} as a sentence`, sentenceOf(fact, transformOfRun())),
      copies(`Copy fact ${seq} as JSON`, formatFact(fact)),
    ],
    bytes === undefined ? [] : byteOffers(bytes.seq),
  ];
}

function transformOfRun(): Transform | undefined {
  const [start] = useRun.getState().facts;
  return start?.kind === 'run-started' ? start.options.transform : undefined;
}

const FORM_NAMES: readonly (readonly [ByteForm, string])[] = [
  ['text', 'text'],
  ['hex', 'hex'],
  ['python', 'a Python literal'],
];

function byteOffers(seq: number): readonly Offer[] {
  return [
    ...FORM_NAMES.map(([form, name]) => ({
      words: `Copy the bytes as ${name}`,
      run: () => copyBytes(seq, form),
    })),
    ...(useRun.getState().phase === 'settled'
      ? [{ words: 'Save the bytes…', run: () => savePart({ bytesOf: seq }) }]
      : []),
  ];
}
