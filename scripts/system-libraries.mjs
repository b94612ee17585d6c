// @ts-check
// Finds the packages that a Linux system lacks to run Electron (and its tests). Installs them with apt where it may, else
// reports the exact command.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { run, tail } from './commands.mjs';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

/**
 * The Debian and Ubuntu packages of the shared libraries that Electron links. Where there are two names, Ubuntu 24.04 and
 * Debian 13 have the first (renamed by the 64-bit time_t transition), older releases the second.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const PACKAGES_OF_LIBRARY = {
  'libX11.so.6': ['libx11-6'],
  'libX11-xcb.so.1': ['libx11-xcb1'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXcursor.so.1': ['libxcursor1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libXi.so.6': ['libxi6'],
  'libXrandr.so.2': ['libxrandr2'],
  'libXrender.so.1': ['libxrender1'],
  'libXtst.so.6': ['libxtst6'],
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcups.so.2': ['libcups2t64', 'libcups2'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libexpat.so.1': ['libexpat1'],
  'libgbm.so.1': ['libgbm1'],
  'libgcc_s.so.1': ['libgcc-s1'],
  'libgdk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libgdk_pixbuf-2.0.so.0': ['libgdk-pixbuf-2.0-0'],
  'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgmodule-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnspr4.so': ['libnspr4'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libpangocairo-1.0.so.0': ['libpangocairo-1.0-0'],
  'libsmime3.so': ['libnss3'],
  'libudev.so.1': ['libudev1'],
  'libuuid.so.1': ['libuuid1'],
  'libxcb.so.1': ['libxcb1'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
  'libxshmfence.so.1': ['libxshmfence1'],
};

/** The programs that the tests need besides Electron: for a display, for a desktop, and for the course's own programs. */
const TEST_PROGRAMS = [
  { program: 'Xvfb', packages: ['xvfb'] },
  { program: 'python3', packages: ['python3'] },
  // Moves the pointer in the tests that drag by hand.
  { program: 'xdotool', packages: ['xdotool'] },
  // The desktop on which the installed app is double-clicked and dragged into (e2e/desktop).
  { program: 'openbox', packages: ['openbox'] },
  { program: 'pcmanfm', packages: ['pcmanfm'] },
  { program: 'dbus-run-session', packages: ['dbus-daemon', 'dbus'] },
  { program: 'xprop', packages: ['x11-utils'] },
  { program: 'update-desktop-database', packages: ['desktop-file-utils'] },
  { program: 'update-mime-database', packages: ['shared-mime-info'] },
];
/** Screenshots need a font with emoji; the app's own fonts have none. */
const EMOJI_FONT = {
  file: '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf',
  packages: ['fonts-noto-color-emoji'],
};
const APT_LIMIT_MS = 15 * 60_000;

/**
 * How apt-get is run: as root, through sudo (which may ask for a password), or not at all.
 * @typedef {'root' | 'sudo' | 'sudo-asks' | 'none'} AptAccess
 */

/**
 * Reads the output of ldd.
 * @param {string} output
 * @returns {readonly string[]} names of the libraries that it did not find, each once, sorted
 */
export function librariesNotFound(output) {
  const names = [...output.matchAll(/^\s*(\S+) => not found\s*$/gm)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}

/**
 * A row of alternative packages for each missing library: the first one that the system offers is installed.
 * @param {readonly string[]} libraries
 * @returns {{ readonly rows: readonly (readonly string[])[], readonly unknown: readonly string[] }}
 */
export function packageRowsFor(libraries) {
  /** @type {Map<string, readonly string[]>} */
  const rows = new Map();
  /** @type {string[]} */
  const unknown = [];
  for (const library of libraries) {
    const row = PACKAGES_OF_LIBRARY[library];
    if (row === undefined) unknown.push(library);
    else rows.set(row.join(), row);
  }
  return { rows: [...rows.values()], unknown };
}

/**
 * Reads the output of `apt-cache policy` (in the C locale).
 * @param {string} output
 * @returns {ReadonlySet<string>} the packages that can be installed; a purely virtual one cannot
 */
export function packagesOffered(output) {
  /** @type {Set<string>} */
  const offered = new Set();
  let name = '';
  for (const line of output.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading !== null) name = heading[1] ?? '';
    const candidate = /^ {2}Candidate: (.+)$/.exec(line);
    if (candidate !== null && candidate[1] !== '(none)') offered.add(name);
  }
  return offered;
}

/**
 * Picks from each row the name that this release of the system uses.
 * @param {readonly (readonly string[])[]} rows
 * @param {ReadonlySet<string>} offered
 * @returns {{ readonly names: readonly string[], readonly notOffered: readonly (readonly string[])[] }}
 */
export function pickPackages(rows, offered) {
  /** @type {string[]} */
  const names = [];
  /** @type {(readonly string[])[]} */
  const notOffered = [];
  for (const row of rows) {
    const name = row.find((candidate) => offered.has(candidate));
    if (name === undefined) notOffered.push(row);
    else names.push(name);
  }
  return { names, notOffered };
}

/**
 * @param {object} found
 * @param {number | undefined} found.uid
 * @param {boolean} found.sudoThere
 * @param {boolean} found.sudoNeedsNoPassword
 * @param {boolean} found.terminal a person can be asked for a password
 * @returns {AptAccess}
 */
export function chooseAptAccess({ uid, sudoThere, sudoNeedsNoPassword, terminal }) {
  if (uid === 0) return 'root';
  if (!sudoThere) return 'none';
  if (sudoNeedsNoPassword) return 'sudo';
  return terminal ? 'sudo-asks' : 'none';
}

/**
 * @param {AptAccess} access
 * @param {readonly string[]} args of apt-get
 * @returns {{ readonly command: string, readonly args: readonly string[] }}
 */
export function aptCommand(access, args) {
  // sudo clears the environment, so env sets it for apt. apt waits for another apt to end.
  const apt = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
  if (access === 'sudo') return { command: 'sudo', args: ['-n', 'env', ...apt] };
  if (access === 'sudo-asks') return { command: 'sudo', args: ['env', ...apt] };
  return { command: 'env', args: apt };
}

/**
 * @param {readonly string[]} names
 * @returns {string} the command that installs them
 */
export function commandToType(names) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

/**
 * @param {string} runtimeFolder
 * @returns {Promise<readonly string[]>} the libraries that the Electron in it needs and the system lacks
 */
export async function missingLibraries(runtimeFolder) {
  const linked = (await readdir(runtimeFolder)).filter(
    (name) => name === 'electron' || /\.so(\.\d+)*$/.test(name),
  );
  const files = linked.map((name) => path.join(runtimeFolder, name));
  const ended = await run('ldd', files, { env: { ...process.env, LC_ALL: 'C' } });
  return librariesNotFound(ended.stdout);
}

/** @param {string} name */
function isProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)));
}

async function hasEmojiFont() {
  if (existsSync(EMOJI_FONT.file)) return true;
  // und-zsye is fontconfig's name for the language of emoji.
  const listed = await run('fc-list', [':lang=und-zsye', 'family']);
  return listed.stdout.trim() !== '';
}

/** @returns {Promise<AptAccess>} */
async function aptAccess() {
  const sudoThere = isProgram('sudo');
  const asked = sudoThere ? await run('sudo', ['-n', 'true']) : undefined;
  return chooseAptAccess({
    uid: process.getuid?.(),
    sudoThere,
    sudoNeedsNoPassword: asked?.status === 0,
    terminal: process.stdin.isTTY && process.stdout.isTTY,
  });
}

/** @param {readonly (readonly string[])[]} rows */
async function pickOffered(rows) {
  const policy = await run('apt-cache', ['policy', ...rows.flat()], { env: { ...process.env, LC_ALL: 'C' } });
  return pickPackages(rows, packagesOffered(policy.stdout));
}

/**
 * Installs one package of each row.
 * @param {readonly (readonly string[])[]} rows
 * @param {(line: string) => void} say
 * @returns {Promise<Outcome<void>>}
 */
async function installPackages(rows, say) {
  const access = await aptAccess();
  /** @param {readonly string[]} args */
  const apt = async (args) => {
    const { command, args: all } = aptCommand(access, args);
    return await run(command, all, { limitMs: APT_LIMIT_MS, ask: access === 'sudo-asks' });
  };
  let picked = await pickOffered(rows);
  let updated = false;
  // A new container has no package lists, so apt offers nothing.
  if (picked.notOffered.length > 0 && access !== 'none') {
    say('Updating the lists of system packages …');
    await apt(['update']);
    updated = true;
    picked = await pickOffered(rows);
  }
  // Without lists the older names are the better guess: apt finds the newer packages by them, but not the reverse.
  const names = [...picked.names, ...picked.notOffered.map((row) => row.at(-1) ?? '')];
  const byHand = `Run this once, then try again:\n  ${commandToType(names)}`;
  if (access === 'none') {
    return {
      ok: false,
      message: `System packages are missing (${names.join(', ')}), and this account cannot install them. ${byHand}`,
    };
  }
  say(`Installing system packages: ${names.join(', ')} …`);
  const install = ['install', '-y', '--no-install-recommends', ...names];
  let ended = await apt(install);
  if (ended.status !== 0 && !updated) {
    await apt(['update']);
    ended = await apt(install);
  }
  if (ended.status === 0) return { ok: true, value: undefined };
  const output = ended.startError ?? tail(ended.stderr, 6);
  return {
    ok: false,
    message: `apt-get could not install ${names.join(', ')}. ${byHand}\napt-get said: ${output}`,
  };
}

/**
 * Makes sure that the system can run the Electron in a folder, and its tests if requested. Silent where nothing is missing.
 * @param {object} needs
 * @param {string} needs.runtimeFolder the folder of the Electron binary
 * @param {boolean} needs.forTests also an Xvfb, Python and a font with emoji
 * @param {(line: string) => void} [needs.say]
 * @returns {Promise<Outcome<void>>}
 */
export async function ensureSystemLibraries({ runtimeFolder, forTests, say = console.log }) {
  if (process.platform !== 'linux') return { ok: true, value: undefined };
  const libraries = await missingLibraries(runtimeFolder);
  const programs = forTests ? TEST_PROGRAMS.filter(({ program }) => !isProgram(program)) : [];
  const needsFont = forTests && !(await hasEmojiFont());
  if (libraries.length === 0 && programs.length === 0 && !needsFont) return { ok: true, value: undefined };

  const { rows, unknown } = packageRowsFor(libraries);
  if (!isProgram('apt-get') || unknown.length > 0) {
    const missing = [...libraries, ...programs.map(({ program }) => program)].join(', ');
    if (missing === '') return { ok: true, value: undefined };
    return {
      ok: false,
      message: `This system lacks ${missing}. Install the packages of your distribution that hold them, then try again.`,
    };
  }
  const needed = [...rows, ...programs.map(({ packages }) => packages)];
  const installed = await installPackages([...needed, ...(needsFont ? [EMOJI_FONT.packages] : [])], say);
  if (!installed.ok) {
    // Only screenshots need the font: no reason to fail.
    if (needed.length === 0) {
      say(
        'No font with emoji is installed (package fonts-noto-color-emoji): screenshots will show empty boxes.',
      );
      return { ok: true, value: undefined };
    }
    return installed;
  }
  const still = await missingLibraries(runtimeFolder);
  if (still.length === 0) return { ok: true, value: undefined };
  return {
    ok: false,
    message: `Electron still lacks ${still.join(', ')} after the installation. Install the packages that hold them, then try again.`,
  };
}
