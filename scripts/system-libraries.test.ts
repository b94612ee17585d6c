// From outputs of ldd and apt-cache to the command that would be run. Debian's are cut down from recorded ones; the bare
// container's and Ubuntu's are written in the same form.

import { describe, expect, it } from 'vitest';
import {
  aptCommand,
  chooseAptAccess,
  commandToType,
  librariesNotFound,
  packageRowsFor,
  packagesOffered,
  pickPackages,
} from './system-libraries.mjs';

/** Debian 12 with a few desktop libraries, several files in one call; libX11 taken away by hand. */
const LDD_DEBIAN = `/app/node_modules/electron/dist/electron:
\tlinux-vdso.so.1 (0x00007fe27a8dd000)
\tlibffmpeg.so => /app/node_modules/electron/dist/libffmpeg.so (0x00007fe26f200000)
\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fe27a8c7000)
\tlibglib-2.0.so.0 => /lib/x86_64-linux-gnu/libglib-2.0.so.0 (0x00007fe26f0c8000)
\tlibgtk-3.so.0 => not found
\tlibpango-1.0.so.0 => /lib/x86_64-linux-gnu/libpango-1.0.so.0 (0x00007fe26ebf7000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007fe27a8df000)
/app/node_modules/electron/dist/libEGL.so:
\tlinux-vdso.so.1 (0x00007ffd3f9f2000)
\tlibX11.so.6 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3a1c000000)
/app/node_modules/electron/dist/libGLESv2.so:
\tlibX11.so.6 => not found
`;

/** What the Electron binary links (33.2.1), as ldd has it where nothing but the C library is installed. */
const LDD_BARE = [
  'libglib-2.0.so.0',
  'libgobject-2.0.so.0',
  'libgio-2.0.so.0',
  'libnss3.so',
  'libnssutil3.so',
  'libsmime3.so',
  'libnspr4.so',
  'libdbus-1.so.3',
  'libatk-1.0.so.0',
  'libatk-bridge-2.0.so.0',
  'libcups.so.2',
  'libdrm.so.2',
  'libgtk-3.so.0',
  'libpango-1.0.so.0',
  'libcairo.so.2',
  'libX11.so.6',
  'libXcomposite.so.1',
  'libXdamage.so.1',
  'libXext.so.6',
  'libXfixes.so.3',
  'libXrandr.so.2',
  'libgbm.so.1',
  'libexpat.so.1',
  'libxcb.so.1',
  'libxkbcommon.so.0',
  'libudev.so.1',
  'libasound.so.2',
  'libatspi.so.0',
]
  .map((name) => `\t${name} => not found\n`)
  .join('');

const POLICY_UBUNTU_24 = `libgtk-3-0t64:
  Installed: (none)
  Candidate: 3.24.41-4ubuntu1.3
  Version table:
     3.24.41-4ubuntu1.3 500
libgtk-3-0:
  Installed: (none)
  Candidate: (none)
  Version table:
libasound2t64:
  Installed: 1.2.11-1ubuntu0.1
  Candidate: 1.2.11-1ubuntu0.1
  Version table:
 *** 1.2.11-1ubuntu0.1 500
        100 /var/lib/dpkg/status
libnss3:
  Installed: (none)
  Candidate: 2:3.98-1build1
  Version table:
     2:3.98-1build1 500
`;

/** apt-cache prints nothing for an unknown name. */
const POLICY_DEBIAN_12 = `libgtk-3-0:
  Installed: (none)
  Candidate: 3.24.38-2~deb12u3
  Version table:
     3.24.38-2~deb12u3 500
libnss3:
  Installed: 2:3.87.1-1+deb12u2
  Candidate: 2:3.87.1-1+deb12u4
  Version table:
     2:3.87.1-1+deb12u4 500
`;

describe('missing libraries', () => {
  it('are read from ldd’s output for several files, each once', () => {
    expect(librariesNotFound(LDD_DEBIAN)).toEqual(['libX11.so.6', 'libgtk-3.so.0']);
  });

  it('are none where ldd found all, or only misses a version of the C library', () => {
    const tooOld =
      "./electron: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./electron)\n";
    expect(librariesNotFound(`\tlibc.so.6 => /lib/libc.so.6 (0x1)\n${tooOld}`)).toEqual([]);
  });

  it('all have a package, whatever Electron links', () => {
    const { rows, unknown } = packageRowsFor(librariesNotFound(LDD_BARE));
    expect(unknown).toEqual([]);
    expect(rows).toContainEqual(['libgtk-3-0t64', 'libgtk-3-0']);
    // Three libraries are in one package, which is asked for once.
    expect(rows.filter((row) => row.includes('libnss3'))).toHaveLength(1);
  });

  it('are named where no package is known', () => {
    expect(packageRowsFor(['libnew.so.1', 'libnss3.so'])).toEqual({
      rows: [['libnss3']],
      unknown: ['libnew.so.1'],
    });
  });
});

describe('package names', () => {
  const rows = packageRowsFor(['libgtk-3.so.0', 'libnss3.so']).rows;

  it('are the renamed ones where the old ones are only virtual', () => {
    const picked = pickPackages(rows, packagesOffered(POLICY_UBUNTU_24));
    expect(picked).toEqual({ names: ['libgtk-3-0t64', 'libnss3'], notOffered: [] });
  });

  it('are the old ones where the new ones are unknown', () => {
    const picked = pickPackages(rows, packagesOffered(POLICY_DEBIAN_12));
    expect(picked).toEqual({ names: ['libgtk-3-0', 'libnss3'], notOffered: [] });
  });

  it('are all not offered where apt has no lists', () => {
    expect(pickPackages(rows, packagesOffered('')).notOffered).toEqual(rows);
  });
});

describe('the way to apt', () => {
  const sudo = { sudoThere: true, sudoNeedsNoPassword: false, terminal: false };

  it('is direct as root, through sudo where it is allowed, and with a password where a person can type one', () => {
    expect(chooseAptAccess({ ...sudo, uid: 0 })).toBe('root');
    expect(chooseAptAccess({ ...sudo, uid: 1000, sudoNeedsNoPassword: true })).toBe('sudo');
    expect(chooseAptAccess({ ...sudo, uid: 1000, terminal: true })).toBe('sudo-asks');
  });

  it('is closed where no person can be asked, or there is no sudo', () => {
    expect(chooseAptAccess({ ...sudo, uid: 1000 })).toBe('none');
    expect(chooseAptAccess({ ...sudo, uid: 1000, sudoThere: false, terminal: true })).toBe('none');
  });

  it('never lets apt ask anything, also behind sudo, which clears the environment', () => {
    for (const access of ['root', 'sudo', 'sudo-asks'] as const) {
      const { command, args } = aptCommand(access, ['install', '-y', 'xvfb']);
      const words = [command, ...args];
      expect(words.slice(words.indexOf('env'), words.indexOf('env') + 3)).toEqual([
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
      ]);
      expect(words.slice(-3)).toEqual(['install', '-y', 'xvfb']);
    }
    expect(aptCommand('sudo', []).args[0]).toBe('-n');
    expect(aptCommand('sudo-asks', []).args).not.toContain('-n');
    expect(aptCommand('root', []).command).toBe('env');
  });

  it('is a command to type where it is closed', () => {
    expect(commandToType(['libgtk-3-0', 'xvfb'])).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends libgtk-3-0 xvfb',
    );
  });
});
