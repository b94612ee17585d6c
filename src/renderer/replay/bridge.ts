// In the place of the app's bridge to main: answers the calls of the picture from the run that the page carries. Must be
// imported before all that calls it.

import type { Bridge, Calls } from '../../shared/ipc.ts';
import { failed, succeeded } from '../../shared/result.ts';
import { factsOf } from '../../shared/trace/packed.ts';
import { parseReplay } from '../../shared/replay.ts';

/** The run of this page. */
export const replay = parseReplay(document.getElementById('run')?.textContent ?? '');

type Answer<Channel extends keyof Calls> = (
  ...args: Parameters<Calls[Channel]>
) => ReturnType<Calls[Channel]>;

type Answers = { readonly [Channel in keyof Calls]?: Answer<Channel> };

const answers: Answers = {
  'run:page': ({ page }) => {
    const found = replay.pages.find((each) => each.page === page);
    return found === undefined ? failed('not-kept', 'These facts are not in this file.') : succeeded(found);
  },
  'run:landmarks': ({ from }) => succeeded(replay.landmarks.slice(from)),
  'run:seq-of-line': () => undefined,
  'run:fact': ({ seq }) => {
    for (const { parts } of replay.pages) {
      for (const part of parts) {
        if (seq < part.firstSeq) continue;
        for (const fact of factsOf(part)) if (!fact.ok || fact.value.seq === seq) return fact;
      }
    }
    return failed('not-kept', 'This fact is not in this file.');
  },
  'log:error': ({ text }) => {
    console.error(text);
  },
};

const bridge: Bridge<File> = {
  call<Channel extends keyof Calls>(channel: Channel, ...args: Parameters<Calls[Channel]>) {
    const answer: Answer<Channel> | undefined = answers[channel];
    if (answer === undefined) return Promise.reject(new Error(`A replay has no answer to ${channel}.`));
    return Promise.resolve(answer(...args));
  },
  openDropped: () => Promise.resolve(failed('busy', 'A replay opens no files.')),
  platform: 'web',
};

Object.defineProperty(window, 'socketScope', { value: bridge });
