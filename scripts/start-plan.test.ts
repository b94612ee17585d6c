// From a command line and its environment to what is launched or printed.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNoise, planStart, sandboxForbidden, isSandboxError } from './start-plan.mjs';

const DESK = {
  args: [],
  env: { DISPLAY: ':0', INIT_CWD: '/home/ada/course' },
  cwd: '/project',
  platform: 'linux',
  uid: 1000,
  isFile: () => false,
};

function appArgs(args: readonly string[], files: readonly string[] = []): readonly string[] {
  const plan = planStart({ ...DESK, args, isFile: (file) => files.includes(file) });
  if (!plan.ok) throw new Error(plan.message);
  return plan.value.appArgs;
}

const from = (name: string): string => path.resolve('/home/ada/course', name);

describe('the app’s arguments', () => {
  it('are none where nothing was typed', () => {
    expect(planStart(DESK)).toEqual({
      ok: true,
      value: { dev: false, switches: [], appArgs: [], notices: [] },
    });
  });

  it('resolve a file from the folder that npm was called in, not from where it runs its scripts', () => {
    expect(appArgs(['in-proj.txt'])).toEqual([from('in-proj.txt')]);
    expect(appArgs(['../other/in-proj.txt'])).toEqual([path.resolve('/home/ada/other/in-proj.txt')]);
    expect(appArgs(['/tmp/in-proj.txt'])).toEqual([path.resolve('/tmp/in-proj.txt')]);
  });

  it('resolve it from the working folder without npm', () => {
    const plan = planStart({ ...DESK, args: ['a.txt'], env: { DISPLAY: ':0' } });
    expect(plan.ok && plan.value.appArgs).toEqual([path.resolve('/project/a.txt')]);
  });

  it('keep spaces, other scripts and file URIs as they are', () => {
    expect(appArgs(['my file 🙂 ünï.txt'])).toEqual([from('my file 🙂 ünï.txt')]);
    expect(appArgs(['file:///tmp/a%20b.txt'])).toEqual(['file:///tmp/a%20b.txt']);
  });

  it('read what begins with a dash as a file where there is one, or after --', () => {
    expect(appArgs(['-odd.txt'], [from('-odd.txt')])).toEqual([from('-odd.txt')]);
    expect(appArgs(['--', '-odd.txt', '--port'])).toEqual([from('-odd.txt'), from('--port')]);
  });

  it('forward Electron’s switches', () => {
    expect(appArgs(['--user-data-dir=/tmp/x', 'a.txt'])).toEqual(['--user-data-dir=/tmp/x', from('a.txt')]);
  });

  it('carry the port in one word, however it was typed', () => {
    expect(appArgs(['--port', '50008', 'a.txt'])).toEqual(['--port=50008', from('a.txt')]);
    expect(appArgs(['--port=0'])).toEqual(['--port=0']);
  });

  it.each([['--port'], ['--port', '65536'], ['--port=-1'], ['--port=http'], ['--port', '']])(
    'are refused for %j %j',
    (...args) => {
      const plan = planStart({ ...DESK, args });
      expect(plan.ok ? '' : plan.message).toContain('is not a port: give a number from 0 to 65535');
    },
  );

  it('do not include --dev, which is for the start script', () => {
    const plan = planStart({ ...DESK, args: ['--dev', 'a.txt'] });
    expect(plan.ok && plan.value).toMatchObject({ dev: true, appArgs: [from('a.txt')] });
  });
});

describe('the environment', () => {
  it('without a display name the terminal command', () => {
    for (const env of [{}, { DISPLAY: '', WAYLAND_DISPLAY: '' }]) {
      const plan = planStart({ ...DESK, env });
      expect(plan.ok ? '' : plan.message).toContain('`npm run -s exchange -- in-proj.txt out-proj.txt`');
    }
  });

  it('need no DISPLAY where the system is no Linux', () => {
    for (const platform of ['darwin', 'win32']) {
      const plan = planStart({ ...DESK, env: {}, platform, uid: platform === 'darwin' ? 0 : undefined });
      expect(plan.ok && plan.value.switches).toEqual([]);
    }
  });

  it('with Wayland alone add a switch for Electron', () => {
    const plan = planStart({ ...DESK, env: { WAYLAND_DISPLAY: 'wayland-0' } });
    expect(plan.ok && plan.value.switches).toEqual(['--ozone-platform=wayland']);
  });

  it('as root switch the sandbox off with a notice, and for no other user', () => {
    const root = planStart({ ...DESK, uid: 0 });
    expect(root.ok && root.value.switches).toEqual(['--no-sandbox']);
    expect(root.ok && root.value.notices).toHaveLength(1);
    const user = planStart(DESK);
    expect(user.ok && [...user.value.switches, ...user.value.notices]).toEqual([]);
  });
});

describe('a sandbox that the system forbids', () => {
  it('is answered by commands that can be pasted, whatever the folder is called', () => {
    expect(sandboxForbidden("/home/ada/it's here/chrome-sandbox")).toContain(
      String.raw`sudo chown root:root '/home/ada/it'\''s here/chrome-sandbox' && sudo chmod 4755 '/home/ada/it'\''s here/chrome-sandbox'`,
    );
  });

  it('is recognised by Chromium’s message', () => {
    const said =
      "[22060:1123/032343.725192:FATAL:setuid_sandbox_host.cc(163)] The SUID sandbox helper binary was found, but is not configured correctly. Rather than run without sandboxing I'm aborting now. You need to make sure that /app/chrome-sandbox is owned by root and has mode 4755.";
    expect(isSandboxError(said)).toBe(true);
    expect(isNoise(said)).toBe(false);
  });
});

describe('standard error', () => {
  it.each([
    '[5803:1123/025520.288107:ERROR:bus.cc(407)] Failed to connect to the bus: Failed to connect to socket /run/dbus/system_bus_socket: No such file or directory',
    '[5803:1123/025520.288107:ERROR:dbus/bus.cc:408] Failed to connect to the bus',
    '[12:0101/000000.1:ERROR:viz_main_impl.cc(166)] Exiting GPU process due to errors during initialization',
    'Gtk-Message: 03:00:00.000: Failed to load module "canberra-gtk-module"',
    '(electron:123): Gtk-WARNING **: 03:00:00.000: Theme parsing error',
  ])('loses %j', (line) => {
    expect(isNoise(line)).toBe(true);
  });

  it.each([
    '',
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:50007',
    '[1:2/3.4:FATAL:gpu_process_host.cc(1)] GPU process isn’t usable. Goodbye.',
    '[5803:1123/025520.288107:ERROR:CONSOLE(12)] "Uncaught TypeError", source: app://socketscope/ (12)',
    'The file bus.cc could not be read.',
  ])('keeps %j', (line) => {
    expect(isNoise(line)).toBe(false);
  });
});
