// The state of the first start's guide: which tasks a person has done. That the guide is done is a setting, so that it is
// remembered.

import { create } from 'zustand';
import type { GuideStep, GuideTask } from '../scene/guide.ts';
import { GUIDE_TASKS, guideLine, guideStepAt, isManualMove, standsAtLine } from '../scene/guide.ts';
import { usePlayer } from './cursor.ts';
import { pause } from './player.ts';
import type { RunState } from './run.ts';
import { changeSettings, chooseExperiment, hasShownRun, useRun } from './run.ts';

interface GuideState {
  readonly done: readonly GuideTask[];
  /** All of it was done; the last sentence still stands there. */
  readonly leaving: boolean;
  /** Counts how often a person asked for the guide: each time the card gets the focus. */
  readonly asked: number;
}

export const useGuide = create<GuideState>()(() => ({ done: [], leaving: false, asked: 0 }));

/** The guide goes through the file experiment; with another one on the screen it waits. */
function isOpen({ settings, chosen }: RunState, { leaving }: GuideState): boolean {
  return (settings?.guideDone === false || leaving) && chosen === 'file';
}

function stepNow(run: RunState, guide: GuideState): GuideStep | undefined {
  return isOpen(run, guide) ? guideStepAt(guide.done, hasShownRun(run)) : undefined;
}

/** The step shown; undefined where the guide is done, was skipped, or waits. */
export function useGuideStep(): GuideStep | undefined {
  const guide = useGuide();
  return useRun((run) => stepNow(run, guide));
}

/** Records what a person has done, in whatever order it comes. */
export function recordTask(task: GuideTask): void {
  const guide = useGuide.getState();
  const run = useRun.getState();
  if (!isOpen(run, guide) || !hasShownRun(run) || guide.done.includes(task)) return;
  const done = [...guide.done, task];
  const leaving = GUIDE_TASKS.every((each) => done.includes(each));
  useGuide.setState({ done, leaving });
  if (leaving) void changeSettings({ guideDone: true });
}

/** Ends the guide, skipped or done: it comes again only when a person asks for it. */
export function closeGuide(): void {
  useGuide.setState({ done: [], leaving: false });
  if (useRun.getState().settings?.guideDone === false) void changeSettings({ guideDone: true });
}

/** Shows the guide from its beginning, and the experiment that it goes through. */
export function showGuide(): void {
  if (useRun.getState().chosen !== 'file') {
    chooseExperiment('file');
    pause();
  }
  useGuide.setState(({ asked }) => ({ done: [], leaving: false, asked: asked + 1 }));
  void changeSettings({ guideDone: false });
}

/** Watches for the tasks that are moves of the cursor. Returns a function that stops it. */
export function watchForTasks(): () => void {
  const stops = [
    usePlayer.subscribe((after, before) => {
      const run = useRun.getState();
      const step = stepNow(run, useGuide.getState());
      if (step === 'time' && isManualMove(before, after, run.counts.facts)) recordTask('time');
      if (step === 'line' && standsAtLine(run.facts, guideLine(run.counts.linesSent), after)) {
        recordTask('line');
      }
    }),
    useRun.subscribe(({ settings, chosen }, before) => {
      const { leaving } = useGuide.getState();
      // The person followed the last sentence.
      const went = leaving && chosen !== 'file';
      // The settings were reset to those of the first start.
      const again = before.settings?.guideDone === true && settings?.guideDone === false;
      if (went || again) useGuide.setState({ done: [], leaving: false });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
