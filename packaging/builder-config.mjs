// @ts-check
// The configuration of electron-builder: what is packaged, for which systems and how.

import { rm } from 'node:fs/promises';
import path from 'node:path';

/** @typedef {import('electron-builder').Configuration} Configuration */

const PROJECT = path.resolve(import.meta.dirname, '..');

/**
 * Electron's fuses, which are set in the binary (docs: Electron Fuses). electron-builder flips them after the files are in
 * place and before anything is signed.
 * @param {NodeJS.Platform} platform
 */
function fuses(platform) {
  return {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    // Linux has no place for the hash: the fuse would have no effect there.
    enableEmbeddedAsarIntegrityValidation: platform === 'darwin' || platform === 'win32',
    // The window's page is loaded by app://, so file: needs no extra privileges.
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
    // The app keeps no cookies, and encryption would ask for the keychain at the first start.
    enableCookieEncryption: false,
    resetAdHocDarwinSignature: platform === 'darwin',
  };
}

/**
 * @param {object} how
 * @param {NodeJS.Platform} how.platform to package for, which must be the one this runs on
 * @param {string} how.version of the packages
 * @param {string} how.electronVersion
 * @param {string | undefined} how.runtimeFolder an unpacked Electron to use; without one electron-builder downloads its own
 * @param {string} how.output the folder to write to
 * @param {boolean} how.quickly nothing is compressed: for tests
 * @returns {Configuration}
 */
export function builderConfig({ platform, version, electronVersion, runtimeFolder, output, quickly }) {
  const license = path.join(PROJECT, 'LICENSE');
  const mimeType = path.join(PROJECT, 'packaging', 'linux', 'socketscope-mime.xml');
  const runIcons = [16, 24, 32, 48, 64, 128, 256, 512].map((size) => {
    const name = `${size}x${size}`;
    const from = path.join(PROJECT, 'packaging', 'icons', 'run', `${name}.png`);
    return `${from}=/usr/share/icons/hicolor/${name}/mimetypes/application-x-socketscope.png`;
  });
  // electron-builder's own MIME file has one icon for every program's documents, so ours is added beside it.
  const installedBeside = [
    ...runIcons,
    `${mimeType}=/usr/share/mime/packages/socketscope.xml`,
    `${license}=/usr/share/doc/socketscope/copyright`,
  ];
  const savedRun = { ext: 'socketscope', name: 'SocketScope run' };
  return {
    appId: 'org.socketscope.app',
    productName: 'SocketScope',
    copyright: 'Copyright © 2026 The SocketScope authors',
    // The project has no page yet; names below .invalid never exist (RFC 2606).
    extraMetadata: { version, homepage: 'https://socketscope.invalid' },
    directories: { output, buildResources: 'packaging' },
    // Main and the page are bundled: a package needs no node_modules.
    files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'package.json', '!**/node_modules/**'],
    asar: true,
    npmRebuild: false,
    publish: null,
    electronVersion,
    ...(runtimeFolder === undefined ? {} : { electronDist: runtimeFolder }),
    // The window is in English; Chromium's texts in the other 50 languages take 40 MB.
    electronLanguages: ['en-US'],
    electronFuses: fuses(platform),
    async afterExtract({ appOutDir }) {
      // The loader of `electron FOLDER` has no place in a package.
      await rm(path.join(appOutDir, 'resources', 'default_app.asar'), { recursive: true, force: true });
    },
    linux: {
      target: ['deb', 'rpm', 'tar.gz', 'AppImage'],
      icon: 'packaging/icons/app',
      executableName: 'socketscope',
      executableArgs: ['%F'],
      syncDesktopName: true,
      category: 'Education;ComputerScience',
      mimeTypes: ['application/x-socketscope', 'text/plain'],
      synopsis: 'Makes a TCP exchange visible',
      maintainer: 'The SocketScope authors <authors@socketscope.invalid>',
      desktop: {
        entry: {
          GenericName: 'TCP exchange viewer',
          Keywords: 'TCP;socket;network;server;client;port;',
          StartupNotify: 'true',
        },
      },
    },
    deb: {
      packageCategory: 'education',
      // What Electron links or starts, without libraries for a tray, a key ring and a screen saver.
      depends: [
        'libgtk-3-0 | libgtk-3-0t64',
        'libnss3',
        'libasound2 | libasound2t64',
        'libgbm1',
        'libxtst6',
        'xdg-utils',
      ],
      recommends: ['shared-mime-info', 'desktop-file-utils'],
      fpm: [...installedBeside, ...(quickly ? ['--deb-compression', 'none'] : [])],
    },
    rpm: { fpm: installedBeside },
    mac: {
      target: [
        { target: 'dmg', arch: ['x64', 'arm64'] },
        { target: 'zip', arch: ['x64', 'arm64'] },
      ],
      icon: 'packaging/icons/app.icns',
      category: 'public.app-category.education',
      fileAssociations: [
        { ...savedRun, icon: 'icons/run.icns', role: 'Viewer', rank: 'Owner' },
        { ext: ['txt', 'text'], name: 'Text file', role: 'Viewer', rank: 'Alternate' },
      ],
    },
    win: {
      target: [{ target: 'nsis', arch: ['x64'] }],
      icon: 'packaging/icons/app.ico',
      fileAssociations: [{ ...savedRun, icon: 'icons/run.ico', description: 'SocketScope run' }],
    },
    nsis: { license: 'LICENSE', oneClick: false, include: 'packaging/windows-open-with.nsh' },
  };
}
