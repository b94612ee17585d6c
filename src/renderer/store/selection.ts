// "Select all" and "Copy" by panel. The browser's own would take the whole window, and of a long list the rows that are
// rendered. `data-text` names the text of the run that a panel shows a part of.

import { useEffect, type RefObject } from 'react';
import type { RunText } from '../../shared/ipc.ts';
import { copyRunText, RUN_TEXTS } from './copying.ts';
import { isAllSelected, selectAllIn, selectedText } from './selected-text.ts';

const PANELS = '[data-text], [data-bytes-of], .program, [role="table"], .dialog-body';

/** Of a table whose rows are not all rendered: what makes the text of all of it. */
const texts = new WeakMap<Element, () => string>();

/** Gives the text of the whole table to whoever copies it. `table` must not change; `text` may with each render. */
export function useTextOf(table: RefObject<Element | null>, text: () => string): void {
  useEffect(() => {
    if (table.current !== null) texts.set(table.current, text);
  });
}

/** Where the person pressed last. */
let pressed: Element | undefined;

function isRunText(name: string | undefined): name is RunText {
  return name !== undefined && Object.hasOwn(RUN_TEXTS, name);
}

/** The text of the run that the panel shows a part of. */
function runTextOf(panel: Element): RunText | undefined {
  const name = panel.getAttribute('data-text') ?? undefined;
  return isRunText(name) ? name : undefined;
}

function panelInUse(): Element | undefined {
  const dialog = document.querySelector('dialog:modal .dialog-body');
  if (dialog !== null) return dialog;
  const focused = document.activeElement === document.body ? undefined : document.activeElement;
  return (focused ?? pressed)?.closest(PANELS) ?? undefined;
}

export function isInTextField(): boolean {
  return isTextField(document.activeElement);
}

/** Whether text of the page is selected, fields aside. */
export function hasSelection(): boolean {
  return getSelection()?.isCollapsed === false;
}

/** Whether there is a field or a panel to select all of. */
export function canSelectAll(): boolean {
  return isInTextField() || panelInUse() !== undefined;
}

/** Selects the field, or all of the panel that was used last; nothing where there was none. */
export function selectAll(): void {
  const { activeElement } = document;
  if (isTextField(activeElement)) {
    activeElement.select();
    return;
  }
  const panel = panelInUse();
  if (panel !== undefined) selectAllIn(panel);
}

function isTextField(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && !['radio', 'checkbox', 'range'].includes(element.type);
}

function onCopy(event: ClipboardEvent): void {
  if (isTextField(document.activeElement)) return;
  const range = getSelection()?.rangeCount === 1 ? getSelection()?.getRangeAt(0) : undefined;
  const within = range?.commonAncestorContainer;
  const panel = (within instanceof Element ? within : within?.parentElement)?.closest(PANELS);
  if (panel === undefined || panel === null) return;
  const text = runTextOf(panel);
  if (text !== undefined && isAllSelected(panel)) {
    event.preventDefault();
    void copyRunText(text);
    return;
  }
  const whole = isAllSelected(panel) ? texts.get(panel)?.() : undefined;
  // The picture's texts stand where they are drawn: the browser's own order of them is as good as any.
  const selected = whole ?? (text === 'facts' ? '' : selectedText(panel));
  if (selected === '') return;
  event.preventDefault();
  event.clipboardData?.setData('text/plain', selected);
}

/** Answers "Copy" from now on, and remembers which panel is used. Returns what stops it. */
export function watchSelection(): () => void {
  const stop = new AbortController();
  document.addEventListener('copy', onCopy, { signal: stop.signal });
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      // The row that was pressed may be gone by the time of the key: its panel is not.
      pressed = target instanceof Element ? (target.closest(PANELS) ?? undefined) : undefined;
    },
    { capture: true, signal: stop.signal },
  );
  return () => {
    stop.abort();
  };
}
