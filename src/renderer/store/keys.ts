// The keyboard. The menu has some of these keys, too: a key handled here does not reach it.
//
// The rule: a key means the same wherever the focus is.
// - A text field keeps every key that types or moves in it.
// - A control that was reached by keyboard keeps the keys that its role needs, and no others: Space on a button, the
//   arrows in a list of tabs or radio buttons, what `data-own-keys` names on anything else.
// - A control that was clicked keeps none: after a click of the mouse a key does what it does with no focus at all.
// - A dialog or a menu that is open keeps all but those with Ctrl.

import { useEffect } from 'react';
import { bridge } from './bridge.ts';
import { MENU_COMMANDS, type MenuCommandId } from '../../shared/menu-commands.ts';
import { COMMANDS, isEnabled, type Command } from './commands.ts';
import { keyMatches, nameOfKey } from './key-names.ts';

const onMac = bridge.platform === 'darwin';

/** The key of a command as a person reads it: "Ctrl+S", "→"; on a Mac "⌘S". */
export function keyName(key: string): string {
  return nameOfKey(key, onMac);
}

/** As `keyName`, of a command that the menu has, too. */
export function keyNameOf(id: KeyedId): string {
  return keyName(MENU_COMMANDS[id].key);
}

const TEXT_FIELD =
  'input:not([type="radio"], [type="checkbox"], [type="range"], [type="button"]), textarea, [contenteditable]';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

/** The keys that a control of each kind needs; a kind may have more than one row. */
const OWN_KEYS: readonly (readonly [selector: string, keys: readonly string[]])[] = [
  ['button, summary, [role="button"]', [' ', 'Enter']],
  ['[role="tab"]', [' ', 'Enter', 'ArrowLeft', 'ArrowRight', 'Home', 'End']],
  ['input[type="radio"]', [' ', ...ARROWS]],
  ['input[type="checkbox"]', [' ']],
  ['select', [' ', 'Enter', 'Home', 'End', 'PageUp', 'PageDown', ...ARROWS]],
  ['[role="separator"], [role="menu"], [role="listbox"]', ['Home', 'End', ...ARROWS]],
];

/** The commands of the menu that have a key. */
type KeyedId = {
  [Id in MenuCommandId]: (typeof MENU_COMMANDS)[Id] extends { readonly key: string } ? Id : never;
}[MenuCommandId];

/** A dialog or a menu that is open; also where nothing in it has the focus. */
const LAYER = 'dialog:modal, [role="menu"][data-state="open"]';

/** The controls that have the focus by a click, which therefore keep no key. */
const clicked = new WeakSet<Element>();

function focused(): Element | null {
  const element = document.activeElement;
  return element === document.body ? null : element;
}

function isTextKey(event: KeyboardEvent): boolean {
  return event.key.length === 1 || /^(Arrow|Home|End|Page|Backspace|Delete|Enter)/.test(event.key);
}

function isModified({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

function isTypeAhead({ key }: KeyboardEvent): boolean {
  return /^[\p{L}\p{N}]$/u.test(key);
}

/** Whether the key means something to the control that has the focus. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (document.querySelector(LAYER) !== null) return true;
  const control = focused();
  if (control === null) return false;
  if (control.matches(TEXT_FIELD)) return isTextKey(event);
  if (clicked.has(control)) return false;
  const named = control.closest('[data-own-keys]')?.getAttribute('data-own-keys')?.split(' ') ?? [];
  return (
    named.includes(event.key) ||
    (control.matches('select') && isTypeAhead(event)) ||
    OWN_KEYS.some(([selector, keys]) => control.matches(selector) && keys.includes(event.key))
  );
}

/** Of several commands with one key the first that has something to do. */
function commandOf(event: KeyboardEvent): Command | undefined {
  const found = COMMANDS.filter(({ key }) => key !== undefined && keyMatches(key, event, onMac));
  return found.find(isEnabled) ?? found[0];
}

/** Does what the key means. A key that has nothing to do now goes on, unless a control that was clicked would take it. */
function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || belongsToControl(event)) return;
  const command = commandOf(event);
  if (command === undefined) return;
  if (isEnabled(command) || command.saysWhyNot === true) {
    event.preventDefault();
    event.stopPropagation();
    void command.run();
  } else if (!/^(Escape|Page)/.test(event.key)) {
    event.preventDefault();
  }
}

/** Before anything in the page gets the key: the focus of a control that was clicked counts for nothing. */
function onKeyDownFirst(event: KeyboardEvent): void {
  const control = focused();
  if (control === null || !clicked.has(control) || control.matches(TEXT_FIELD)) return;
  handle(event);
  // A list keeps the focus of its click while its choices are open, where its keys do not come this way.
  if (control.matches('select') && !isModified(event) && event.key !== 'Tab') {
    event.preventDefault();
    if (control instanceof HTMLElement) control.blur();
  }
}

let isPressed = false;
let lastKey = '';

function onPointerDown(): void {
  isPressed = true;
  lastKey = '';
}

/** After the click, which comes in the same turn. */
function onPointerUp({ target }: PointerEvent): void {
  setTimeout(() => {
    isPressed = false;
    const control = focused();
    if (control === null || !isPartOf(target, control)) return;
    clicked.add(control);
    release(control);
  });
}

/** Whether the place that was pressed belongs to the control: it is in it, or in its label. */
function isPartOf(place: EventTarget | null, control: Element): boolean {
  if (!(place instanceof Element)) return false;
  return control.contains(place) || place.closest('label')?.control === control;
}

/**
 * A button keeps no focus after a click: Enter would press it again, or what has taken its place. What scrolls keeps it,
 * for the keys that no command has, and so does a list whose choices are open.
 */
function release(control: Element): void {
  const isButton = control.matches(
    'button, summary, input:is([type="radio"], [type="checkbox"], [type="range"])',
  );
  if (isButton && control instanceof HTMLElement) control.blur();
}

function onFocusIn({ target }: FocusEvent): void {
  if (!(target instanceof Element)) return;
  if (isPressed) clicked.add(target);
  // A dialog that was closed by one of these gives back the focus of before: nobody moved it.
  else if (!['Escape', 'Enter', ' '].includes(lastKey)) clicked.delete(target);
  else if (clicked.has(target)) {
    release(target);
    lastKey = '';
  }
}

function rememberKey({ key }: KeyboardEvent): void {
  lastKey = key;
  // A click into a list that was open ends without an event of the page.
  isPressed = false;
}

/** Handles the keys of the window while the component is there. */
export function useKeys(): void {
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const first = { capture: true, signal };
    window.addEventListener('keydown', rememberKey, first);
    window.addEventListener('keydown', onKeyDownFirst, first);
    window.addEventListener('keydown', handle, { signal });
    window.addEventListener('pointerdown', onPointerDown, first);
    window.addEventListener('pointerup', onPointerUp, first);
    window.addEventListener('pointercancel', onPointerUp, first);
    window.addEventListener('focusin', onFocusIn, first);
    return () => {
      stop.abort();
    };
  }, []);
}
