// The only subscription to main: receives the MessagePort and puts what is pushed into the store.

import { assertNever } from '../../shared/result.ts';
import type { PORT_MESSAGE, Push } from '../../shared/ipc.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { failedCallSentence } from '../scene/failed-calls.ts';
import { bridge, reportFailedCallsTo } from './bridge.ts';
import { recordTask, showGuide } from './guide.ts';
import { restart } from './player.ts';
import { addPushed, setCounts, settleRun, showDialog, showNotice, showRun, useRun } from './run.ts';

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

/** Throttled to 10 Hz: each update re-renders half the window. */
const COUNTS_EVERY_MS = 100;

let latestCounts: Extract<Push, { type: 'counts' }> | undefined;
let countsTimer: ReturnType<typeof setTimeout> | undefined;

function handleCounts(push: Extract<Push, { type: 'counts' }>): void {
  latestCounts = push;
  countsTimer ??= setTimeout(showCounts, COUNTS_EVERY_MS);
}

function showCounts(): void {
  clearTimeout(countsTimer);
  countsTimer = undefined;
  if (latestCounts !== undefined) setCounts(latestCounts.run, latestCounts.counts);
  latestCounts = undefined;
}

/** Throttled: each push of facts re-renders the picture. */
const FACTS_EVERY_MS = 40;

let waitingFacts: { readonly run: number; readonly facts: TraceEvent[] } | undefined;
let factsTimer: ReturnType<typeof setTimeout> | undefined;

function handleFacts({ run, facts }: Extract<Push, { type: 'facts' }>): void {
  if (waitingFacts !== undefined && waitingFacts.run !== run) showFacts();
  waitingFacts ??= { run, facts: [] };
  for (const fact of facts) waitingFacts.facts.push(fact);
  factsTimer ??= setTimeout(showFacts, FACTS_EVERY_MS);
}

function showFacts(): void {
  clearTimeout(factsTimer);
  factsTimer = undefined;
  if (waitingFacts !== undefined) addPushed(waitingFacts.run, waitingFacts.facts);
  waitingFacts = undefined;
}

function handle(push: Push): void {
  switch (push.type) {
    case 'run-shown':
      showRun(push.info);
      restart();
      return;
    case 'facts':
      handleFacts(push);
      return;
    case 'counts':
      handleCounts(push);
      return;
    case 'run-settled':
      showFacts();
      showCounts();
      settleRun(push.run, push.result);
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
    case 'recent':
      useRun.setState({ recent: push.files });
      return;
    case 'show':
      if (push.what === 'guide') showGuide();
      else showDialog(push.what);
      return;
    default:
      assertNever(push);
  }
}
