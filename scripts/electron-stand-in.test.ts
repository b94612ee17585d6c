// What is used of the stand-in's package, where it is kept, and when a folder of it is complete. Nothing is downloaded here.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isWholeStandIn,
  markAsStandIn,
  npmCommand,
  placeInRuntime,
  runtimeCacheFolder,
} from './electron-stand-in.mjs';

describe('of the package', () => {
  it.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/libffmpeg.so', 'libffmpeg.so'],
    ['Cypress/locales/de.pak', 'locales/de.pak'],
    ['Cypress/v8_context_snapshot.bin', 'v8_context_snapshot.bin'],
  ])('%s is taken as %s', (name, place) => {
    expect(placeInRuntime(name)).toBe(place);
  });

  it.each([
    'Cypress/',
    'Cypress/resources/app/package.json',
    'Cypress/resources/app/',
    'Cypress/resources/app-update.yml',
    'Cypress/browser_v8_context_snapshot.bin',
    'elsewhere/libffmpeg.so',
  ])('%s is left out', (name) => {
    expect(placeInRuntime(name)).toBeUndefined();
  });
});

describe('the cache folder', () => {
  it('is where XDG_CACHE_HOME says, or ~/.cache, and never relative', () => {
    const own = path.join('/home/ada', '.cache', 'socketscope', 'electron-runtime');
    expect(runtimeCacheFolder({ XDG_CACHE_HOME: '/var/cache/ada' }, '/home/ada')).toBe(
      path.join('/var/cache/ada', 'socketscope', 'electron-runtime'),
    );
    expect(runtimeCacheFolder({}, '/home/ada')).toBe(own);
    expect(runtimeCacheFolder({ XDG_CACHE_HOME: 'cache' }, '/home/ada')).toBe(own);
  });
});

describe('the npm that fetches', () => {
  it('is the one that runs us', () => {
    expect(npmCommand({ npm_execpath: '/opt/npm/bin/npm-cli.js' })).toEqual({
      command: process.execPath,
      args: ['/opt/npm/bin/npm-cli.js'],
    });
  });

  it('is the one on the path where none or another package manager runs us', () => {
    expect(npmCommand({})).toEqual({ command: 'npm', args: [] });
    expect(npmCommand({ npm_execpath: '/opt/yarn/yarn.js' })).toEqual({ command: 'npm', args: [] });
  });
});

describe('a folder of the stand-in', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'stand-in-'));
    await mkdir(path.join(folder, 'locales'));
    await writeFile(path.join(folder, 'electron'), 'the binary');
    await writeFile(path.join(folder, 'locales', 'de.pak'), 'words');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is whole once it is marked', async () => {
    expect(await isWholeStandIn(folder)).toBe(false);
    await markAsStandIn(folder);
    expect(await isWholeStandIn(folder)).toBe(true);
  });

  it('is not whole any more where a file is gone or was cut short', async () => {
    await markAsStandIn(folder);
    await writeFile(path.join(folder, 'locales', 'de.pak'), 'wor');
    expect(await isWholeStandIn(folder)).toBe(false);
    await rm(path.join(folder, 'locales', 'de.pak'));
    expect(await isWholeStandIn(folder)).toBe(false);
  });

  it('is not whole where its marker is damaged or of an older recipe', async () => {
    await markAsStandIn(folder);
    await writeFile(path.join(folder, 'stand-in.json'), '{"recipe":"older","files":2,"bytes":15}');
    expect(await isWholeStandIn(folder)).toBe(false);
    await writeFile(path.join(folder, 'stand-in.json'), '{"recipe":');
    expect(await isWholeStandIn(folder)).toBe(false);
  });
});
