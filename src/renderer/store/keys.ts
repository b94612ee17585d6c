// The keyboard: every action of the window by key. The menu has the same keys; a key handled here does not reach it.

import { useEffect } from 'react';
import { cancelRun, chooseFile, runChosen, saveResult, saveTrace } from './actions.ts';
import { bridge } from './bridge.ts';
import { openFind } from './find.ts';
import { showGuide } from './guide.ts';
import { jumpOnLane, jumpOnLine, jumpToError } from './jumps.ts';
import { playOrPause, stepBack, stepForward, toEnd, toStart } from './player.ts';
import { dismissNotices, showDialog, shownNotices, useRun } from './run.ts';
import { showWholeRun, useTimeBar, zoomIn, zoomOut } from './time-bar.ts';

export interface KeyBinding {
  /** As a person reads it; `Mod` is Ctrl, or Cmd on a Mac. */
  readonly keys: string;
  readonly does: string;
  readonly matches: (event: KeyboardEvent) => boolean;
  readonly act: () => unknown;
}

const onMac = bridge.platform === 'darwin';

function mod(key: string, shift = false): (event: KeyboardEvent) => boolean {
  return (event) =>
    (onMac ? event.metaKey : event.ctrlKey) &&
    !event.altKey &&
    event.shiftKey === shift &&
    event.key.toLowerCase() === key;
}

function plain(key: string): (event: KeyboardEvent) => boolean {
  return (event) => !event.ctrlKey && !event.metaKey && !event.altKey && event.key === key;
}

/** The key of the full stop or the comma, where with Shift or Alt it makes another character, too. */
function stop(which: 'Period' | 'Comma', held?: 'Shift' | 'Alt'): (event: KeyboardEvent) => boolean {
  const character = which === 'Period' ? '.' : ',';
  return (event) =>
    !event.ctrlKey &&
    !event.metaKey &&
    event.altKey === (held === 'Alt') &&
    (event.code === which
      ? event.shiftKey === (held === 'Shift')
      : // On some keyboards the character is on another key.
        held === undefined && event.key === character);
}

function letter(key: string, shift: boolean): (event: KeyboardEvent) => boolean {
  return (event) =>
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    event.shiftKey === shift &&
    event.key.toLowerCase() === key;
}

export const KEYS: readonly KeyBinding[] = [
  { keys: 'Space', does: 'Play or pause', matches: plain(' '), act: playOrPause },
  { keys: '→', does: 'Step forward: one fact', matches: plain('ArrowRight'), act: stepForward },
  { keys: '←', does: 'Step back: one fact', matches: plain('ArrowLeft'), act: stepBack },
  { keys: 'Home', does: 'To the start', matches: plain('Home'), act: toStart },
  { keys: 'End', does: 'To the end, or stay with a run that goes on', matches: plain('End'), act: toEnd },
  {
    keys: '.',
    does: 'To the next fact on the same lane',
    matches: stop('Period'),
    act: () => jumpOnLane('next'),
  },
  {
    keys: ',',
    does: 'To the previous fact on the same lane',
    matches: stop('Comma'),
    act: () => jumpOnLane('previous'),
  },
  {
    keys: 'Alt+.',
    does: 'To the next fact of the same line',
    matches: stop('Period', 'Alt'),
    act: () => jumpOnLine('next'),
  },
  {
    keys: 'Alt+,',
    does: 'To the previous fact of the same line',
    matches: stop('Comma', 'Alt'),
    act: () => jumpOnLine('previous'),
  },
  {
    keys: 'Shift+.',
    does: 'To the next error of the run',
    matches: stop('Period', 'Shift'),
    act: () => jumpToError('next'),
  },
  {
    keys: 'Shift+,',
    does: 'To the previous error of the run',
    matches: stop('Comma', 'Shift'),
    act: () => jumpToError('previous'),
  },
  { keys: 'Z', does: 'Magnify the time bar around the cursor', matches: letter('z', false), act: zoomIn },
  { keys: 'Shift+Z', does: 'Show more of the run on the time bar', matches: letter('z', true), act: zoomOut },
  { keys: 'Mod+O', does: 'Open a file or a saved run', matches: mod('o'), act: chooseFile },
  { keys: 'Mod+R', does: 'Run again', matches: mod('r'), act: () => runChosen() },
  { keys: 'Mod+S', does: 'Save the result', matches: mod('s'), act: saveResult },
  { keys: 'Mod+Shift+S', does: 'Save the run', matches: mod('s', true), act: saveTrace },
  {
    keys: 'Mod+F',
    does: 'Find a text, a fact, an error, what took long',
    matches: mod('f'),
    act: () => {
      openFind();
    },
  },
  {
    keys: 'Mod+G',
    does: 'Go to a line',
    matches: mod('g'),
    act: () => {
      openFind('line ');
    },
  },
  {
    keys: 'Mod+,',
    does: 'Settings',
    matches: mod(','),
    act: () => {
      showDialog('settings');
    },
  },
  { keys: 'Mod+.', does: 'Cancel the run', matches: mod('.'), act: cancelRun },
  { keys: 'F1', does: 'Show the guide', matches: plain('F1'), act: showGuide },
  {
    keys: 'Esc',
    does: 'Dismiss what was said: the sentences below the header',
    // A dialog's own Escape is the dialog's.
    matches: (event) => {
      const state = useRun.getState();
      return plain('Escape')(event) && shownNotices(state).length > 0 && state.dialog === undefined;
    },
    act: dismissNotices,
  },
  {
    keys: 'Esc',
    does: 'Show the whole run on the time bar, where it shows a stretch of it',
    matches: (event) =>
      plain('Escape')(event) &&
      useTimeBar.getState().stretch !== undefined &&
      useRun.getState().dialog === undefined,
    act: showWholeRun,
  },
  {
    keys: '?',
    does: 'Show these keys',
    matches: plain('?'),
    act: () => {
      showDialog('keys');
    },
  },
];

/** "Ctrl+S", and "⌘S" on a Mac. */
export function keyName(keys: string): string {
  return onMac
    ? keys.replace('Mod+', '⌘').replace('Shift+', '⇧').replace('Alt+', '⌥')
    : keys.replace('Mod', 'Ctrl');
}

/** Whether the key already means something to the control that has the focus. */
function belongsToControl(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey) return false;
  if (target.closest('dialog[open]') !== null) return true;
  if (target.matches('input[type="text"], input[type="number"], input:not([type]), textarea, select'))
    return true;
  if (event.key === ' ') return target.matches('button, summary, [role="tab"], input:not([type="range"])');
  return target.matches('input[type="radio"], [role="tab"], [data-own-keys]');
}

export function useKeys(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || belongsToControl(event)) return;
      const binding = KEYS.find((candidate) => candidate.matches(event));
      if (binding === undefined) return;
      event.preventDefault();
      binding.act();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
