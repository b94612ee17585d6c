import { describe, expect, it } from 'vitest';

import { failedCallSentence } from './failed-calls.ts';

describe('the sentence about a call that failed unexpectedly', () => {
  it('says what did not come about and where the log is', () => {
    expect(failedCallSentence('run:start', '/home/ada/logs')).toBe(
      'The run could not be started: something went wrong that SocketScope was not prepared for. What it was is written in the log in /home/ada/logs.',
    );
  });

  it('does without the place before main has sent it', () => {
    expect(failedCallSentence('app:ready', undefined)).toMatch(
      /^The window could not be connected to the app: .* is written in the log\.$/,
    );
  });
});
