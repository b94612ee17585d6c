import { describe, expect, it } from 'vitest';
import { type Transform } from '../../shared/trace/fact.ts';
import { stamped, WHOLE_RUN } from '../scene/facts-for-tests.ts';
import { litLines, programOf } from './example-programs.ts';
import type { Language } from './example-programs.ts';
import { EXPERIMENT_NAMES } from '../../shared/experiments/definitions.ts';

const LANGUAGES: readonly Language[] = ['Python', 'Node'];

function lit(
  kind: string,
  language: Language,
  side?: string,
): readonly [string | undefined, string | undefined] {
  const programs = {
    client: programOf('file', 'client', language),
    server: programOf('file', 'server', language),
  };
  const event = WHOLE_RUN.find(
    (fact) => fact.kind === kind && (side === undefined || ('side' in fact && fact.side === side)),
  );
  const { client, server } = litLines(WHOLE_RUN, event?.seq ?? NaN, programs);
  return [programs.client[client]?.text.trim(), programs.server[server]?.text.trim()];
}

describe('the programs beside the picture', () => {
  it('light the call that the cursor stands on', () => {
    expect(lit('listening', 'Python')[1]).toBe('ss.listen(1)');
    expect(lit('accepted', 'Python')[1]).toBe('conn, addr = ss.accept()');
    expect(lit('wrote', 'Python', 'client')[0]).toBe('cs.sendall(line)');
    expect(lit('line-transformed', 'Python')[1]).toBe('text = line[:-1].decode()[::-1]');
    expect(lit('line-transformed', 'Node')[1]).toBe('const reversed = reverse(line);');
    expect(lit('line-received', 'Python')[0]).toBe('out.write(reply)');
  });

  it('keep the other side at the call it made last', () => {
    expect(lit('line-transformed', 'Python')).toEqual([
      'cs.sendall(line)',
      'text = line[:-1].decode()[::-1]',
    ]);
  });

  it('send as many lines before they read a reply as may be on their way', () => {
    const client = (language: Language, inFlight: number): string =>
      programOf('file', 'client', language, { inFlight })
        .map(({ text }) => text)
        .join('\n');
    expect(client('Python', 1)).not.toContain('on_their_way');
    expect(client('Python', 50)).toContain('    if on_their_way == 50:\n        reply = replies.readline()');
    expect(client('Node', 50)).toContain('  if (onTheirWay === 50) {\n    const reply = await nextLine(cs);');
    expect(client('Node', 50)).toContain("cs.write(line + '\\n');");
  });

  it('change the case where the run does, in both languages', () => {
    const text = (language: Language, transform: Transform, experiment: 'file' | 'string'): string =>
      programOf(experiment, 'server', language, { transform })
        .filter((entry) => entry.calls.some((call) => call === 'reverse' || call === 'send'))
        .map((entry) => entry.text.trim())
        .join(' ');
    expect(text('Python', 'upper-case', 'file')).toContain('text = line[:-1].decode().upper()');
    expect(text('Python', 'swap-case', 'string')).toContain('text = text.decode().swapcase()');
    expect(text('Node', 'upper-case', 'string')).toContain(
      'const answer = text.toUpperCase(); conn.end(answer);',
    );
    expect(text('Node', 'swap-case', 'file')).toContain('const answer = swapCase(line); conn.write(answer');
  });

  it('show who had the port before, where TIME_WAIT keeps it, and light both programs of the server’s side', () => {
    const facts = stamped([
      { kind: 'program-started', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711 },
      { kind: 'program-ended', peer: 'program', seenBy: 'program', program: 'python3', pid: 4711 },
      { kind: 'server-created', peer: 'server', seenBy: 'program' },
      {
        kind: 'listen-called',
        peer: 'server',
        seenBy: 'program',
        requested: { address: '127.0.0.1', port: 50_007 },
      },
    ]);
    for (const language of LANGUAGES) {
      const programs = {
        client: programOf('in-use', 'client', language, { takenBy: 'time-wait' }),
        server: programOf('in-use', 'server', language, { takenBy: 'time-wait' }),
      };
      const litTexts = facts.map(({ seq }) => programs.server[litLines(facts, seq, programs).server]?.text);
      expect(litTexts.slice(0, 2)).toEqual(['ss.listen(1)', 'ss.close()']);
      expect(litTexts[2]).toMatch(/socket\.socket\(\)|createServer\(\)/);
      expect(litTexts[3]).toMatch(/ss\.(bind|listen)\(/);
      expect(programs.server.findIndex(({ calls }) => calls.includes('socket'))).toBeGreaterThan(7);
    }
  });

  it('light nothing before the first call', () => {
    const programs = {
      client: programOf('file', 'client', 'Python'),
      server: programOf('file', 'server', 'Python'),
    };
    expect(litLines(WHOLE_RUN, 0, programs)).toEqual({ client: -1, server: -1, at: undefined });
  });

  it('have a line for opening, moving bytes and closing, in every experiment and language', () => {
    for (const experiment of EXPERIMENT_NAMES.filter((name) => name !== 'in-use')) {
      for (const language of LANGUAGES) {
        const calls = (side: 'client' | 'server'): Set<string> =>
          new Set(programOf(experiment, side, language).flatMap((entry) => entry.calls));
        for (const call of ['socket', 'connect', 'connected', 'recv', 'use', 'end', 'close']) {
          expect([experiment, language, 'client', call, calls('client').has(call)]).toContain(true);
        }
        for (const call of ['socket', 'bind', 'listen', 'accept', 'send', 'end', 'close', 'close-server']) {
          expect([experiment, language, 'server', call, calls('server').has(call)]).toContain(true);
        }
      }
    }
  });
});
