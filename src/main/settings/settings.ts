// The person's settings, in settings.json in the user's data folder.

import { z } from 'zod';

import { OPTIONS } from '../../shared/experiments/definitions.ts';
import { defaultsOf, optionFault, type Option, type ValueOf } from '../../shared/experiments/options.ts';
import { LANGUAGES } from '../../shared/experiments/programs/program.ts';
import { fileNameProblem } from '../../shared/file-name.ts';
import type { Settings } from '../../shared/ipc.ts';
import { DEFAULT_PANELS, PANEL_NAMES } from '../../shared/panels.ts';
import { SAMPLE_NAME } from '../documents/sample.ts';
import { createJsonFileWriter, readJsonFile, type Parsed, type Warn } from './json-file.ts';

/** A name without a folder, valid on every file system. */
const FILE_NAME = z
  .string()
  .refine((name) => fileNameProblem(name) === undefined, {
    error: ({ input }) => (typeof input === 'string' ? fileNameProblem(input)?.message : undefined),
  });

/** A schema for each option, from its definition. */
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

/** One schema a setting: they parse both the file and the window's changes. */
export const SETTING_SCHEMAS = {
  ...schemasOf(OPTIONS),
  theme: z.enum(['system', 'light', 'dark']),
  inputName: FILE_NAME,
  outputName: z.union([z.literal(''), FILE_NAME]),
  openToNetwork: z.boolean(),
  language: z.enum(LANGUAGES),
  guideDone: z.boolean(),
  panels: z.strictObject({
    sidebarPx: z.number().min(100).max(2_000),
    lowerPercent: z.number().min(1).max(99),
    evidencePercent: z.number().min(1).max(99),
    folded: z.array(z.enum(PANEL_NAMES)).max(PANEL_NAMES.length),
  }),
} as const satisfies { readonly [Name in keyof Settings]: z.ZodType<Settings[Name]> };

/** The settings at the first start. */
export const DEFAULT_SETTINGS: Settings = {
  ...defaultsOf(OPTIONS),
  theme: 'system',
  inputName: SAMPLE_NAME,
  outputName: '',
  openToNetwork: false,
  language: 'Python',
  guideDone: false,
  panels: DEFAULT_PANELS,
};

export interface SettingsStore {
  readonly current: Settings;
  /** Applies a change at once. Resolves when it is on the disk, or when writing failed (which is logged). */
  change(change: Partial<Settings>): Promise<Settings>;
  /** Resets everything to the defaults; resolves as `change` does. */
  reset(): Promise<Settings>;
}

/** Unknown names (of another version, say) are ignored. */
const SETTINGS = z.object(SETTING_SCHEMAS);

function parseSettings(found: unknown): Parsed<Settings> {
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
 * Reads the settings. A missing file gives the defaults. A damaged one gives the defaults for its invalid settings and is
 * kept as `settings.damaged-TIME.json`, because a person may have written it by hand.
 */
export function openSettings(path: string, warn: Warn): SettingsStore {
  let current = readJsonFile(path, DEFAULT_SETTINGS, parseSettings, warn);
  const writer = createJsonFileWriter(path, warn);
  async function replace(settings: Settings): Promise<Settings> {
    current = settings;
    await writer.write(settings);
    return settings;
  }
  return {
    get current() {
      return current;
    },
    change: (change) => replace({ ...current, ...change }),
    reset: () => replace(DEFAULT_SETTINGS),
  };
}

/** The same store; `effect` gets the settings now and after each change, before they are on the disk. */
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

/** The same store with another port for this start (`--port N`), until the person changes the port. */
export function withPort(store: SettingsStore, port: number): SettingsStore {
  let portOfThisStart: number | undefined = port;
  function withStartPort(settings: Settings): Settings {
    return portOfThisStart === undefined ? settings : { ...settings, port: portOfThisStart };
  }
  return {
    get current() {
      return withStartPort(store.current);
    },
    async change(change) {
      if (change.port !== undefined) portOfThisStart = undefined;
      return withStartPort(await store.change(change));
    },
    reset() {
      portOfThisStart = undefined;
      return store.reset();
    },
  };
}
