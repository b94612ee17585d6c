// Everything a person can ask the window to do, each once: the keys, the palette, the dialog of keys and the application
// menu come from this list. A new command is one entry here; one that the menu shall have, too, gets its words and key in
// shared/menu-commands.ts.

import { MENU_COMMANDS, type MenuCommandId } from '../../shared/menu-commands.ts';
import {
  EXPERIMENT_NAMES,
  EXPERIMENTS,
  readsFile,
  titleOf,
  type ExperimentName,
} from '../../shared/experiments/definitions.ts';
import type { RunText, Theme } from '../../shared/ipc.ts';
import { PANEL_NAMES, type PanelName } from '../../shared/panels.ts';
import { PACES } from '../scene/pace.ts';
import {
  cancelRun,
  chooseFile,
  clearRecent,
  runChosen,
  runSample,
  saveResult,
  saveTrace,
} from './actions.ts';
import { closeComparison, compareWithFile, compareWithRun, useComparison } from './comparison.ts';
import { copyRunText, RUN_TEXTS, savePart } from './copying.ts';
import { usePlayer } from './cursor.ts';
import { EXPORTS, hasPicture } from './export/export-picture.ts';
import { openFind } from './find.ts';
import { showGuide } from './guide.ts';
import { jumpOnLane, jumpOnLine, jumpToError } from './jumps.ts';
import { toggleFolded } from './panels.ts';
import { canAddNote, copyLink, editNoteHere, goOn, setPlayNotes } from './note-actions.ts';
import { isStopped, useNotes } from './notes.ts';
import { pause, playOrPause, setPace, stepBack, stepForward, toEnd, toStart, unselect } from './player.ts';
import { showWholeRun, useTimeBar, zoomIn as magnify, zoomOut as demagnify } from './time-bar.ts';
import { isPresenting, present, toggleDark, togglePresentation } from './presentation.ts';
import { resetZoom, toggleFit, toggleTimeAxis, zoomIn, zoomOut } from './scale.ts';
import { canSelectAll, selectAll } from './selection.ts';
import {
  changeSettings,
  chooseExperiment,
  dismissNotices,
  hasShownRun,
  showDialog,
  shownNotices,
  useRun,
  type DialogName,
} from './run.ts';

export interface Command {
  readonly id: string;
  /** What it does, as a person would ask for it. */
  readonly words: string;
  /** `Mod` is Ctrl, or Cmd on a Mac: `Mod+Shift+S`, `Space`, `Right`, `F1`, `?`. */
  readonly key?: string;
  /** Whether it has anything to do now; absent where it always has. */
  readonly isEnabled?: () => boolean;
  /** Asked for by key while it has nothing to do, it says so: it is run all the same. */
  readonly saysWhyNot?: true;
  /** Not in the palette: it is the palette's own, or about what lies over the window. */
  readonly keyOnly?: true;
  readonly run: () => unknown;
}

function isRunning(): boolean {
  return useRun.getState().phase === 'running';
}

function isShown(): boolean {
  const state = useRun.getState();
  return hasShownRun(state) && state.phase !== 'empty';
}

function isSettled(): boolean {
  return isShown() && !isRunning();
}

/** At the start, too, while it plays: the key stops it there. */
function isBehindStart(): boolean {
  const { cursor, playing, following } = usePlayer.getState();
  return isShown() && (cursor > 0 || playing || following);
}

function isBeforeEnd(): boolean {
  return isShown() && (isRunning() || usePlayer.getState().cursor < useRun.getState().counts.facts);
}

function dialog(name: DialogName): () => void {
  return () => {
    showDialog(name);
  };
}

function togglePalette(): void {
  showDialog(useRun.getState().dialog === 'palette' ? undefined : 'palette');
}

type Act = Omit<Command, 'id' | 'words' | 'key'>;

/** What each command of the menu does. */
const MENU_ACTS: Readonly<Record<MenuCommandId, Act>> = {
  play: { isEnabled: isShown, run: playOrPause },
  'step-forward': { isEnabled: isBeforeEnd, run: stepForward },
  'step-back': { isEnabled: isBehindStart, run: stepBack },
  'to-start': { isEnabled: isBehindStart, run: toStart },
  'to-end': { isEnabled: isBeforeEnd, run: toEnd },
  open: { run: chooseFile },
  run: {
    isEnabled: () => !isRunning() && useRun.getState().input !== undefined,
    saysWhyNot: true,
    run: () => runChosen(),
  },
  cancel: { isEnabled: isRunning, run: cancelRun },
  'save-result': {
    isEnabled: () => isShown() && useRun.getState().result !== undefined,
    saysWhyNot: true,
    run: saveResult,
  },
  'save-run': { isEnabled: isSettled, saysWhyNot: true, run: saveTrace },
  find: {
    run: () => {
      openFind();
    },
  },
  settings: { run: dialog('settings') },
  palette: { keyOnly: true, run: togglePalette },
  'select-all': { isEnabled: canSelectAll, run: selectAll },
  present: { run: togglePresentation },
  guide: { run: showGuide },
  keys: { run: dialog('keys') },
  about: { run: dialog('about') },
};

function menuCommand(id: MenuCommandId): Command {
  return { id, ...MENU_COMMANDS[id], ...MENU_ACTS[id] };
}

function menuCommands(...ids: readonly MenuCommandId[]): readonly Command[] {
  return ids.map(menuCommand);
}

function show(name: ExperimentName): void {
  if (useRun.getState().chosen === name) return;
  chooseExperiment(name);
  pause();
}

/** From one fact of interest to the next. */
const JUMP_COMMANDS: readonly Command[] = [
  ...jump('on-lane', 'fact on the same lane', '', jumpOnLane),
  ...jump('on-line', 'fact of the same line', 'Alt+', jumpOnLine),
  ...jump('to-error', 'error of the run', 'Shift+', jumpToError),
  {
    id: 'go-to-line',
    words: 'Go to a line',
    key: 'Mod+G',
    run: () => {
      openFind('line ');
    },
  },
];

function jump(
  id: string,
  what: string,
  held: '' | 'Alt+' | 'Shift+',
  act: (to: 'next' | 'previous') => unknown,
): readonly Command[] {
  return (['next', 'previous'] as const).map((to) => ({
    id: `${to}-${id}`,
    words: `To the ${to} ${what}`,
    key: held + (to === 'next' ? '.' : ','),
    isEnabled: isShown,
    run: () => act(to),
  }));
}

const NOTE_COMMANDS: readonly Command[] = [
  { id: 'note', words: 'Add a note at the cursor', key: 'N', isEnabled: canAddNote, run: editNoteHere },
  {
    id: 'go-on',
    words: 'Go on from a note, or reveal the answer',
    key: 'Enter',
    isEnabled: isStopped,
    run: goOn,
  },
  {
    id: 'play-notes',
    words: 'Play notes, or do not stop at them',
    isEnabled: () => useNotes.getState().notes.length > 0,
    run: () => {
      setPlayNotes(!useNotes.getState().playNotes);
    },
  },
  { id: 'copy-link', words: 'Copy a link to this moment', isEnabled: canAddNote, run: copyLink },
];

/** How much of the run the time bar shows. */
const TIME_BAR_COMMANDS: readonly Command[] = [
  {
    id: 'magnify',
    words: 'Magnify the time bar around the cursor',
    key: 'Z',
    isEnabled: isShown,
    run: magnify,
  },
  {
    id: 'demagnify',
    words: 'Show more of the run on the time bar',
    key: 'Shift+Z',
    isEnabled: isShown,
    run: demagnify,
  },
  {
    id: 'whole-run',
    words: 'Show the whole run on the time bar, where it shows a stretch of it',
    key: 'Escape',
    isEnabled: () => useTimeBar.getState().stretch !== undefined && useRun.getState().dialog === undefined,
    run: showWholeRun,
  },
];

/** How the picture is drawn. */
const SCALE_COMMANDS: readonly Command[] = [
  { id: 'zoom-in', words: 'Picture: wider apart', key: 'Plus', isEnabled: isShown, run: zoomIn },
  { id: 'zoom-out', words: 'Picture: closer together', key: '-', isEnabled: isShown, run: zoomOut },
  { id: 'zoom-reset', words: 'Picture: the usual size', key: '0', isEnabled: isShown, run: resetZoom },
  { id: 'fit', words: 'Picture: all facts at once', key: 'F', isEnabled: isShown, run: toggleFit },
  {
    id: 'time-axis',
    words: 'Picture: heights to the scale of time',
    key: 'T',
    isEnabled: isShown,
    run: toggleTimeAxis,
  },
];

/** Copying and saving of all that a panel shows a part of. */
const TEXT_COMMANDS: readonly Command[] = (['transcript', 'lines', 'facts'] as const).flatMap((text) => [
  {
    id: `copy-${text}`,
    words: `Copy the ${RUN_TEXTS[text].name}`,
    isEnabled: () => isShown() && hasText(text),
    run: () => copyRunText(text),
  },
  {
    id: `save-${text}`,
    words: `Save the ${RUN_TEXTS[text].name}`,
    isEnabled: () => isSettled() && hasText(text),
    run: () => savePart({ text }),
  },
]);

/** The picture out of the window. */
const EXPORT_COMMANDS: readonly Command[] = EXPORTS.map(({ id, words, run }) => ({
  id: `export-${id}`,
  words: `Export: ${words}`,
  isEnabled: hasPicture,
  run,
}));

/** Rounds have no lines of a file. */
function hasText(text: RunText): boolean {
  const { chosen, counts } = useRun.getState();
  return text !== 'lines' || ((chosen === 'file' || chosen === 'string') && counts.linesSent > 0);
}

function isCompared(): boolean {
  return isShown() && useComparison.getState().beside !== undefined;
}

/** The newest run of the list that is not the one that is shown. */
function otherRun(): number | undefined {
  const { runs, info } = useRun.getState();
  return runs.findLast((run) => run.info.run !== info?.run)?.info.run;
}

/** Two runs side by side. */
const COMPARISON_COMMANDS: readonly Command[] = [
  {
    id: 'compare-run',
    words: 'Compare with the run before',
    isEnabled: () => isSettled() && otherRun() !== undefined,
    run: () => {
      const run = otherRun();
      return run === undefined ? undefined : compareWithRun(run);
    },
  },
  { id: 'compare-file', words: 'Compare with a saved run', isEnabled: isSettled, run: compareWithFile },
  {
    id: 'compare-close',
    words: 'Close the comparison',
    key: 'Escape',
    isEnabled: () => isCompared() && useRun.getState().dialog === undefined,
    run: closeComparison,
  },
];

const PANEL_WORDS: Readonly<Record<PanelName, string>> = {
  sidebar: 'list of experiments',
  tables: 'tables',
  evidence: 'evidence',
};

const PANEL_KEYS: Readonly<Record<PanelName, string>> = {
  sidebar: 'Mod+B',
  tables: 'Mod+J',
  evidence: 'Mod+E',
};

const PANEL_COMMANDS: readonly Command[] = PANEL_NAMES.map((name) => ({
  id: `fold-${name}`,
  key: PANEL_KEYS[name],
  isEnabled: () => !isPresenting(),
  words: `Fold or unfold the ${PANEL_WORDS[name]}`,
  run: () => {
    toggleFolded(name);
  },
}));

/** A presenter's remote control sends Page Up and Page Down. */
const PRESENTER_COMMANDS: readonly Command[] = [
  {
    id: 'presenter-next',
    words: 'Presenting: step forward, or go on from a note',
    key: 'PageDown',
    isEnabled: isPresenting,
    keyOnly: true,
    run: () => {
      if (isStopped()) goOn();
      else void stepForward();
    },
  },
  {
    id: 'presenter-back',
    words: 'Presenting: step back',
    key: 'PageUp',
    isEnabled: isPresenting,
    keyOnly: true,
    run: stepBack,
  },
  {
    id: 'presenter-dark',
    words: 'Presenting: make the screen dark',
    key: 'B',
    isEnabled: isPresenting,
    keyOnly: true,
    run: toggleDark,
  },
  {
    id: 'presenter-end',
    words: 'End the presentation',
    key: 'Escape',
    isEnabled: () => isPresenting() && useRun.getState().dialog === undefined,
    run: () => {
      present(false);
    },
  },
];

const EXPERIMENT_COMMANDS: readonly Command[] = EXPERIMENT_NAMES.map((name) => ({
  id: `experiment-${name}`,
  words: `Experiment: ${titleOf(name)} (${EXPERIMENTS[name].step})`,
  run: () => {
    show(name);
  },
}));

const PACE_COMMANDS: readonly Command[] = PACES.map(({ id, name }) => ({
  id: `pace-${id}`,
  words: `Speed: ${name}`,
  run: () => {
    setPace(id);
  },
}));

const THEMES: readonly (readonly [Theme, string])[] = [
  ['light', 'light'],
  ['dark', 'dark'],
  ['system', 'as the system'],
];

const THEME_COMMANDS: readonly Command[] = THEMES.map(([theme, name]) => ({
  id: `theme-${theme}`,
  words: `Look: ${name}`,
  run: () => changeSettings({ theme }),
}));

/** In the order of the palette and the dialog of keys. */
export const COMMANDS: readonly Command[] = [
  ...menuCommands('play', 'step-forward', 'step-back', 'to-start', 'to-end'),
  ...JUMP_COMMANDS,
  ...menuCommands(
    'open',
    'run',
    'cancel',
    'save-result',
    'save-run',
    'find',
    'settings',
    'palette',
    'select-all',
  ),
  {
    id: 'sample',
    words: 'Run the built-in sample',
    isEnabled: () => !isRunning() && readsFile(useRun.getState().chosen),
    run: runSample,
  },
  { id: 'why', words: 'Why? The questions about this experiment', run: dialog('why') },
  menuCommand('guide'),
  {
    id: 'dismiss',
    words: 'Dismiss what was said: the sentences below the header',
    key: 'Escape',
    // A dialog's own Escape is the dialog's.
    isEnabled: () => shownNotices(useRun.getState()).length > 0 && useRun.getState().dialog === undefined,
    keyOnly: true,
    run: dismissNotices,
  },
  {
    id: 'close-details',
    words: 'Close the details of the fact that was chosen',
    key: 'Escape',
    isEnabled: () => usePlayer.getState().selectedSeq !== undefined && useRun.getState().dialog === undefined,
    keyOnly: true,
    run: unselect,
  },
  ...menuCommands('keys', 'about'),
  ...NOTE_COMMANDS,
  ...COMPARISON_COMMANDS,
  ...TIME_BAR_COMMANDS,
  ...SCALE_COMMANDS,
  ...TEXT_COMMANDS,
  ...EXPORT_COMMANDS,
  ...PANEL_COMMANDS,
  menuCommand('present'),
  ...PRESENTER_COMMANDS,
  ...EXPERIMENT_COMMANDS,
  ...PACE_COMMANDS,
  ...THEME_COMMANDS,
  {
    id: 'clear-recent',
    words: 'Clear the list of recent files',
    isEnabled: () => useRun.getState().recent.length > 0,
    run: clearRecent,
  },
];

export function isEnabled({ isEnabled: has }: Command): boolean {
  return has?.() ?? true;
}
