import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { runEnded, runStarted } from './facts-for-tests.ts';
import type { Fact, RecordedBytes } from './fact.ts';
import { newTranscript, printable, printableLine, transcriptOf } from './transcript.ts';
import { bytesOfBase64, bytesOfText } from './recorded-bytes.ts';

const seen = { seenBy: 'program', connection: 1 } as const;
const server = { address: '127.0.0.1', port: 50_007 };
const client = { address: '127.0.0.1', port: 41_794 };

function transcript(facts: readonly Fact[]): string[] {
  const state = newTranscript();
  return facts.flatMap((fact) => [...transcriptOf(fact, state)]);
}

function lineFacts(sent: RecordedBytes, answered: RecordedBytes, line = 1): Fact[] {
  const span = { offset: 0, bytes: 1 };
  return [
    { kind: 'wrote', peer: 'client', ...seen, ...span, side: 'client', data: sent, line },
    { kind: 'read', peer: 'server', ...seen, ...span, side: 'server' },
    { kind: 'line-transformed', peer: 'server', ...seen, ...span, line, by: 'grapheme', validUtf8: true },
    { kind: 'wrote', peer: 'server', ...seen, ...span, side: 'server', data: answered, line },
    { kind: 'read', peer: 'client', ...seen, ...span, side: 'client' },
    { kind: 'line-received', peer: 'client', ...seen, ...span, line },
  ];
}

const completed = runEnded('completed');
const connected: Fact = { kind: 'connected', peer: 'client', ...seen, local: client, remote: server };
const accepted: Fact = { kind: 'accepted', peer: 'server', ...seen, local: server, remote: client };
/** The server greets, and its client has received it. */
const greeting: Fact = {
  kind: 'wrote',
  peer: 'server',
  ...seen,
  side: 'server',
  offset: 0,
  bytes: 18,
  data: bytesOfText('Welcome to CS 352!'),
};
const greeted: Fact = {
  kind: 'text-received',
  peer: 'client',
  ...seen,
  side: 'client',
  offset: 0,
  bytes: 18,
};
const portInUse = { code: 'port-in-use', message: 'The port is in use.', detail: {} } as const;
const refused = { code: 'connection-refused', message: 'Nothing listens there.', detail: {} } as const;

describe('the transcript', () => {
  it("has the words of the course's report, in the order of the facts", () => {
    expect(
      transcript([
        { kind: 'server-created', peer: 'server', seenBy: 'program' },
        {
          kind: 'host-named',
          peer: 'server',
          seenBy: 'program',
          hostName: 'ilab1.cs.rutgers.edu',
          address: '128.6.4.101',
        },
        { kind: 'client-created', peer: 'client', seenBy: 'program' },
        accepted,
        connected,
        ...lineFacts(bytesOfText('HELLO\n'), bytesOfText('OLLEH\n')),
        ...lineFacts(bytesOfText('\n'), bytesOfText('\n'), 2),
        {
          kind: 'run-ended',
          seenBy: 'program',
          outcome: 'completed',
          linesSent: 2,
          linesReceived: 2,
          resultBytes: 7,
          linesByByte: 0,
        },
      ]),
    ).toEqual([
      '[S]: Server socket created',
      '[S]: Server host name is ilab1.cs.rutgers.edu',
      '[S]: Server IP address is 128.6.4.101',
      '[C]: Client socket created',
      "[S]: Got a connection request from a client at ('127.0.0.1', 41794)",
      '[S]: Data received from client: HELLO',
      '[C]: Data received from server: OLLEH',
      '[S]: Data received from client: ',
      '[C]: Data received from server: ',
      'Done.',
    ]);
  });

  it("has the report's order for the welcome: done before the client's socket is there", () => {
    const opening: readonly Fact[] = [
      runStarted('welcome'),
      { kind: 'server-created', peer: 'server', seenBy: 'program' },
      {
        kind: 'host-named',
        peer: 'server',
        seenBy: 'program',
        hostName: 'ilab1.cs.rutgers.edu',
        address: '128.6.4.101',
      },
      { kind: 'client-created', peer: 'client', seenBy: 'program' },
    ];
    // The kernel connects both at once: either side can get its event first.
    for (const middle of [
      [connected, accepted, greeting],
      [accepted, greeting, connected],
    ]) {
      expect(transcript([...opening, ...middle, greeted, completed])).toEqual([
        '[S]: Server socket created',
        '[S]: Server host name is ilab1.cs.rutgers.edu',
        '[S]: Server IP address is 128.6.4.101',
        'Done.',
        '[C]: Client socket created',
        "[S]: Got a connection request from a client at ('127.0.0.1', 41794)",
        '[C]: Data received from server: Welcome to CS 352!',
      ]);
    }
  });

  it('is done with refused when both sides have started, whichever is first', () => {
    const clientFirst: readonly Fact[] = [
      runStarted('refused'),
      { kind: 'client-created', peer: 'client', seenBy: 'program' },
      { kind: 'connect-called', peer: 'client', seenBy: 'program', remote: server },
      { kind: 'failed', peer: 'client', seenBy: 'program', problem: refused },
      { kind: 'slept', peer: 'server', seenBy: 'program', ms: 998 },
      { kind: 'server-created', peer: 'server', seenBy: 'program' },
      { kind: 'server-closed', peer: 'server', seenBy: 'program' },
      completed,
    ];
    expect(transcript(clientFirst)).toEqual([
      '[C]: Client socket created',
      '[C]: Nothing listens there.',
      'Done.',
      '[S]: Server socket created',
    ]);
    expect(
      transcript([
        runStarted('refused'),
        { kind: 'server-created', peer: 'server', seenBy: 'program' },
        { kind: 'slept', peer: 'client', seenBy: 'program', ms: 5_000 },
        { kind: 'client-created', peer: 'client', seenBy: 'program' },
        connected,
        greeting,
        greeted,
        completed,
      ]),
    ).toEqual([
      '[S]: Server socket created',
      'Done.',
      '[C]: Client socket created',
      '[C]: Data received from server: Welcome to CS 352!',
    ]);
  });

  it('names a second server', () => {
    expect(
      transcript([
        runStarted('in-use'),
        { kind: 'server-created', peer: 'server', seenBy: 'program' },
        { kind: 'server-created', peer: 'server-2', seenBy: 'program' },
        { kind: 'failed', peer: 'server-2', seenBy: 'program', problem: portInUse },
        { kind: 'server-closed', peer: 'server-2', seenBy: 'program' },
        { kind: 'server-closed', peer: 'server', seenBy: 'program' },
        completed,
      ]),
    ).toEqual([
      '[S]: Server socket created',
      '[S2]: Server socket created',
      '[S2]: The port is in use.',
      'Done.',
    ]);
  });

  it('names another program, and repeats what it sent to our client', () => {
    const program = { seenBy: 'program', program: 'python3', pid: 4_242 } as const;
    expect(
      transcript([
        runStarted('in-use'),
        { kind: 'program-started', peer: 'program', ...program, version: 'Python 3.11.7' },
        { kind: 'client-created', peer: 'client', seenBy: 'program' },
        connected,
        {
          kind: 'read',
          peer: 'client',
          ...seen,
          side: 'client',
          offset: 0,
          bytes: 11,
          data: bytesOfText('Welcome to '),
        },
        {
          kind: 'read',
          peer: 'client',
          ...seen,
          side: 'client',
          offset: 11,
          bytes: 7,
          data: bytesOfText('CS 352!'),
        },
        greeted,
        { kind: 'program-ended', peer: 'program', ...program, exitCode: 0 },
        { kind: 'server-created', peer: 'server', seenBy: 'program' },
        { kind: 'failed', peer: 'server', seenBy: 'program', problem: portInUse },
        completed,
      ]),
    ).toEqual([
      '[P]: Python 3.11.7 started (process 4242)',
      '[C]: Client socket created',
      '[C]: Data received from server: Welcome to CS 352!',
      '[P]: python3 ended',
      '[S]: Server socket created',
      '[S]: The port is in use.',
      'Done.',
    ]);
    expect(transcript([{ kind: 'program-ended', peer: 'program', ...program }])).toEqual([
      '[P]: python3 ended by a signal',
    ]);
    expect(transcript([{ kind: 'program-ended', peer: 'program', ...program, exitCode: 1 }])).toEqual([
      '[P]: python3 ended with exit code 1',
    ]);
  });

  it('keeps no more of what another program sends than a line can show', () => {
    const read: Fact = {
      kind: 'read',
      peer: 'client',
      ...seen,
      side: 'client',
      offset: 0,
      bytes: 600,
      data: bytesOfText('x'.repeat(600)),
    };
    const received: Fact = {
      kind: 'text-received',
      peer: 'client',
      ...seen,
      side: 'client',
      offset: 0,
      bytes: 1_800,
    };
    expect(transcript([connected, read, read, read, received])).toEqual([
      `[C]: Data received from server: ${'x'.repeat(1_000)} …`,
    ]);
  });

  it('keeps the same beginning of it, however it was cut and whatever is escaped', () => {
    const piece = fc.oneof(
      fc.constantFrom('x', '\n', '\x1b', 'é', '東', '\u{1F600}').map((unit) => ({ unit, times: 1_100 })),
      fc.record({ unit: fc.string({ minLength: 1, unit: 'binary' }), times: fc.nat(400) }),
    );
    const text = fc
      .array(piece, { maxLength: 4 })
      .map((pieces) => pieces.map(({ unit, times }) => unit.repeat(times)).join(''));
    const data = fc.oneof(
      text.map((all) => bytesOfText(all)),
      text.map((all) => ({
        bytes: bytesOfBase64(Buffer.from(all, 'latin1').toString('base64')) ?? new Uint8Array(),
      })),
    );
    fc.assert(
      fc.property(fc.array(data, { minLength: 1, maxLength: 3 }), (reads) => {
        const read = { kind: 'read', peer: 'client', ...seen, side: 'client', offset: 0, bytes: 1 } as const;
        const received: Fact = {
          kind: 'text-received',
          peer: 'client',
          ...seen,
          side: 'client',
          offset: 0,
          bytes: 1,
        };
        const whole = reads.reduce((received, each) => {
          if (received.length >= 1_000) return received;
          const all = received + printableLine(each);
          return all.length < 1_000 ? all : `${all.slice(0, 1_000)} …`;
        }, '');
        expect(
          transcript([connected, ...reads.map((each): Fact => ({ ...read, data: each })), received]),
        ).toEqual([`[C]: Data received from server: ${whole}`]);
      }),
    );
  });

  it('reports once that the server waits for its port, and when it has it', () => {
    const taken: Fact = { kind: 'failed', peer: 'server', seenBy: 'program', problem: portInUse };
    const listening: Fact = { kind: 'listening', peer: 'server', seenBy: 'program', local: server };
    expect(
      transcript([
        taken,
        { kind: 'port-awaited', peer: 'server', seenBy: 'program', port: 50_007 },
        taken,
        taken,
        listening,
        listening,
      ]),
    ).toEqual(['[S]: The port is in use.', '[S]: Waiting for port 50007', '[S]: Server got port 50007']);
  });

  it('names the address that it goes on over where the host name does not resolve', () => {
    const unknown: Fact = { kind: 'host-named', peer: 'server', seenBy: 'program', hostName: 'nowhere' };
    expect(transcript([runStarted('welcome'), unknown])).toEqual([
      '[S]: Server host name is nowhere',
      '[S]: nowhere does not resolve to an address; the exchange goes on over 127.0.0.1. An entry for it in the hosts file would make it resolve.',
    ]);
  });

  it('reports a failure on the side where it happened, and is then not done', () => {
    expect(
      transcript([
        { kind: 'host-named', peer: 'server', seenBy: 'program', hostName: 'lonely' },
        { kind: 'failed', peer: 'client', seenBy: 'program', problem: refused },
        { kind: 'failed', peer: 'server', seenBy: 'program', problem: refused },
        { kind: 'failed', seenBy: 'program', problem: refused },
        runEnded('failed'),
      ]),
    ).toEqual([
      '[S]: Server host name is lonely',
      '[S]: lonely does not resolve to an address; the exchange goes on without it. An entry for it in the hosts file would make it resolve.',
      '[C]: Nothing listens there.',
      '[S]: Nothing listens there.',
      'Nothing listens there.',
    ]);
  });

  it('repeats no line of another client', () => {
    const otherClient = { ...seen, connection: 2, offset: 0, bytes: 1, line: 1 } as const;
    expect(
      transcript([
        connected,
        {
          kind: 'accepted',
          peer: 'server',
          ...seen,
          connection: 2,
          local: server,
          remote: { address: '127.0.0.1', port: 9 },
        },
        { kind: 'line-transformed', peer: 'server', ...otherClient, by: 'byte', validUtf8: true },
        { kind: 'wrote', peer: 'server', ...otherClient, side: 'server', data: bytesOfText('x') },
      ]),
    ).toEqual(["[S]: Got a connection request from a client at ('127.0.0.1', 9)"]);
  });

  it('shows bytes that are not UTF-8 as bytes, and counts what a copy leaves out', () => {
    expect(
      transcript([
        connected,
        ...lineFacts(
          {
            bytes:
              bytesOfBase64(Buffer.from('caf\xe9\x1b\t!\n', 'latin1').toString('base64')) ?? new Uint8Array(),
          },
          { ...bytesOfText('abc'), leftOutBytes: 9 },
        ),
      ]),
    ).toEqual([
      '[S]: Data received from client: caf\\xe9\\x1b\t!',
      '[C]: Data received from server: abc … (9 bytes more)',
    ]);
  });

  it('decodes base 64 of any length', () => {
    for (let length = 0; length < 20; length += 1) {
      const bytes = Buffer.alloc(length, 0xff);
      const [line] = transcript([
        connected,
        ...lineFacts({ bytes: bytesOfBase64(bytes.toString('base64')) ?? new Uint8Array() }, bytesOfText('')),
      ]);
      expect(line).toBe(`[S]: Data received from client: ${'\\xff'.repeat(length)}`);
    }
  });

  it('lets nothing through that could control a terminal or the direction of the text', () => {
    let all = '';
    for (let code = 0; code < 0x3000; code += 1) all += String.fromCharCode(code);
    const shown = printable(all);
    expect(shown.replaceAll('\t', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(printable('\x1b[2J\u202eevil\r')).toBe('\\x1b[2J\\u202eevil\\x0d');
    expect(printable('tab\t naïve 東京 \u{1F600} \\')).toBe('tab\t naïve 東京 \u{1F600} \\');
  });
});
