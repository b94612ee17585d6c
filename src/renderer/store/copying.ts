// Copies and saves what is shown: a text of the whole run, a line, a fact, its bytes.

import { MAX_COPIED_CHARACTERS, type RunPart, type RunText } from '../../shared/ipc.ts';
import type { RecordedBytes, TraceEvent } from '../../shared/trace/fact.ts';
import { formatCountOf, formatSize } from '../../shared/format.ts';
import { bytesAsHex, bytesAsPython, bytesAsText } from '../scene/byte-forms.ts';
import { bytesOf } from '../scene/fact-bytes.ts';
import { bridge } from './bridge.ts';
import { mergeFacts } from './pages.ts';
import { hasShownRun, reportProblem, showNotice, useRun } from './run.ts';
import { factHere } from './trace-view.ts';

/** The texts of a run in a person's words, and what their lines are called. */
export const RUN_TEXTS: Readonly<Record<RunText, { readonly name: string; readonly line: string }>> = {
  transcript: { name: 'transcript', line: 'line' },
  lines: { name: 'table of lines', line: 'row' },
  facts: { name: 'facts as JSON lines', line: 'line' },
};

export type ByteForm = 'text' | 'hex' | 'python';

const FORMS: Readonly<Record<ByteForm, (data: RecordedBytes) => string>> = {
  text: bytesAsText,
  hex: bytesAsHex,
  python: bytesAsPython,
};

/** Copies a short text; a person sees that where they paste it. */
export async function copyText(text: string): Promise<void> {
  await bridge.call('clipboard:write', { text: text.slice(0, MAX_COPIED_CHARACTERS) });
}

/** Copies a text of the whole run and says how much it was. */
export async function copyRunText(text: RunText): Promise<void> {
  const run = useRun.getState().info?.run;
  if (run === undefined) return;
  const answer = await bridge.call('run:copy', { run, text });
  reportProblem(answer);
  if (answer?.ok !== true) return;
  const { lines, isCut } = answer.value;
  const { name, line } = RUN_TEXTS[text];
  const amount = formatCountOf(lines, line);
  showNotice({
    tone: 'done',
    text: isCut
      ? `Copied the first ${amount} of the ${name}: no more fits into the clipboard. Save it to have all of it.`
      : `Copied the ${name}: ${amount}.`,
  });
}

export async function savePart(part: RunPart): Promise<void> {
  reportProblem(await bridge.call('run:save-part', { part }));
}

/** Cancels the writing of a part that takes long. */
export async function cancelPart(): Promise<void> {
  await bridge.call('run:cancel-part');
}

/** A fact that is at hand. */
export function factAtHand(seq: number): TraceEvent | undefined {
  const state = useRun.getState();
  if (!hasShownRun(state)) return undefined;
  return state.facts.find((fact) => fact.seq === seq) ?? factHere(seq);
}

/** Of a fact that is about bytes: the fact that has them. */
export function bytesAtHand(
  fact: TraceEvent,
): { readonly data: RecordedBytes; readonly seq: number } | undefined {
  const { view } = useRun.getState();
  return bytesOf(fact, mergeFacts(view.atHand, view.links));
}

/** Copies the bytes of the fact `seq`, as far as main gives them at once. */
export async function copyBytes(seq: number, form: ByteForm): Promise<void> {
  const run = useRun.getState().info?.run;
  if (run === undefined) return;
  const answer = await bridge.call('run:fact', { run, seq });
  reportProblem(answer);
  if (answer?.ok !== true) return;
  const fact = answer.value;
  const data = fact.kind === 'wrote' || fact.kind === 'read' ? fact.data : undefined;
  if (data === undefined) return;
  await copyText(FORMS[form](data));
  if (data.leftOutBytes === undefined) return;
  showNotice({
    tone: 'done',
    text: `Copied the first ${formatSize(data.bytes.length)} of the bytes: no more fits. Save them to have all of them.`,
  });
}
