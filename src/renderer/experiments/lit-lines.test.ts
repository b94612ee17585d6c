import { describe, expect, it } from 'vitest';

import { EXPERIMENT_NAMES } from '../../shared/experiments/definitions.ts';
import { LANGUAGES } from '../../shared/experiments/programs/program.ts';
import type { Language, Program, ProgramOptions } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import type { Side } from '../../shared/trace/fact.ts';
import { labelOf } from '../scene/describe.ts';
import { stamped, WHOLE_RUN } from '../scene/facts-for-tests.ts';
import { litLines } from './lit-lines.ts';
import { litTexts } from './lit-texts-for-tests.ts';
import { programOptions } from './program-options.ts';
import { SETTINGS } from './settings-for-tests.ts';

const OPTIONS: ProgramOptions = programOptions({
  settings: SETTINGS,
  facts: [],
  round: undefined,
  inputName: 'in-proj.txt',
  resultName: undefined,
});

/** The lit lines at the first fact of a kind, on a side where that is named. */
function lit(kind: string, language: Language, side?: Side): ReturnType<typeof litTexts> {
  const event = WHOLE_RUN.find(
    (fact) => fact.kind === kind && (side === undefined || ('side' in fact && fact.side === side)),
  );
  return litTexts(WHOLE_RUN, event?.seq ?? NaN, programsOf('file', language, OPTIONS));
}

describe('the programs beside the picture', () => {
  it('light the call that the cursor stands on', () => {
    expect(lit('listening', 'Python')[1]).toBe('ss.listen(1)');
    expect(lit('accepted', 'Python')[1]).toBe('conn, addr = ss.accept()');
    expect(lit('wrote', 'Python', 'client')[0]).toBe('cs.sendall(text + b"\\n")');
    expect(lit('line-transformed', 'Python')[1]).toBe('reply = reverse(line, number == 0)');
    expect(lit('line-transformed', 'Node')[1]).toBe('const reply = reverse(rest.subarray(0, end), isFirst);');
    expect(lit('line-received', 'Python')[0]).toBe('out.write(reply[:-1] + line[len(text):])');
  });

  it('keep the other side at the call it made last', () => {
    expect(lit('line-transformed', 'Python')).toEqual([
      'cs.sendall(text + b"\\n")',
      'reply = reverse(line, number == 0)',
    ]);
  });

  it('light who had the port before, where TIME_WAIT keeps it, and then the server', () => {
    const requested = { address: '127.0.0.1', port: 50_007 };
    const program = { peer: 'program', seenBy: 'program', program: 'python3', pid: 4711 } as const;
    const server = { peer: 'server', seenBy: 'program' } as const;
    const facts = stamped([
      { kind: 'program-started', ...program },
      { kind: 'program-ended', ...program },
      { kind: 'server-created', ...server },
      { kind: 'listen-called', ...server, requested },
      {
        kind: 'failed',
        ...server,
        problem: { code: 'port-in-use', message: 'Port 50007 is in use.', detail: { errno: 98 } },
      },
    ]);
    for (const language of LANGUAGES) {
      const programs = programsOf('in-use', language, { ...OPTIONS, takenBy: 'time-wait' });
      const texts = facts.map(({ seq }) => litTexts(facts, seq, programs)[1]);
      expect(texts.slice(0, 2)).toEqual(['ss.listen(1)', 'ss.close()']);
      expect(texts[2]).toMatch(/socket\(\)|createServer\(\)/);
      expect(texts[3]).toMatch(/ss\.(bind|listen)\(/);
      expect(texts[4]).toMatch(/error/);
      expect(litLines(facts, 2, programs).server?.program).toBe(0);
      expect(litLines(facts, 3, programs).server?.program).toBe(2);
    }
  });

  it('light nothing before the first call', () => {
    expect(litLines(WHOLE_RUN, 0, programsOf('file', 'Python', OPTIONS))).toEqual({});
  });

  it('keep a line lit where a fact has none', () => {
    const facts = stamped([
      { kind: 'server-created', peer: 'server', seenBy: 'program' },
      { kind: 'host-named', peer: 'server', seenBy: 'program', hostName: 'here' },
    ]);
    expect(litTexts(facts, 2, programsOf('file', 'Python', OPTIONS))[1]).toBe('ss = socket()');
  });

  it('have a line for opening, moving bytes and closing, in every experiment and language', () => {
    const callsOf = (programs: readonly Program[], side: Side): ReadonlySet<string> =>
      new Set(
        programs
          .flatMap(({ lines }) => lines)
          .filter((line) => line.side === side)
          .flatMap(({ calls }) => calls),
      );
    for (const experiment of EXPERIMENT_NAMES.filter((name) => name !== 'in-use')) {
      for (const language of LANGUAGES) {
        const programs = programsOf(experiment, language, { ...OPTIONS, startAfterMs: 100 });
        for (const call of ['socket', 'connect', 'connected', 'recv', 'use', 'end', 'close']) {
          expect([experiment, language, 'client', call, callsOf(programs, 'client').has(call)]).toContain(
            true,
          );
        }
        for (const call of ['socket', 'bind', 'listen', 'accept', 'send', 'end', 'close', 'close-server']) {
          expect([experiment, language, 'server', call, callsOf(programs, 'server').has(call)]).toContain(
            true,
          );
        }
      }
    }
  });

  it('share their words for calls with the picture', () => {
    const labels = (language: Language): readonly string[] =>
      WHOLE_RUN.map((event) => labelOf(event, 'reverse', language));
    for (const [language, words] of [
      ['Python', ['bind(50007)', 'sendall 6 B', 'recv 6 B', 'ends its side']],
      ['Node', ['listen(50007)', 'write 6 B', 'data 6 B', 'end()']],
    ] as const) {
      for (const word of words) expect(labels(language)).toContain(word);
    }
  });
});
