// The package as it is released: its files, its fuses, and that no environment, option or folder beside it makes another
// program of it.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

import { expect, test } from './desktop.ts';

test.skip(process.platform !== 'linux', 'the package is the deb, unpacked');

/** How a fuse is written in the binary: one byte. */
const ON = '1'.charCodeAt(0);
const OFF = '0'.charCodeAt(0);

test('the fuses are those of a release', async ({ installed }) => {
  const fuses = await getCurrentFuseWire(installed.program);
  expect(fuses.version).toBe(FuseVersion.V1);
  expect({
    runAsNode: fuses[FuseV1Options.RunAsNode],
    nodeOptions: fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
    inspect: fuses[FuseV1Options.EnableNodeCliInspectArguments],
    onlyFromAsar: fuses[FuseV1Options.OnlyLoadAppFromAsar],
    privilegesOfFileUrls: fuses[FuseV1Options.GrantFileProtocolExtraPrivileges],
    ownSnapshot: fuses[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot],
  }).toEqual({
    runAsNode: OFF,
    nodeOptions: OFF,
    inspect: OFF,
    onlyFromAsar: ON,
    privilegesOfFileUrls: OFF,
    ownSnapshot: OFF,
  });
});

/** Replaces our archive by somebody else's app, as a folder, while `work` runs. */
async function withPlantedApp(program: string, proof: string, work: () => Promise<void>): Promise<void> {
  const resources = join(dirname(program), 'resources');
  const archive = join(resources, 'app.asar');
  const planted = join(resources, 'app');
  await rename(archive, `${archive}.away`);
  try {
    await mkdir(planted);
    await writeFile(join(planted, 'package.json'), '{ "main": "planted.js" }');
    await writeFile(join(planted, 'planted.js'), `${codeThatLeaves(proof)}; process.exit(0);`);
    await work();
  } finally {
    await rm(planted, { recursive: true, force: true });
    await rename(`${archive}.away`, archive);
  }
}

function codeThatLeaves(proof: string): string {
  return `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`;
}

const AS_NODE = { ELECTRON_RUN_AS_NODE: '1' };

test('it is SocketScope and never Node, and no inspector opens', async ({ desktop, installed }) => {
  const proof = join(desktop.home, 'ran-as-node');
  const args = ['-e', codeThatLeaves(proof), '--inspect=0', '--remote-debugging-port=0'];
  const started = desktop.start(installed.program, args, AS_NODE);
  const page = await desktop.page();
  expect(page.url()).toBe('app://socketscope/index.html');
  expect(started.stderr()).toContain('DevTools listening on');
  expect(started.stderr()).not.toContain('Debugger listening on');
  expect(existsSync(proof)).toBe(false);
});

test('it loads no app but its archive', async ({ desktop, installed }) => {
  const proof = join(desktop.home, 'planted');
  await withPlantedApp(installed.program, proof, async () => {
    expect(await desktop.start(installed.program).exitCode).toBe(1);
    expect(existsSync(proof)).toBe(false);
  });
});

test('without its fuses the same program runs as Node and loads a planted app: they are what holds', async ({
  desktop,
  installed,
}) => {
  // Beside the real one: it needs the files that lie there.
  const unfused = `${installed.program}-unfused`;
  await copyFile(installed.program, unfused);
  try {
    await flipFuses(unfused, {
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: false,
    });
    const ranAsNode = join(desktop.home, 'ran-as-node');
    expect(await desktop.start(unfused, ['-e', codeThatLeaves(ranAsNode)], AS_NODE).exitCode).toBe(0);
    expect(existsSync(ranAsNode)).toBe(true);
    const proof = join(desktop.home, 'planted');
    await withPlantedApp(unfused, proof, async () => {
      expect(await desktop.start(unfused).exitCode).toBe(0);
      expect(existsSync(proof)).toBe(true);
    });
  } finally {
    await rm(unfused);
  }
});

test('the entry, the type of a saved run and the icons are in the package, and text files can be opened with it', async ({
  installed,
}) => {
  const share = join(installed.root, 'usr', 'share');
  const entry = join(share, 'applications', 'socketscope.desktop');
  execFileSync('desktop-file-validate', ['--no-hints', entry]);
  expect(await readFile(entry, 'utf8')).toMatch(/^Exec=\S+\/opt\/SocketScope\/socketscope .*%F$/m);
  // Made by the system's own programs: a file manager reads these.
  const opensWith = await readFile(join(share, 'applications', 'mimeinfo.cache'), 'utf8');
  expect(opensWith).toContain('application/x-socketscope=socketscope.desktop;');
  expect(opensWith).toContain('text/plain=socketscope.desktop;');
  const endings = await readFile(join(share, 'mime', 'globs2'), 'utf8');
  expect(endings).toContain('application/x-socketscope:*.socketscope');
  for (const size of ['16x16', '48x48', '512x512']) {
    const icons = join(share, 'icons', 'hicolor', size);
    expect(existsSync(join(icons, 'apps', 'socketscope.png'))).toBe(true);
    expect(existsSync(join(icons, 'mimetypes', 'application-x-socketscope.png'))).toBe(true);
  }
  expect(existsSync(join(share, 'doc', 'socketscope', 'copyright'))).toBe(true);
});

test('a package around the stand-in says so in its version and in About, a real one does not', async ({
  desktop,
  installed,
}) => {
  const standIn = existsSync(join(dirname(installed.program), 'stand-in.json'));
  desktop.start(installed.program, ['--remote-debugging-port=0']);
  const page = await desktop.page();
  await desktop.appWindow();
  desktop.press('alt+h', 'Up', 'Return');
  const about = page.getByRole('dialog', { name: 'About SocketScope' });
  const electron = about.getByRole('row', { name: 'Electron' });
  await expect(electron).toContainText(/\d+\.\d+\.\d+/);
  expect((await electron.textContent())?.includes('stand-in')).toBe(standIn);
  const own = await about.getByRole('row', { name: /^SocketScope / }).textContent();
  expect(own).toMatch(standIn ? /\d+\.\d+\.\d+-standin$/ : /\d+\.\d+\.\d+$/);
});
