import { describe, expect, it } from 'vitest';

import { parseRequest } from './arguments.ts';
import { HELP } from './help.ts';

const parse = (...args: string[]) => parseRequest(args, '/home/student');

describe('the command line', () => {
  it('has the defaults of the course and resolves paths against the folder it was typed in', () => {
    expect(parse('in-proj.txt', '../out-proj.txt')).toEqual({
      ok: true,
      value: {
        help: false,
        exchange: {
          experiment: 'file',
          inputPath: '/home/student/in-proj.txt',
          outputPath: '/home/out-proj.txt',
          openToNetwork: false,
          tracePath: undefined,
          quiet: false,
          wait: false,
          handOvers: ['a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character'],
          options: {
            transform: 'reverse',
            port: 50_007,
            by: 'grapheme',
            maxLineBytes: 1_048_576,
            inFlight: 1,
            greeting: 'Welcome to CS 352!',
            text: 'HELLO',
            startAfterMs: -100,
            takenBy: 'listener',
            rounds: 60,
            pauseMs: 0,
            handOver: 'a-write-a-line',
            readWhen: 'late',
            runs: 10,
          },
        },
      },
    });
  });

  it('takes any free port for what a program leaves behind, unless one is named', () => {
    const timeWait = ['run', 'in-use', '--taken-by', 'time-wait'];
    expect(parse(...timeWait)).toMatchObject({ value: { exchange: { options: { port: 0 } } } });
    expect(parse(...timeWait, '--port', '50007')).toMatchObject({
      value: { exchange: { options: { port: 50_007 } } },
    });
    expect(parse('run', 'in-use')).toMatchObject({ value: { exchange: { options: { port: 50_007 } } } });
  });

  it('accepts every option, before and after the files', () => {
    expect(
      parse(
        '--port',
        '0',
        'in',
        '--by=byte',
        '/tmp/out',
        '--max-line',
        '67108864',
        '--in-flight',
        '1000',
        '--trace',
        't.jsonl',
        '--quiet',
      ),
    ).toMatchObject({
      value: {
        exchange: {
          options: { port: 0, by: 'byte', maxLineBytes: 67_108_864, inFlight: 1_000 },
          tracePath: '/home/student/t.jsonl',
          quiet: true,
          outputPath: '/tmp/out',
        },
      },
    });
  });

  it('accepts any text for string', () => {
    for (const text of ['HELLO', 'two words', '-x', '👨‍👩‍👧', 'in-proj.txt']) {
      expect(parse('--experiment', 'string', '--by', 'byte', '--', text)).toMatchObject({
        value: {
          exchange: {
            experiment: 'string',
            options: { text, by: 'byte', port: 50_007 },
            tracePath: undefined,
          },
        },
      });
    }
  });

  it('accepts the transform of a line, for file and string', () => {
    expect(parse('--transform', 'upper-case', 'in', 'out')).toMatchObject({
      value: { exchange: { experiment: 'file', options: { transform: 'upper-case' } } },
    });
    expect(parse('--experiment=string', '--transform=swap-case', 'Hello')).toMatchObject({
      value: { exchange: { experiment: 'string', options: { transform: 'swap-case' } } },
    });
  });

  it('accepts the experiment after run, with the same meaning as --experiment', () => {
    for (const [name, ...rest] of [
      ['file', 'in', 'out', '--in-flight', '3'],
      ['string', '--by', 'byte', 'two words'],
      ['boundaries', 'in', '--hand-over', 'all-at-once'],
      ['race', '--rounds', '3'],
      ['welcome', '--open-to-network'],
    ] as const) {
      expect(parse('run', name, ...rest)).toEqual(parse('--experiment', name, ...rest));
      expect(parse('run', name, ...rest)).toMatchObject({
        ok: true,
        value: { exchange: { experiment: name } },
      });
    }
    expect(parse('run', '--help')).toEqual({ ok: true, value: { help: true } });
    expect(parse('run', 'file', '--help')).toEqual({ ok: true, value: { help: true } });
  });

  it("accepts a greeting for welcome, the course's own unless another is given", () => {
    expect(parse('--experiment=welcome')).toMatchObject({
      value: { exchange: { experiment: 'welcome', options: { greeting: 'Welcome to CS 352!' } } },
    });
    expect(parse('--greeting', 'Salve', '--experiment', 'welcome', '--port', '7')).toMatchObject({
      value: { exchange: { options: { greeting: 'Salve', port: 7 } } },
    });
    expect(parse('--experiment', 'file', 'in', 'out')).toEqual(parse('in', 'out'));
  });

  it('accepts the time at which the client of refused starts, with a minus sign after a space or an =', () => {
    expect(parse('--experiment', 'refused')).toMatchObject({
      value: {
        exchange: {
          experiment: 'refused',
          options: { startAfterMs: -100, greeting: 'Welcome to CS 352!', port: 50_007 },
        },
      },
    });
    for (const [given, startAfterMs] of [
      [['--start-after', '-1000'], -1_000],
      [['--start-after=-5'], -5],
      [['--start-after', '0'], 0],
      [['--start-after', '5000'], 5_000],
    ] as const) {
      expect(parse('--experiment', 'refused', ...given, '--greeting', 'Salve', '--quiet')).toMatchObject({
        value: { exchange: { options: { startAfterMs, greeting: 'Salve' }, quiet: true } },
      });
    }
    // Behind -- it is a text like any other.
    expect(parse('--experiment', 'string', '--', '--start-after')).toMatchObject({
      value: { exchange: { options: { text: '--start-after' } } },
    });
  });

  it('accepts a port and a trace for in-use, and nothing else', () => {
    expect(parse('--experiment', 'in-use', '--port', '0', '--trace', 't')).toMatchObject({
      value: { exchange: { experiment: 'in-use', options: { port: 0 }, tracePath: '/home/student/t' } },
    });
  });

  it.each([
    [['--experiment', 'string', ''], 'There is nothing to send: type at least one character.'],
    [
      ['--experiment', 'string', 'a\nb'],
      'The text has a line break in it, and one line is sent: leave the line break out, or send the lines as a file.',
    ],
    [
      ['--experiment', 'welcome', '--greeting', ''],
      'There is nothing to greet with: type at least one character.',
    ],
    [
      ['--experiment', 'welcome', '--greeting', 'x'.repeat(1_001)],
      'The greeting is 1001 bytes long and may have 1000 at most: make it shorter.',
    ],
  ])('%j is refused for what would be sent', (args, message) => {
    expect(parse(...args)).toMatchObject({ ok: false, problem: { code: 'bad-option', message } });
  });

  it('asks for help whatever else is there, and names every option in it', () => {
    expect(parse('--help')).toEqual({ ok: true, value: { help: true } });
    for (const option of [
      '--experiment',
      '--greeting',
      '--start-after',
      '--port',
      '--transform',
      '--by',
      '--max-line',
      '--in-flight',
      '--trace',
      '--quiet',
      '--help',
    ])
      expect(HELP).toContain(option);
  });

  it.each([
    [[], 'Two files are wanted, INPUT and OUTPUT; 0 were given.'],
    [['in'], 'Two files are wanted, INPUT and OUTPUT; 1 was given.'],
    [['in', 'out', 'more'], 'Two files are wanted, INPUT and OUTPUT; 3 were given.'],
    [['', 'out'], 'INPUT is empty.'],
    [['in', 'o\0ut'], 'OUTPUT has a NUL in it, which no path can have.'],
    [['in', 'out', '--trace', ''], '--trace is empty.'],
    [['in', 'out', '--port', '65536'], '--port takes a number from 0 to 65535, not 65536.'],
    [['in', 'out', '--port', '-5'], '--port takes a number from 0 to 65535, not -5.'],
    [['in', 'out', '--port', '--quiet'], "Option '--port' argument is ambiguous."],
    [['in', 'out', '--port=-1'], '--port takes a number from 0 to 65535, not -1.'],
    [['in', 'out', '--port', '0x50'], '--port takes a number from 0 to 65535, not 0x50.'],
    [['in', 'out', '--port='], '--port takes a number from 0 to 65535, not .'],
    [['in', 'out', '--in-flight', '0'], '--in-flight takes a number from 1 to 1000, not 0.'],
    [
      ['run', 'sprint'],
      'run takes welcome, refused, in-use, race, string, file, boundaries or ports, not sprint.',
    ],
    [['run'], 'run takes welcome, refused, in-use, race, string, file, boundaries or ports.'],
    [['in', 'out', '--max-line', '0'], '--max-line takes a number of bytes from 1 to 67108864, not 0.'],
    [
      ['in', 'out', '--max-line', '67108865'],
      '--max-line takes a number of bytes from 1 to 67108864, not 67108865.',
    ],
    [['in', 'out', '--transform', 'rot13'], '--transform takes reverse, upper-case or swap-case, not rot13.'],
    [
      ['in', 'out', '--transform', 'swap-case', '--by', 'byte'],
      '--by is for --transform reverse and means nothing with swap-case.',
    ],
    [
      ['--experiment', 'welcome', '--transform', 'reverse'],
      '--transform is for string and file and means nothing with welcome.',
    ],
    [
      ['--experiment', 'refused', '--open-to-network'],
      '--open-to-network is for welcome, string and file and means nothing with refused, which stays on 127.0.0.1.',
    ],
    [['in', 'out', '--by', 'word'], '--by takes grapheme, codepoint or byte, not word.'],
    [
      ['--experiment', 'sprint'],
      '--experiment takes welcome, refused, in-use, race, string, file, boundaries or ports, not sprint.',
    ],
    [
      ['--experiment', 'race', '--wait'],
      '--wait means nothing with race, which asks for its port in every round.',
    ],
    [['--experiment', 'race', '--rounds', '-1'], '--rounds takes a number from 1 to 500, not -1.'],
    [['--experiment', 'race', '--rounds', '0'], '--rounds takes a number from 1 to 500, not 0.'],
    [['--experiment', 'race', '--pause', '5001'], '--pause takes a number of ms from 0 to 5000, not 5001.'],
    [['--experiment', 'race', 'in'], 'race takes no file and no text; 1 was given.'],
    [['--experiment', 'ports', '--runs', '201'], '--runs takes a number from 1 to 200, not 201.'],
    [['--experiment', 'boundaries'], 'One file is wanted, INPUT; 0 were given.'],
    [
      ['--experiment', 'boundaries', 'in', '--hand-over', 'slowly'],
      '--hand-over takes a-write-a-line, all-at-once, byte-by-byte or inside-a-character, not slowly.',
    ],
    [
      ['--experiment', 'boundaries', 'in', '--read', 'soon'],
      '--read takes late or after-each-write, not soon.',
    ],
    [['--experiment', 'in-use', '--taken-by', 'me'], '--taken-by takes listener or time-wait, not me.'],
    [['--runs', '3', 'in', 'out'], '--runs is for ports and means nothing with file.'],
    [
      ['--experiment', 'string'],
      'One TEXT is wanted; 0 were given: put one of several words in quotation marks.',
    ],
    [
      ['--experiment', 'string', 'two', 'words'],
      'One TEXT is wanted; 2 were given: put one of several words in quotation marks.',
    ],
    [['--experiment', 'welcome', 'in'], 'welcome takes no file and no text; 1 was given.'],
    [
      ['--experiment', 'welcome', '--by', 'byte'],
      '--by is for string, file and boundaries and means nothing with welcome.',
    ],
    [
      ['--experiment', 'string', 'x', '--max-line', '9'],
      '--max-line is for file and means nothing with string.',
    ],
    [
      ['in', 'out', '--greeting', 'x'],
      '--greeting is for welcome, refused, race and ports and means nothing with file.',
    ],
    [['--experiment', 'refused', 'in'], 'refused takes no file and no text; 1 was given.'],
    [['--experiment', 'in-use', 'in', 'out'], 'in-use takes no file and no text; 2 were given.'],
    [
      ['--experiment', 'in-use', '--greeting', 'x'],
      '--greeting is for welcome, refused, race and ports and means nothing with in-use.',
    ],
    [
      ['--experiment', 'refused', '--by', 'byte'],
      '--by is for string, file and boundaries and means nothing with refused.',
    ],
    [
      ['--experiment', 'welcome', '--start-after', '-100'],
      '--start-after is for refused and means nothing with welcome.',
    ],
    [
      ['--experiment', 'refused', '--start-after', '-1001'],
      '--start-after takes a number of ms from -1000 to 5000, not -1001.',
    ],
    [
      ['--experiment', 'refused', '--start-after', '5001'],
      '--start-after takes a number of ms from -1000 to 5000, not 5001.',
    ],
    [
      ['--experiment', 'refused', '--start-after', '1e3'],
      '--start-after takes a number of ms from -1000 to 5000, not 1e3.',
    ],
    [
      ['--experiment', 'refused', '--start-after', '-1s'],
      '--start-after takes a number of ms from -1000 to 5000, not -1s.',
    ],
    [['--experiment', 'welcome', '--trace', ''], '--trace is empty.'],
    [['in', 'out', '--prot', '1'], "Unknown option '--prot'."],
    [['in', 'out', '--quiet=no'], "Option '--quiet' does not take an argument."],
  ])('%j is refused with one sentence', (args, sentence) => {
    expect(parse(...args)).toEqual({
      ok: false,
      problem: { code: 'bad-option', message: `${sentence} Give --help to see how it is used.`, detail: {} },
    });
  });
});
