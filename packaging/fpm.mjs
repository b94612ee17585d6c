#!/usr/bin/env node
// @ts-check
// Builds the deb and the rpm in place of fpm, which would be another download, with a Ruby. It accepts the part of fpm's
// command line that electron-builder uses, and runs dpkg-deb and rpmbuild.

import {
  chmod,
  constants,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run, tail } from '../scripts/commands.mjs';

/**
 * @typedef {object} Order
 * @property {ReadonlyMap<string, readonly string[]>} options all values by fpm's long name
 * @property {readonly { readonly from: string, readonly to: string }[]} files a folder's name ends in a slash
 */

const LONG_NAMES = new Map([
  ['-s', '--input-type'],
  ['-t', '--output-type'],
  ['-d', '--depends'],
]);
/** electron-builder uses Debian's names for processors, as fpm does; rpm has its own. */
const RPM_ARCHITECTURES = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);
const FLAGS = new Set(['--force', '--debug']);

/**
 * @param {readonly string[]} args
 * @returns {Order}
 */
function readOrder(args) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  /** @type {{ from: string, to: string }[]} */
  const files = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (FLAGS.has(arg)) continue;
    if (arg.startsWith('-')) {
      const name = LONG_NAMES.get(arg) ?? arg;
      index += 1;
      options.set(name, [...(options.get(name) ?? []), args[index] ?? '']);
    } else {
      // The target is an absolute path; an equals sign may also be part of a folder's name.
      const at = arg.lastIndexOf('=/');
      files.push({ from: arg.slice(0, at), to: arg.slice(at + 1) });
    }
  }
  return { options, files };
}

/**
 * @param {Order} order
 * @param {string} name
 * @param {string} [otherwise]
 */
function option(order, name, otherwise = '') {
  return order.options.get(name)?.at(-1) ?? otherwise;
}

/**
 * Copies the files to where they are installed below `root`: folders and programs with mode 755, the rest with 644.
 * @param {Order} order
 * @param {string} root
 * @returns {Promise<number>} bytes
 */
async function copyFiles(order, root) {
  for (const { from, to } of order.files) {
    const target = path.join(root, to);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(from, target, { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true });
  }
  let bytes = 0;
  await chmod(root, 0o755);
  for (const name of await readdir(root, { recursive: true })) {
    const file = path.join(root, name);
    const found = await lstat(file);
    if (found.isSymbolicLink()) continue;
    await chmod(file, found.isDirectory() || (found.mode & 0o111) !== 0 ? 0o755 : 0o644);
    if (found.isFile()) bytes += found.size;
  }
  return bytes;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
async function runOrThrow(command, args) {
  const ended = await run(command, args, { env: { ...process.env, LC_ALL: 'C' } });
  if (ended.status !== 0) {
    throw new Error(`${command}: ${ended.startError ?? tail(`${ended.stdout}${ended.stderr}`, 8)}`);
  }
}

/**
 * The description in the form of deb-control(5): the first line is short, the others are indented.
 * @param {string} text fpm's form: the short line, then the rest
 */
function debDescription(text) {
  const [synopsis = '', ...rest] = text.split('\n').map((line) => line.trim());
  return [synopsis, ...rest.map((line) => ` ${line === '' ? '.' : line}`)].join('\n');
}

/**
 * @param {Order} order
 * @param {string} root
 * @param {number} bytes
 */
async function packDeb(order, root, bytes) {
  const control = path.join(root, 'DEBIAN');
  await mkdir(control, { mode: 0o755 });
  const fields = {
    Package: option(order, '--name'),
    Version: option(order, '--version'),
    Architecture: option(order, '--architecture'),
    Maintainer: option(order, '--maintainer'),
    'Installed-Size': String(Math.ceil(bytes / 1024)),
    Depends: (order.options.get('--depends') ?? []).join(', '),
    Recommends: (order.options.get('--deb-recommends') ?? []).join(', '),
    Section: option(order, '--category', 'misc'),
    Priority: option(order, '--deb-priority', 'optional'),
    Description: debDescription(option(order, '--description')),
  };
  const lines = Object.entries(fields).filter(([, value]) => value !== '');
  await writeFile(
    path.join(control, 'control'),
    `${lines.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`,
  );
  await cp(option(order, '--after-install'), path.join(control, 'postinst'));
  await cp(option(order, '--after-remove'), path.join(control, 'postrm'));
  for (const script of ['postinst', 'postrm']) await chmod(path.join(control, script), 0o755);
  const compression = option(order, '--deb-compression', 'xz');
  const program = compression === 'gz' ? 'gzip' : compression === 'zst' ? 'zstd' : compression;
  await runOrThrow('dpkg-deb', [
    '--root-owner-group',
    `-Z${program}`,
    '--build',
    root,
    option(order, '--package'),
  ]);
}

/** @param {string} text for a spec file, where a percent sign begins a macro */
function plain(text) {
  return text.replaceAll('%', '%%');
}

/**
 * @param {Order} order
 * @param {string} root
 * @param {string} work
 */
async function packRpm(order, root, work) {
  const architecture = option(order, '--architecture');
  const target = RPM_ARCHITECTURES.get(architecture) ?? architecture;
  const afterInstall = await readFile(option(order, '--after-install'), 'utf8');
  const afterRemove = await readFile(option(order, '--after-remove'), 'utf8');
  const requires = (order.options.get('--depends') ?? []).map((name) => `Requires: ${name}`);
  const spec = [
    // The files are installed as they are: nothing is stripped, byte-compiled or linked by its build id.
    '%define __os_install_post %{nil}',
    '%define _build_id_links none',
    '%define _binary_payload w6T0.xzdio',
    `Name: ${option(order, '--name')}`,
    `Version: ${option(order, '--version')}`,
    'Release: 1',
    `Summary: ${plain(option(order, '--rpm-summary'))}`,
    `License: ${option(order, '--license', 'MIT')}`,
    `Vendor: ${plain(option(order, '--vendor'))}`,
    'AutoReqProv: no',
    ...requires,
    '%description',
    plain(option(order, '--description')),
    '%post -p /bin/bash',
    plain(afterInstall),
    // It also runs after an update, when the files are the new ones, which must stay.
    '%postun -p /bin/bash',
    'if [ "$1" != 0 ]; then exit 0; fi',
    plain(afterRemove),
    '%files',
    '%defattr(-,root,root,-)',
    ...order.files.map(({ to }) => `"${to.replace(/\/$/, '')}"`),
  ].join('\n');
  const specFile = path.join(work, 'package.spec');
  await writeFile(specFile, `${spec}\n`);
  await runOrThrow('rpmbuild', [
    '-bb',
    '--quiet',
    ...['--define', `_topdir ${path.join(work, 'rpmbuild')}`],
    ...['--define', `_rpmdir ${path.join(work, 'built')}`],
    ...['--define', '_rpmfilename package.rpm'],
    ...['--buildroot', root],
    ...['--target', target],
    specFile,
  ]);
  await cp(path.join(work, 'built', 'package.rpm'), option(order, '--package'));
}

const order = readOrder(process.argv.slice(2));
const work = await mkdtemp(path.join(os.tmpdir(), 'socketscope-package-'));
try {
  const root = path.join(work, 'root');
  await mkdir(root);
  const bytes = await copyFiles(order, root);
  const type = option(order, '--output-type');
  if (type === 'deb') await packDeb(order, root, bytes);
  else if (type === 'rpm') await packRpm(order, root, work);
  else throw new Error(`A package of type ${type} is not known here; deb and rpm are.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
