// The person's settings, in settings.json in the user's data folder. calls.ts reads and changes them, current-run.ts runs by them.

import { z } from 'zod';

import { fileNameProblem } from '../../shared/file-name.ts';
import { COURSE_GREETING, type Settings } from '../../shared/ipc.ts';
import { EARLIEST_START_MS, LATEST_START_MS } from '../../shared/experiments/start-times.ts';
import { MOST_PAUSE_MS, MOST_PORT_RUNS, MOST_ROUNDS } from '../../shared/experiments/round-limits.ts';
import { greetingProblem, textProblem } from '../../engine/experiments/texts.ts';
import { SAMPLE_NAME } from '../documents/sample.ts';
import { createKeptJsonWriter, readKeptJson, type Understood, type Warn } from './json-file.ts';

/** Larger lines than this are refused as a setting: a line is held in memory, several times over while it is reversed. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

/** A name without a folder: what every file system takes. */
const FILE_NAME = z
  .string()
  .refine((name) => fileNameProblem(name) === undefined, {
    error: ({ input }) => (typeof input === 'string' ? fileNameProblem(input)?.message : undefined),
  });

/** One schema a setting: what the file may hold, and what the window may change (calls.ts), is read by these. */
export const SETTING_SCHEMAS = {
  port: z.int().min(0).max(65_535),
  theme: z.enum(['system', 'light', 'dark']),
  by: z.enum(['grapheme', 'codepoint', 'byte']),
  maxLineBytes: z.int().min(1).max(MOST_LINE_BYTES),
  greeting: z
    .string()
    .refine((greeting) => greetingProblem(greeting) === undefined, {
      error: ({ input }) => (typeof input === 'string' ? greetingProblem(input)?.message : undefined),
    }),
  text: z
    .string()
    .refine((text) => textProblem(text) === undefined, {
      error: ({ input }) => (typeof input === 'string' ? textProblem(input)?.message : undefined),
    }),
  startAfterMs: z.int().min(EARLIEST_START_MS).max(LATEST_START_MS),
  transform: z.enum(['reverse', 'upper-case', 'swap-case']),
  inputName: FILE_NAME,
  outputName: z.union([z.literal(''), FILE_NAME]),
  takenBy: z.enum(['listener', 'time-wait']),
  rounds: z.int().min(1).max(MOST_ROUNDS),
  pauseMs: z.int().min(0).max(MOST_PAUSE_MS),
  handOver: z.enum(['a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character']),
  readWhen: z.enum(['late', 'after-each-write']),
  runs: z.int().min(1).max(MOST_PORT_RUNS),
  openToNetwork: z.boolean(),
  guideDone: z.boolean(),
} as const satisfies { readonly [Name in keyof Settings]: z.ZodType<Settings[Name]> };

/** What holds until the person changes it. Port, greeting and text are those of the course's own programs. */
export const DEFAULT_SETTINGS: Settings = {
  port: 50_007,
  theme: 'system',
  by: 'grapheme',
  maxLineBytes: 1024 * 1024,
  greeting: COURSE_GREETING,
  text: 'HELLO',
  startAfterMs: -1_000,
  transform: 'reverse',
  inputName: SAMPLE_NAME,
  outputName: '',
  takenBy: 'listener',
  rounds: 60,
  pauseMs: 0,
  handOver: 'a-write-a-line',
  readWhen: 'late',
  runs: 10,
  openToNetwork: false,
  guideDone: false,
};

export interface SettingsStore {
  readonly current: Settings;
  /** Takes a change over at once and resolves when it is on the disk, or when that failed (which is logged). */
  change(change: Partial<Settings>): Promise<Settings>;
  /** Everything as it was at the first start; resolves as `change` does. */
  reset(): Promise<Settings>;
}

/** Names that are no settings (of another version, say) are passed over. */
const SETTINGS = z.object(SETTING_SCHEMAS);

function understand(found: unknown): Understood<Settings> {
  const object = z.record(z.string(), z.unknown()).safeParse(found);
  if (!object.success) return { value: DEFAULT_SETTINGS, damage: 'it holds no object' };

  const given = { ...DEFAULT_SETTINGS, ...object.data };
  const read = SETTINGS.safeParse(given);
  if (read.success) return { value: read.data };
  const damaged = new Set(read.error.issues.map(({ path: [name] }) => String(name)));
  const whole = Object.fromEntries(Object.entries(given).filter(([name]) => !damaged.has(name)));
  return {
    value: SETTINGS.parse({ ...DEFAULT_SETTINGS, ...whole }),
    damage: `these settings make no sense: ${[...damaged].join(', ')}`,
  };
}

/**
 * Reads the settings. A file that is missing gives the defaults; one that is damaged gives the defaults for what cannot
 * be read, and is kept beside as `settings.damaged-TIME.json`, because a person may have written it by hand.
 */
export function openSettings(path: string, warn: Warn): SettingsStore {
  let current = readKeptJson(path, DEFAULT_SETTINGS, understand, warn);
  const writer = createKeptJsonWriter(path, warn);
  async function become(settings: Settings): Promise<Settings> {
    current = settings;
    await writer.write(settings);
    return settings;
  }
  return {
    get current() {
      return current;
    },
    change: (change) => become({ ...current, ...change }),
    reset: () => become(DEFAULT_SETTINGS),
  };
}

/** The same settings; `effect` gets them now and after each change, before they are on the disk. */
export function withEffect(store: SettingsStore, effect: (settings: Settings) => void): SettingsStore {
  effect(store.current);
  function changed(change: Promise<Settings>): Promise<Settings> {
    effect(store.current);
    return change;
  }
  return {
    get current() {
      return store.current;
    },
    change: (change) => changed(store.change(change)),
    reset: () => changed(store.reset()),
  };
}

/** The same settings with another port for this start (`--port N`), until the person changes the port. */
export function withPort(store: SettingsStore, port: number): SettingsStore {
  let portOfThisStart: number | undefined = port;
  function seen(settings: Settings): Settings {
    return portOfThisStart === undefined ? settings : { ...settings, port: portOfThisStart };
  }
  return {
    get current() {
      return seen(store.current);
    },
    async change(change) {
      if (change.port !== undefined) portOfThisStart = undefined;
      return seen(await store.change(change));
    },
    reset() {
      portOfThisStart = undefined;
      return store.reset();
    },
  };
}
