// Every program that is shown beside the picture is run, the very text of it, and gives what the run of the same options
// gives: for each experiment and option, in Python and for Node.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { OPTIONS as DEFINED } from '../../shared/experiments/definitions.ts';
import type { ExperimentName } from '../../shared/experiments/definitions.ts';
import { defaultsOf } from '../../shared/experiments/options.ts';
import { LANGUAGES, textOf } from '../../shared/experiments/programs/program.ts';
import type { Language, Program, ProgramOptions } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import type { Framing, HandOver, ReversalUnit, Transform } from '../../shared/trace/fact.ts';
import { readSocketTable } from '../evidence/kernel/socket-table.ts';
import { freePort } from '../system/port-for-tests.ts';
import { runBoundariesExperiment } from './run/boundaries.ts';
import { runFileExperiment } from './run/file.ts';
import { runStringExperiment } from './run/string.ts';

const LIMIT_MS = 15_000;

const DEFAULTS: ProgramOptions = {
  ...defaultsOf(DEFINED),
  framing: 'newlines',
  openToNetwork: false,
  inputName: 'in-proj.txt',
  outputName: 'out-proj.txt',
};

/** The options of our own run. */
const OURS = {
  host: '127.0.0.1',
  port: 0,
  maxLineBytes: DEFAULTS.maxLineBytes,
  runtime: { app: '0', node: process.version, platform: process.platform, arch: process.arch },
} as const;

const SAMPLE =
  'HELLO\nWelcome to CS 352!\nInternet Technology\nan ephemeral port\n\nracecar\nline 7 is the last line';

/** What the rules are about: a BOM, CRs, empty lines, clusters, letters without a single capital, bytes that are no text. */
const HOSTILE = Buffer.concat([
  Buffer.from('\ufeffé first\r\n\r\n\n\ufeffno BOM any more\n\r\r\n'),
  Buffer.from('e\u0301 👨‍👩‍👧 👍🏽 🇩🇪 한 क्ष\n'),
  Buffer.from('Straße ΟΔΟΣ ŉ ǅ İstanbul\r\n'),
  Buffer.from([0x61, 0xff, 0x5a, 0xc3, 0x0d, 0x0a, 0xed, 0xa0, 0x80, 0x62, 0x0a]),
  Buffer.from('"quoted" \\ and \u0000 \u2028 the last line\r'),
]);

const INPUTS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['the sample', Buffer.from(SAMPLE)],
  ['all that rules are about', HOSTILE],
];

const NO_LETTERS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a BOM and a CR', Buffer.from('\ufeff\r\n\n')],
  ['nothing', Buffer.alloc(0)],
];

interface Ended {
  readonly file: string;
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs one file in `folder`; kills it at the limit. */
function runFile({ file }: Program, folder: string): Promise<Ended> {
  const command = file.endsWith('.py') ? 'python3' : process.execPath;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [file], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', NODE_OPTIONS: '' },
    });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ file, code, stdout: Buffer.concat(stdout), stderr });
    });
  });
}

/** Waits until somebody listens there. */
async function untilListening(port: number, given: AbortSignal): Promise<void> {
  while (!given.aborted) {
    const table = await readSocketTable(port, given);
    if (table?.rows.some(({ state }) => state === 'LISTEN') === true) return;
    await pause(20);
  }
}

/** Runs programs in `folder`: each server of its own file first, until it listens, and then the others. */
async function runAll(programs: readonly Program[], port: number, folder: string): Promise<readonly Ended[]> {
  for (const each of programs) await writeFile(join(folder, each.file), textOf(each));
  const over = new AbortController();
  const isServer = ({ sides }: Program): boolean => sides.length === 1 && sides[0] === 'server';
  const servers = programs.filter(isServer).map((each) => runFile(each, folder));
  void Promise.race(servers).then(() => {
    over.abort();
  });
  const others = programs.filter((each) => !isServer(each));
  if (servers.length > 0 && others.length > 0) await untilListening(port, over.signal);
  const ended = await Promise.all([...servers, ...others.map((each) => runFile(each, folder))]);
  for (const { file, code } of ended) {
    const output = ended.map(
      (each) => `${each.file}: ${String(each.code)}\n${each.stdout.toString()}${each.stderr}`,
    );
    expect([file, code, ended.map(({ stderr }) => stderr).join('')], output.join('\n')).toEqual([
      file,
      0,
      '',
    ]);
  }
  return ended;
}

async function inFolder<Value>(act: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the programs of an experiment as they are shown. Returns what each printed, by its file. */
async function show(
  experiment: ExperimentName,
  language: Language,
  chosen: Partial<ProgramOptions>,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const port = await freePort();
  const programs = programsOf(experiment, language, { ...DEFAULTS, ...chosen, port });
  const ended = await runAll(programs, port, folder);
  return new Map(ended.map(({ file, stdout }) => [file.replace(/\.\w+$/, ''), stdout.toString('latin1')]));
}

const utf8 = (latin1 = ''): string => Buffer.from(latin1, 'latin1').toString();

/** Python reverses by code point where the run reverses by cluster, and says so. */
function unitOf(language: Language, by: ReversalUnit): ReversalUnit {
  return language === 'Python' && by === 'grapheme' ? 'codepoint' : by;
}

const never = (): AbortSignal => new AbortController().signal;
const emit = (): void => undefined;

const WAYS: readonly Pick<ProgramOptions, 'transform' | 'by'>[] = [
  ...(['grapheme', 'codepoint', 'byte'] satisfies ReversalUnit[]).map(
    (by) => ({ transform: 'reverse', by }) as const,
  ),
  ...(['upper-case', 'swap-case'] satisfies Transform[]).map(
    (transform) => ({ transform, by: 'grapheme' }) as const,
  ),
];

describe.each(LANGUAGES)('the programs that are shown, in %s', (language) => {
  it.concurrent.each(['Welcome to CS 352!', 'zwei\n"Zeilen" \'\\ \u202e 😀 ${x}', 'é'.repeat(500)])(
    'greet: %j',
    async (greeting) => {
      const printed = await inFolder((folder) => show('welcome', language, { greeting }, folder));
      expect(utf8(printed.get('client'))).toBe(`${greeting}\n`);
    },
  );

  it.concurrent('greet on every address, where that is open', async () => {
    const printed = await inFolder((folder) => show('welcome', language, { openToNetwork: true }, folder));
    expect(printed.get('client')).toBe('Welcome to CS 352!\n');
  });

  describe.each(WAYS)('that $transform by $by', (way) => {
    it.concurrent.each(['HELLO', 'it\'s "é" e\u0301 👨‍👩‍👧 \\n ΟΔΟΣ ß', '\ufeffabc'])(
      'send the text %j',
      async (text) => {
        const printed = await inFolder((folder) => show('string', language, { ...way, text }, folder));
        const ours = await runStringExperiment(
          { ...OURS, ...way, by: unitOf(language, way.by), text },
          emit,
          never(),
        );
        expect(ours.ok && `${ours.value.reply}\n`).toBe(utf8(printed.get('client')));
      },
    );

    it.concurrent.each(INPUTS)('send the lines of a file: %s', async (_name, input) => {
      await expectSameResult(language, way, input);
    });
  });

  it.concurrent.each(NO_LETTERS)('send the lines of a file: %s', async (_name, input) => {
    await expectSameResult(language, { transform: 'reverse', by: 'grapheme' }, input);
  });

  it.concurrent.each([2, 5, 1_000])('have %d lines of a file on their way', async (inFlight) => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'in-proj.txt'), SAMPLE);
      const shown = await shownResultOf(language, { inFlight }, folder);
      expect(shown).toEqual(await resultOf({ inFlight, by: 'codepoint' }, folder));
    });
  });

  it.concurrent.each([1, 3])(
    'keep what came back before a line that is too long, with %d on their way',
    async (inFlight) => {
      await inFolder(async (folder) => {
        await writeFile(join(folder, 'in-proj.txt'), 'exactly 10\nshort\nmuch too long\nnever sent');
        const shown = await shownResultOf(language, { inFlight, maxLineBytes: 10 }, folder);
        expect(shown).toEqual(await resultOf({ inFlight, maxLineBytes: 10 }, folder));
        expect(shown.toString()).toBe('01 yltcaxe\ntrohs\n');
      });
    },
  );

  it.concurrent('are two programs, of which either may be of the other language', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'in-proj.txt'), HOSTILE);
      const port = await freePort();
      const options: ProgramOptions = { ...DEFAULTS, by: 'codepoint', port };
      const clients = programsOf('file', language, options).filter(({ sides }) => sides.includes('client'));
      const servers = LANGUAGES.filter((other) => other !== language).flatMap((other) =>
        programsOf('file', other, options).filter(({ sides }) => sides.includes('server')),
      );
      await runAll([...clients, ...servers], port, folder);
      const shown = await readFile(join(folder, 'out-proj.txt'));
      expect(shown).toEqual(await resultOf({ by: 'codepoint' }, folder));
    });
  });

  it.concurrent('read and write files of any name', async () => {
    await inFolder(async (folder) => {
      const names = { inputName: 'in \'of\' "é".txt', outputName: "out 'x'.txt" };
      await writeFile(join(folder, names.inputName), 'abc');
      await show('file', language, names, folder);
      expect(await readFile(join(folder, names.outputName), 'utf8')).toBe('cba');
    });
  });
});

async function expectSameResult(
  language: Language,
  way: Pick<ProgramOptions, 'transform' | 'by'>,
  input: Buffer,
): Promise<void> {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'in-proj.txt'), input);
    const shown = await shownResultOf(language, way, folder);
    expect(shown).toEqual(await resultOf({ ...way, by: unitOf(language, way.by) }, folder));
  });
}

/** What our own run gives for the file in `folder`, or what came back of it. */
async function resultOf(chosen: Partial<ProgramOptions>, folder: string): Promise<Buffer> {
  const resultPath = join(folder, 'ours.txt');
  const options = {
    ...OURS,
    ...DEFAULTS,
    port: 0,
    ...chosen,
    resultPath,
    inputPath: join(folder, 'in-proj.txt'),
  };
  await runFileExperiment(options, emit, never());
  return await readFile(resultPath);
}

async function shownResultOf(
  language: Language,
  chosen: Partial<ProgramOptions>,
  folder: string,
): Promise<Buffer> {
  await show('file', language, chosen, folder);
  return await readFile(join(folder, 'out-proj.txt'));
}

const FRAMINGS: readonly Framing[] = ['each-read', 'whole-stream', 'newlines'];
const HAND_OVERS: readonly HandOver[] = [
  'a-write-a-line',
  'all-at-once',
  'byte-by-byte',
  'inside-a-character',
];
/** Few writes, so that a slow machine can keep them apart. */
const SHORT_INPUT = 'aé\nb';
const SPLIT_INPUT = 'HELLO\nWelc\n\ncafé 😀 e\u0301\nlast';

describe.each(LANGUAGES)('the programs of lost boundaries, in %s', (language) => {
  const cases = HAND_OVERS.flatMap((handOver) =>
    (['late', 'after-each-write'] as const).flatMap((readWhen) =>
      FRAMINGS.map((framing) => ({ handOver, readWhen, framing })),
    ),
  ).filter(({ handOver, readWhen }) => handOver !== 'inside-a-character' || readWhen === 'after-each-write');

  // How long a read takes to come is the machine's: where two writes came as one, it is tried again.
  it.concurrent.each(cases)('$handOver, read $readWhen, $framing', { retry: 3 }, async (chosen) => {
    await inFolder(async (folder) => {
      const inputPath = join(folder, 'in-proj.txt');
      await writeFile(inputPath, chosen.handOver === 'byte-by-byte' ? SHORT_INPUT : SPLIT_INPUT);
      const printed = await show('boundaries', language, chosen, folder);
      const ours = await runBoundariesExperiment(
        {
          ...OURS,
          by: unitOf(language, DEFAULTS.by),
          inputPath,
          handOvers: [chosen.handOver],
          readWhen: chosen.readWhen,
        },
        emit,
        never(),
      );
      if (!ours.ok) throw new Error(ours.problem.message);
      const reply = ours.value.replies.find(({ framing }) => framing === chosen.framing)?.reply;
      expect(Buffer.from(printed.get('client') ?? '', 'latin1').toString('hex')).toBe(reply?.toString('hex'));
    });
  });
});

describe.each(LANGUAGES)('the programs of what goes wrong, in %s', (language) => {
  it.concurrent.each([-200, -1])(
    'are refused where the client comes %d ms after its server',
    async (startAfterMs) => {
      const printed = await inFolder((folder) => show('refused', language, { startAfterMs }, folder));
      expect(printed.get('proj')).toMatch(/refused|ECONNREFUSED/);
    },
  );

  it.concurrent.each([0, 200])(
    'are greeted where the client comes %d ms after its server',
    async (startAfterMs) => {
      const began = performance.now();
      const printed = await inFolder((folder) => show('refused', language, { startAfterMs }, folder));
      expect(printed.get('proj')).toBe('Welcome to CS 352!\n');
      expect(performance.now() - began).toBeGreaterThan(startAfterMs);
    },
  );

  it.concurrent('ask for a port that a server has', async () => {
    const printed = await inFolder((folder) => show('in-use', language, {}, folder));
    expect(printed.get('server')).toMatch(process.platform === 'linux' ? /98/ : /in use/i);
  });

  it.runIf(process.platform === 'linux').concurrent('ask for a port that TIME_WAIT has', async () => {
    await inFolder(async (folder) => {
      const port = await freePort();
      const programs = programsOf('in-use', language, { ...DEFAULTS, takenBy: 'time-wait', port });
      const [before, client, server] = programs;
      if (before === undefined || client === undefined || server === undefined)
        throw new Error('three programs');
      const first = await runAll([before, client], port, folder);
      expect(first.map(({ stdout }) => stdout.toString())).toEqual(['', 'Welcome to CS 352!\n']);
      const [after] = await runAll([server], port, folder);
      expect(after?.stdout.toString()).toMatch(/98/);
    });
  });

  // How fast a thread starts is the machine's.
  it.concurrent.each([0, 100])('race, with a pause of %d ms', { retry: 2 }, async (pauseMs) => {
    const printed = await inFolder((folder) => show('race', language, { rounds: 3, pauseMs }, folder));
    const [, connected, refused] = /connected\W+(\d).*refused\W+(\d)/.exec(printed.get('proj') ?? '') ?? [];
    expect(Number(connected) + Number(refused)).toBe(3);
    if (pauseMs > 0) expect(Number(connected)).toBeGreaterThan(0);
  });

  it.concurrent('show that the client’s port changes', async () => {
    const printed = await inFolder((folder) => show('ports', language, { runs: 4 }, folder));
    const lines = (printed.get('client') ?? '').trim().split('\n');
    expect(lines.every((line) => /^\d+ Welcome to CS 352!$/.test(line))).toBe(true);
    expect(new Set(lines).size).toBe(4);
  });
});
