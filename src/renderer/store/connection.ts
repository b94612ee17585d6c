// The only subscription to main: receives the MessagePort and puts what is pushed into the store.

import { assertNever } from '../../shared/result.ts';
import type { PORT_MESSAGE, Push } from '../../shared/ipc.ts';
import { CUT_OFF } from '../experiments/summary.ts';
import { currentFailure } from '../scene/current-failure.ts';
import { failureTitle } from '../scene/failure-words.ts';
import { failedCallSentence } from '../scene/failed-calls.ts';
import { bridge, reportFailedCallsTo } from './bridge.ts';
import { forgetComparison } from './comparison.ts';
import { recordTask } from './guide.ts';
import { runMenuCommand } from './menu.ts';
import { forgetNotes, receiveNotes } from './notes.ts';
import { restart, restartAt, toEnd } from './player.ts';
import { presentationEnded } from './presentation.ts';
import { usePlayer } from './cursor.ts';
import { settleRun, showNotice, showRun, useRun, type RunState } from './run.ts';
import { forgetPages, progressed, settled } from './trace-view.ts';

const PORT: typeof PORT_MESSAGE = 'socketscope:port';

/** Listens for main's port, then reports the window ready. Resolves once main's answer is in the store; call once. */
export async function connectToMain(): Promise<void> {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    // Only this window's own preload can post with our source and origin.
    if (
      event.source !== window ||
      event.origin !== location.origin ||
      event.data !== PORT ||
      port === undefined
    )
      return;
    port.onmessage = (message: MessageEvent<Push>) => {
      handle(message.data);
    };
  });
  reportFailedCallsTo((channel) => {
    showNotice({ tone: 'error', text: failedCallSentence(channel, useRun.getState().app?.logFolder) });
  });
  const app = await bridge.call('app:ready');
  if (app === undefined) return;
  // A push that came first is newer than the answer.
  useRun.setState((state) => ({
    app,
    settings: app.settings,
    recent: app.recent,
    input: state.input ?? app.input,
  }));
  void bridge.call('ports:history').then((portHistory) => {
    if (portHistory !== undefined) useRun.setState({ portHistory });
  });
}

/** A run has settled when what happened in it is here. */
async function settle({ run, result }: Extract<Push, { type: 'run-settled' }>): Promise<void> {
  await settled();
  settleRun(run, result);
  const state = useRun.getState();
  if (state.info?.run !== run) return;
  if (state.info.origin === 'live') showWhatWentWrong(state);
  else if (state.landmarks.at(-1)?.kind !== 'run-ended') {
    showNotice({ tone: 'info', text: CUT_OFF, run });
  }
}

/** What ended the run is in sight: it is recorded at its end. Where the person has stopped the cursor, a notice leads to it. */
function showWhatWentWrong({ info, landmarks }: RunState): void {
  const ended = landmarks.at(-1);
  const failure = currentFailure(landmarks, Infinity);
  if (info === undefined || ended?.kind !== 'run-ended' || ended.outcome === 'completed') return;
  const { playing, following } = usePlayer.getState();
  if (playing || following) toEnd();
  else if (failure !== undefined) {
    showNotice({ tone: 'info', text: `${failureTitle(failure)}.`, run: info.run, offer: 'show-the-end' });
  }
}

function handle(push: Push): void {
  switch (push.type) {
    case 'run-shown':
      forgetPages();
      forgetComparison();
      showRun(push.info);
      forgetNotes();
      if (push.info.openAt === undefined) restart();
      else restartAt(push.info.openAt);
      return;
    case 'notes':
      if (useRun.getState().info?.run === push.run) receiveNotes(push.run, push.notes, push.unsaved);
      return;
    case 'progress':
      progressed(push.run, push.progress);
      return;
    case 'run-settled':
      void settle(push);
      return;
    case 'runs':
      useRun.setState({ runs: push.runs });
      return;
    case 'input':
      useRun.setState({ input: push.input });
      return;
    case 'notice':
      showNotice(push.notice);
      return;
    case 'port-history':
      useRun.setState({ portHistory: push.history });
      return;
    case 'result-taken':
      recordTask('result');
      return;
    case 'settings':
      useRun.setState({ settings: push.settings });
      return;
    case 'presentation-ended':
      presentationEnded();
      return;
    case 'recent':
      useRun.setState({ recent: push.files });
      return;
    case 'command':
      runMenuCommand(push.id);
      return;
    default:
      assertNever(push);
  }
}
