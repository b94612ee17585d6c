// The preload's bridge, typed, and the only place that calls it by name. A call that main refuses or fails is reported to the
// person here, once for all calls: its caller gets undefined and has nothing to report.

import type { Bridge, Calls } from '../../shared/ipc.ts';
import type { Result } from '../../shared/result.ts';

declare global {
  interface Window {
    readonly socketScope: Bridge<File>;
  }
}

const preload = window.socketScope;

type BridgeChannel = Exclude<keyof Calls, 'file:dropped'>;

let reportFailure: (channel: keyof Calls) => void = () => undefined;

/** Sets what reports to the person which call has failed. */
export function reportFailedCallsTo(report: (channel: keyof Calls) => void): void {
  reportFailure = report;
}

/** What the call gives, or undefined where it failed. Never rejects. */
async function answerOf<Answer>(
  channel: keyof Calls,
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    // Main has logged it, unless the call never reached main.
    console.error(`${channel} failed`, error);
    // An entry of the menu that is not greyed harms nobody: no sentence for each.
    if (channel !== 'menu:enable') reportFailure(channel);
    return undefined;
  }
}

export const bridge = {
  platform: preload.platform,
  /** Calls main. Undefined where the call failed, which has been reported to the person. */
  call<Channel extends BridgeChannel>(
    channel: Channel,
    ...args: Parameters<Calls[Channel]>
  ): Promise<ReturnType<Calls[Channel]> | undefined> {
    return answerOf(channel, () => preload.call(channel, ...args));
  },
  /** Opens dropped files. Undefined as above. */
  openDropped(files: readonly File[]): Promise<Result<void> | undefined> {
    return answerOf('file:dropped', () => preload.openDropped(files));
  },
};
