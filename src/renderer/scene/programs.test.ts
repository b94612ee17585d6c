import { describe, expect, it } from 'vitest';
import { EXPERIMENT_NAMES } from '../../shared/trace.ts';
import { WHOLE_RUN } from './facts-for-tests.ts';
import { litLines, programOf } from './programs.ts';
import type { Language } from './programs.ts';

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
    expect(lit('line-transformed', 'Node')[1]).toBe('const turned = reverse(line);');
    expect(lit('line-received', 'Python')[0]).toBe('out.write(reply)');
  });

  it('keep the other side at the call it made last', () => {
    expect(lit('line-transformed', 'Python')).toEqual([
      'cs.sendall(line)',
      'text = line[:-1].decode()[::-1]',
    ]);
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
