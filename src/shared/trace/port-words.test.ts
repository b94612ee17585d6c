import { describe, expect, it } from 'vitest';

import { holderSentence } from './port-words.ts';
import type { PortHolder } from './fact.ts';

const local = { address: '127.0.0.1', port: 50_007 };
const remote = { address: '127.0.0.1', port: 9_999 };

describe('what holds a port, in one sentence', () => {
  it.each<[string, PortHolder, string]>([
    [
      'a listener with process and program',
      { what: 'listener', local, pid: 4_242, program: 'python3' },
      'Port 50007 is held by a program that listens on it: python3 (process 4242).',
    ],
    [
      'a listener with its process alone',
      { what: 'listener', local, pid: 4_242 },
      'Port 50007 is held by a program that listens on it: process 4242.',
    ],
    [
      'a listener that the system does not name',
      { what: 'listener', local },
      'Port 50007 is held by a program that listens on it; which one the system does not tell.',
    ],
    [
      'TIME_WAIT',
      { what: 'time-wait', local, remote, secondsLeft: 41 },
      'Port 50007 is still kept by a connection that has ended (TIME_WAIT): free again in about 41 s.',
    ],
    [
      'TIME_WAIT in its last moment',
      { what: 'time-wait', local, remote, secondsLeft: 0 },
      'Port 50007 is still kept by a connection that has ended (TIME_WAIT): free again at any moment.',
    ],
    [
      'TIME_WAIT on a system that does not report how long it lasts',
      { what: 'time-wait', local, remote },
      'Port 50007 is still kept by a connection that has ended (TIME_WAIT); for how long this system does not tell: try again in a minute.',
    ],
    [
      'an open connection with process and program',
      { what: 'connection', local, remote, pid: 4_242, program: 'curl' },
      'Port 50007 is in use by an open connection to 127.0.0.1:9999 (process 4242, curl).',
    ],
    [
      'an open connection over IPv6, with its process alone',
      { what: 'connection', local, remote: { address: '::1', port: 9_999 }, pid: 4_242 },
      'Port 50007 is in use by an open connection to [::1]:9999 (process 4242).',
    ],
    [
      'an open connection that the system does not name',
      { what: 'connection', local, remote },
      'Port 50007 is in use by an open connection to 127.0.0.1:9999.',
    ],
    ['a reason', { what: 'unknown', why: 'The table is locked.' }, 'The table is locked.'],
    ['no reason', { what: 'unknown', why: '' }, 'Nobody can be seen on port 50007 any more: try again.'],
  ])('of %s', (_name, holder, sentence) => {
    expect(holderSentence(50_007, holder)).toBe(sentence);
  });

  it('lets no program name control a terminal or break the line', () => {
    const sentence = holderSentence(50_007, { what: 'listener', local, pid: 1, program: 'a\u001b[2J\nb' });
    expect(sentence).toBe('Port 50007 is held by a program that listens on it: a\\x1b[2J\\x0ab (process 1).');
  });
});
