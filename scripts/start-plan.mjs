// @ts-check
// Decides from the command line and the environment what `npm start` launches or prints instead. It must not start or read
// anything itself.

import path from 'node:path';

const TERMINAL_COMMAND = 'npm run -s exchange -- in-proj.txt out-proj.txt';

/**
 * @typedef {object} StartEnvironment
 * @property {readonly string[]} args what followed `npm start --`
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {string} cwd
 * @property {string} platform as process.platform has it
 * @property {number | undefined} uid undefined on Windows
 * @property {(path: string) => boolean} isFile whether a file of that path exists
 */

/**
 * @typedef {object} StartPlan
 * @property {boolean} dev run the sources with reloading, without a build
 * @property {readonly string[]} switches for Electron, before everything else
 * @property {readonly string[]} appArgs for the app: absolute paths, `--port=N`, and switches as they were typed
 * @property {readonly string[]} notices a line each, for the person
 */

export const USAGE = `npm start -- [--port N] [file]

  --port N   the port the server asks for, 0 to 65535; 0 is any free one
  file       in-proj.txt or any other text file, or a run that was saved (NAME.socketscope)

Without a window: ${TERMINAL_COMMAND}`;

/** @param {string | undefined} text */
function isPort(text) {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/**
 * @param {StartEnvironment} environment
 * @returns {{ readonly ok: true, readonly value: { readonly dev: boolean, readonly appArgs: readonly string[] } } | { readonly ok: false, readonly message: string }}
 */
function readArguments({ args, env, cwd, isFile }) {
  // npm runs scripts in the project's folder; INIT_CWD is the folder that it was called in.
  const from = env.INIT_CWD ?? cwd;
  /** @type {string[]} */
  const appArgs = [];
  let dev = false;
  let onlyFilesFollow = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    // An absolute path never begins with a dash, so the app does not read a file called -x.txt as a switch.
    const file = /^file:/i.test(arg) ? arg : path.resolve(from, arg);
    if (onlyFilesFollow) {
      appArgs.push(file);
    } else if (arg === '--') {
      onlyFilesFollow = true;
    } else if (arg === '--dev') {
      dev = true;
    } else if (arg === '--port' || arg.startsWith('--port=')) {
      if (arg === '--port') index += 1;
      const port = arg === '--port' ? args[index] : arg.slice('--port='.length);
      if (!isPort(port)) {
        return {
          ok: false,
          message: `--port ${port ?? ''} is not a port: give a number from 0 to 65535, where 0 is any free port.`,
        };
      }
      // One word: Chromium may reorder switches, and a separate value would be read as a file.
      appArgs.push(`--port=${String(port)}`);
    } else if (arg.startsWith('-') && !isFile(file)) {
      // A switch of Electron or Chromium, such as --user-data-dir=FOLDER.
      appArgs.push(arg);
    } else if (arg !== '') {
      appArgs.push(file);
    }
  }
  return { ok: true, value: { dev, appArgs } };
}

/**
 * @param {StartEnvironment} environment
 * @returns {{ readonly ok: true, readonly value: StartPlan } | { readonly ok: false, readonly message: string }}
 */
export function planStart(environment) {
  const { env, platform, uid } = environment;
  const linux = platform === 'linux';
  const hasX11 = (env.DISPLAY ?? '') !== '';
  const hasWayland = (env.WAYLAND_DISPLAY ?? '') !== '';
  if (linux && !hasX11 && !hasWayland) {
    return {
      ok: false,
      message: `There is no display to open a window on: run the exchange in this terminal instead, with \`${TERMINAL_COMMAND}\`.`,
    };
  }
  const read = readArguments(environment);
  if (!read.ok) return read;
  /** @type {string[]} */
  const switches = [];
  /** @type {string[]} */
  const notices = [];
  if (linux && uid === 0) {
    switches.push('--no-sandbox');
    notices.push('Running as root, where Chromium’s sandbox cannot work: it is switched off for this start.');
  }
  // Electron 33 does not detect Wayland.
  if (linux && !hasX11) switches.push('--ozone-platform=wayland');
  return { ok: true, value: { ...read.value, switches, notices } };
}

/**
 * The message where the system does not let Chromium build its sandbox.
 * @param {string} sandboxHelper path of chrome-sandbox beside the Electron binary
 * @returns {string}
 */
export function sandboxForbidden(sandboxHelper) {
  const quoted = `'${sandboxHelper.replaceAll("'", String.raw`'\''`)}'`;
  return `This system does not let ordinary users create user namespaces, which Chromium’s sandbox is made of. Give Electron its own helper for that, then start again:
  sudo chown root:root ${quoted} && sudo chmod 4755 ${quoted}`;
}

/**
 * Messages of Chromium and its libraries that are known to be irrelevant: no system bus, no graphics card. Chromium 130
 * writes `[1:2/3:ERROR:bus.cc(407)]`, later ones `[1:2/3:ERROR:dbus/bus.cc:407]`.
 */
const NOISE = [
  /^\[\d+:\d+\/[\d.]+:(?:ERROR|WARNING|INFO):(?:[\w/-]+\/)?(?:bus|object_proxy|viz_main_impl|gl_display|gl_factory|gl_surface_egl|egl_util|angle_platform_impl|gpu_process_host|gpu_memory_buffer_support_x11|vaapi_wrapper|vulkan_instance|vulkan_util|command_buffer_proxy_impl|context_group|gles2_cmd_decoder|skia_output_device_buffer_queue|browser_main_loop|sandbox_linux|atom_cache|gtk_ui|ui_gtk|service_client|network_service_instance_impl)\.cc[(:]/,
  /^(?:libva|MESA|MESA-LOADER|libEGL|libGL|Gtk-Message|dconf-WARNING|dconf-CRITICAL)\b/,
  /^\(\w+:\d+\): (?:Gtk|dconf|GLib-GIO|Gdk)-(?:WARNING|CRITICAL|Message|Debug) \*\*/,
];

/** Chromium's last message where it may not build its sandbox (sandbox/linux/suid/client/setuid_sandbox_host.cc and zygote_host_impl_linux.cc). */
const NO_SANDBOX = /SUID sandbox helper binary was found, but is not configured correctly|No usable sandbox!/;

/** @param {string} line of standard error */
export function isNoise(line) {
  return NOISE.some((pattern) => pattern.test(line));
}

/** @param {string} line of standard error */
export function isSandboxError(line) {
  return NO_SANDBOX.test(line);
}
