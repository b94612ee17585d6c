import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { DEFAULT_SETTINGS, openSettings, SETTING_SCHEMAS, withPort } from './settings.ts';

let folder: string;
let path: string;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'settings.json');
  warnings = [];
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

function warn(text: string): void {
  warnings.push(text);
}

it('gives the defaults where nothing was ever changed, and reports nothing', () => {
  expect(openSettings(path, warn).current).toEqual(DEFAULT_SETTINGS);
  expect(warnings).toEqual([]);
});

it('gives back at the next start what was changed, and leaves nothing else in the folder', async () => {
  const settings = openSettings(path, warn);
  await Promise.all([
    settings.change({ port: 0 }),
    settings.change({ by: 'byte' }),
    settings.change({ port: 1234 }),
  ]);
  expect(settings.current).toEqual({ ...DEFAULT_SETTINGS, port: 1234, by: 'byte' });
  expect(openSettings(path, warn).current).toEqual(settings.current);
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it.each(['', '{"port": 50', '[]', 'null', '"text"'])('keeps a damaged file aside: %j', async (text) => {
  await writeFile(path, text);
  expect(openSettings(path, warn).current).toEqual(DEFAULT_SETTINGS);
  const names = await readdir(folder);
  expect(names).toEqual([expect.stringMatching(/^settings\.damaged-.*\.json$/)]);
  expect(await readFile(join(folder, names[0] ?? ''), 'utf8')).toBe(text);
  expect(warnings).toEqual([expect.stringContaining(`${path} is damaged`)]);
});

it('keeps a file aside that is longer than any that it writes, without parsing it', async () => {
  await writeFile(path, '['.repeat(40_000_000));
  expect(openSettings(path, warn).current).toEqual(DEFAULT_SETTINGS);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^settings\.damaged-.*\.json$/)]);
  expect(warnings).toEqual([
    expect.stringContaining(`${path} is damaged: it has more than 1048576 characters`),
  ]);
});

it('uses the default for the one invalid setting, and keeps the others and the file', async () => {
  await writeFile(path, '{"port": 70000, "by": "codepoint", "__proto__": {"maxLineBytes": 1}}');
  expect(openSettings(path, warn).current).toEqual({ ...DEFAULT_SETTINGS, by: 'codepoint' });
  expect(warnings).toEqual([expect.stringContaining('port')]);
});

it('ignores an unknown name, and reads the others', async () => {
  await writeFile(path, '{"port": 1234, "ofAnotherVersion": true}');
  expect(openSettings(path, warn).current).toEqual({ ...DEFAULT_SETTINGS, port: 1234 });
  expect(warnings).toEqual([]);
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it('accepts a greeting and a text that can be sent, and uses the default for those that cannot', async () => {
  const most = { greeting: 'é'.repeat(500), text: '👋'.repeat(16_384) };
  await writeFile(path, JSON.stringify(most));
  expect(openSettings(path, warn).current).toEqual({ ...DEFAULT_SETTINGS, ...most });
  for (const [greeting, text] of [
    ['', ''],
    ['é'.repeat(501), `${most.text}x`],
    [7, 'two\nlines'],
    [null, 'two\rlines'],
  ]) {
    await writeFile(path, JSON.stringify({ greeting, text }));
    expect(openSettings(path, warn).current).toEqual(DEFAULT_SETTINGS);
    expect(warnings.at(-1)).toContain('greeting, text');
  }
  expect(SETTING_SCHEMAS.text.safeParse('').error?.issues[0]?.message).toBe(
    'There is nothing to send: type at least one character.',
  );
});

it('accepts a valid time of a start, and uses the default for any other', async () => {
  for (const startAfterMs of [-1_000, -1, 0, 5_000]) {
    await writeFile(path, JSON.stringify({ startAfterMs }));
    expect(openSettings(path, warn).current).toEqual({ ...DEFAULT_SETTINGS, startAfterMs });
  }
  expect(warnings).toEqual([]);
  for (const startAfterMs of [-1_001, 5_001, 0.5, '0', null]) {
    await writeFile(path, JSON.stringify({ startAfterMs }));
    expect(openSettings(path, warn).current.startAfterMs).toBe(-1_000);
    expect(warnings.at(-1)).toContain('startAfterMs');
  }
});

it('holds a change until the end of the app where the file cannot be written', async () => {
  const settings = openSettings(join(folder, 'settings.json', 'no-folder'), warn);
  await writeFile(path, '{}');
  expect(await settings.change({ port: 1 })).toEqual({ ...DEFAULT_SETTINGS, port: 1 });
  expect(settings.current.port).toBe(1);
  expect(warnings).toEqual([expect.stringContaining('cannot be written')]);
});

it('uses the port of this start without writing it down, until the person changes the port', async () => {
  const stored = openSettings(path, warn);
  const settings = withPort(stored, 0);
  expect(settings.current.port).toBe(0);
  expect((await settings.change({ by: 'byte' })).port).toBe(0);
  expect(openSettings(path, warn).current.port).toBe(DEFAULT_SETTINGS.port);
  expect((await settings.change({ port: 4242 })).port).toBe(4242);
});

it('is all as it was at the first start after a reset, also at the next start, whatever port this one was given', async () => {
  const stored = openSettings(path, warn);
  const settings = withPort(stored, 4_321);
  await settings.change({ by: 'byte', greeting: 'Salve', rounds: 7 });
  expect(await settings.reset()).toEqual(DEFAULT_SETTINGS);
  expect(settings.current).toEqual(DEFAULT_SETTINGS);
  expect(openSettings(path, warn).current).toEqual(DEFAULT_SETTINGS);
});
