// The state of the window: the run shown, its facts, and what main sent. Only pushes from main and the functions here change
// it. Views read narrow selections of it.

import { create } from 'zustand';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import type { TraceProgress } from '../../shared/trace/packed.ts';
import type {
  AppInfo,
  InputInfo,
  ListedRun,
  Notice,
  PastPorts,
  RecentFile,
  RunInfo,
  RunResult,
  Settings,
  SettingsChange,
} from '../../shared/ipc.ts';
import type { Result } from '../../shared/result.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { printable } from '../../shared/trace/transcript.ts';
import { bridge } from './bridge.ts';
import { EMPTY_VIEW, type View } from './pages.ts';
import type { ExperimentName, OptionName, OptionValues } from '../../shared/experiments/definitions.ts';

export type DialogName = 'keys' | 'about' | 'why' | 'settings' | 'palette';

type SettingsPart = 'network';

export type Phase = 'empty' | 'running' | 'settled';

export interface ShownNotice extends Notice {
  readonly id: number;
}

export interface RunState {
  readonly app?: AppInfo;
  readonly settings?: Settings;
  readonly input?: InputInfo;
  readonly info?: RunInfo;
  /** The experiment that the window shows; its own run is drawn, another one's waits. */
  readonly chosen: ExperimentName;
  readonly phase: Phase;
  /** The facts of the whole run that are not about lines. */
  readonly landmarks: readonly TraceEvent[];
  /** The page in which the cursor stands. */
  readonly view: View;
  /** What is at hand: the facts of the view and the landmarks, in order, with gaps where others are between them. */
  readonly facts: readonly TraceEvent[];
  /** Counts up when a page came. */
  readonly pagesChanged: number;
  readonly counts: TraceProgress;
  readonly result: RunResult | undefined;
  readonly notices: readonly ShownNotice[];
  /** The runs of `ports` that main remembers, oldest first. */
  readonly portHistory: readonly PastPorts[];
  /** The runs since the start of the app that can be shown again, the newest last. */
  readonly runs: readonly ListedRun[];
  /** The files opened last, the newest first. */
  readonly recent: readonly RecentFile[];
  readonly dialog: DialogName | undefined;
  /** The part of the settings that was asked for, if any: it gets the focus. */
  readonly settingsAt: SettingsPart | undefined;
}

export const NO_PROGRESS: TraceProgress = { ...NO_COUNTS, landmarks: 0 };

/** What belongs to one run and is gone with it. */
const NOTHING_YET = {
  landmarks: [],
  view: EMPTY_VIEW,
  facts: [],
  counts: NO_PROGRESS,
  result: undefined,
  notices: [],
} satisfies Partial<RunState>;

export const useRun = create<RunState>()(() => ({
  ...NOTHING_YET,
  chosen: 'file',
  pagesChanged: 0,
  portHistory: [],
  runs: [],
  recent: [],
  phase: 'empty',
  dialog: undefined,
  settingsAt: undefined,
}));

/** Shows another experiment. The run of the one before stays where it is until a new run begins. */
export function chooseExperiment(chosen: ExperimentName): void {
  useRun.setState({ chosen });
  void bridge.call('experiment:choose', { experiment: chosen });
}

/** Whether the run at hand is one of the experiment that is shown. */
export function hasShownRun({ info, chosen }: RunState): boolean {
  return info?.experiment === chosen;
}

let lastNotice = 0;

/** More than these are not kept: the oldest goes. */
const MAX_NOTICES = 4;

export function showNotice(notice: Notice): void {
  lastNotice += 1;
  // A path or a name from a foreign file must not reverse the direction of the sentence.
  const shown = { ...notice, text: printable(notice.text), id: lastNotice };
  useRun.setState(({ notices }) => ({
    notices: [...notices.filter((other) => !isReplacedBy(other, shown)), shown].slice(-MAX_NOTICES),
  }));
}

/** The same again, or a newer state of the same: what was done last, what came to the run last, which file waits. */
function isReplacedBy(older: ShownNotice, newer: ShownNotice): boolean {
  if (older.tone !== newer.tone) return false;
  return newer.tone !== 'error' || older.text === newer.text || isAboutWaiting(older, newer);
}

function isAboutWaiting(older: Notice, newer: Notice): boolean {
  return older.offer === 'cancel-and-run' && newer.offer === 'cancel-and-run';
}

/** The notices that belong to what the window shows. */
export function shownNotices(state: RunState): readonly ShownNotice[] {
  return state.notices.filter(
    ({ run }) => run === undefined || (run === state.info?.run && hasShownRun(state)),
  );
}

/** Shows why something did not work; nothing where it did, or where that was reported already (bridge.ts). */
export function reportProblem(answer: Result<unknown> | undefined, run?: number): void {
  // Of notes that were kept the person has decided themselves.
  if (answer?.ok === false && answer.problem.code !== 'notes-kept') {
    const { problem } = answer;
    showNotice({ tone: 'error', text: problem.message, problem, ...(run === undefined ? {} : { run }) });
  }
}

export function dismissNotice(id: number): void {
  useRun.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

/** Dismisses all there are. */
export function dismissNotices(): void {
  useRun.setState({ notices: [] });
}

/** Shows a dialog in place of the one there may be; of the settings, beginning at a part of them. */
export function showDialog(dialog: DialogName | undefined, settingsAt?: SettingsPart): void {
  useRun.setState({ dialog, settingsAt });
}

export function showRun(info: RunInfo): void {
  useRun.setState({ ...NOTHING_YET, info, chosen: info.experiment, phase: 'running' });
}

export function settleRun(run: number, result: RunResult | undefined): void {
  useRun.setState((state) =>
    state.info?.run === run
      ? {
          phase: 'settled',
          result,
          // No run is under way any more that could be cancelled.
          notices: state.notices.filter(({ offer }) => offer !== 'cancel-and-run'),
        }
      : state,
  );
}

/** Shows the change at once; main's answer replaces it. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  const { settings: before } = useRun.getState();
  if (before !== undefined) useRun.setState({ settings: { ...before, ...change } });
  const settings = (await bridge.call('settings:change', change)) ?? before;
  if (settings !== undefined) useRun.setState({ settings });
}

/** Changes one option of the experiments. */
export async function changeOption<Name extends OptionName>(
  name: Name,
  value: OptionValues[Name],
): Promise<void> {
  await changeSettings(changeOf(name, value));
}

function changeOf<Name extends OptionName>(name: Name, value: OptionValues[Name]): SettingsChange;
function changeOf(name: string, value: unknown): object {
  return { [name]: value };
}

/** Has main ask the person; only their answer in the system's box opens anything. */
export async function askToOpenToNetwork(): Promise<void> {
  const settings = await bridge.call('network:open');
  if (settings !== undefined) useRun.setState({ settings });
}

/**
 * Resets all settings to those of the first start. Resolves with the settings before, for an undo, and those after;
 * undefined where that failed.
 */
export async function resetSettings(): Promise<
  { readonly before: Settings | undefined; readonly now: Settings } | undefined
> {
  const { settings: before } = useRun.getState();
  const now = await bridge.call('settings:reset');
  if (now === undefined) return undefined;
  useRun.setState({ settings: now });
  return { before, now };
}
