// The person's settings, in settings.json in the user's data folder. calls.ts reads and changes them, current-run.ts runs by them.

import { z } from 'zod';

import { OPTIONS } from '../../shared/experiments/definitions.ts';
import { defaultsOf, optionFault, type Option, type ValueOf } from '../../shared/experiments/options.ts';
import { fileNameProblem } from '../../shared/file-name.ts';
import type { Settings } from '../../shared/ipc.ts';
import { SAMPLE_NAME } from '../documents/sample.ts';
import { createJsonFileWriter, readJsonFile, type Understood, type Warn } from './json-file.ts';

/** A name without a folder: what every file system takes. */
const FILE_NAME = z
  .string()
  .refine((name) => fileNameProblem(name) === undefined, {
    error: ({ input }) => (typeof input === 'string' ? fileNameProblem(input)?.message : undefined),
  });

/** What each option can be, as its definition says. */
function schemasOf<Options extends Readonly<Record<string, Option>>>(
  options: Options,
): { readonly [Name in keyof Options]: z.ZodType<ValueOf<Options[Name]>> };
function schemasOf(options: Readonly<Record<string, Option>>): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      z.custom((value) => optionFault(option, value) === undefined, {
        error: ({ input }) => optionFault(option, input),
      }),
    ]),
  );
}

/** One schema a setting: what the file may hold and what the window may change is parsed by these. */
export const SETTING_SCHEMAS = {
  ...schemasOf(OPTIONS),
  theme: z.enum(['system', 'light', 'dark']),
  inputName: FILE_NAME,
  outputName: z.union([z.literal(''), FILE_NAME]),
  openToNetwork: z.boolean(),
  guideDone: z.boolean(),
} as const satisfies { readonly [Name in keyof Settings]: z.ZodType<Settings[Name]> };

/** What holds until the person changes it. */
export const DEFAULT_SETTINGS: Settings = {
  ...defaultsOf(OPTIONS),
  theme: 'system',
  inputName: SAMPLE_NAME,
  outputName: '',
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
  let current = readJsonFile(path, DEFAULT_SETTINGS, understand, warn);
  const writer = createJsonFileWriter(path, warn);
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
