// @ts-check
// A display for the tests: an Xvfb of their own, so that no test window appears on a person's desktop. It must end with
// this process, also where that is killed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

/** @template Value @typedef {import('./commands.mjs').Outcome<Value>} Outcome */

const SCREEN = '1600x1000x24';
const START_LIMIT_MS = 20_000;
/** An X client's first bytes: little-endian, protocol 11.0, no authorization (X Window System Protocol, section 8). */
const HELLO = Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * @typedef {object} Display
 * @property {string} name what DISPLAY is set to, such as `:99`
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * Starts an Xvfb on a display number that it picks itself and waits until it accepts clients.
 * @returns {Promise<Outcome<Display>>}
 */
export async function startXvfb() {
  // It ends with its last client, which is this process (see holdOpen), so that a killed test run leaves none behind.
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-terminate'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let complaint = '';
  server.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    complaint += text;
  });
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', (error) => {
      complaint += error.message;
      resolve(undefined);
    });
  });
  const number = await Promise.race([displayNumber(server.stdio[3]), ended.then(() => undefined)]);
  if (number === undefined || server.pid === undefined) {
    server.kill();
    return {
      ok: false,
      message: `Xvfb, the display for the tests, did not start: ${complaint.trim() || 'no answer in 20 s'}`,
    };
  }
  const held = await holdOpen(number);
  const stop = async () => {
    held?.destroy();
    server.kill();
    await ended;
  };
  return { ok: true, value: { name: `:${number}`, pid: server.pid, stop } };
}

/**
 * @param {import('node:stream').Readable | import('node:stream').Writable | null | undefined} pipe Xvfb writes its number here once it listens
 * @returns {Promise<string | undefined>}
 */
async function displayNumber(pipe) {
  if (!pipe || !('read' in pipe)) return undefined;
  const limit = setTimeout(() => pipe.destroy(), START_LIMIT_MS);
  let output = '';
  try {
    for await (const piece of pipe) {
      output += String(piece);
      if (output.includes('\n')) return output.trim();
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(limit);
  }
}

/**
 * Connects as the display's first and last client.
 * @param {string} number
 * @returns {Promise<net.Socket | undefined>} undefined where the display has no socket at the usual path
 */
async function holdOpen(number) {
  const socket = net.connect(`/tmp/.X11-unix/X${number}`);
  // An error only ends this connection: the display itself is running.
  socket.on('error', () => undefined);
  socket.write(HELLO);
  const answered = once(socket, 'data').then(
    () => true,
    () => false,
  );
  const closed = once(socket, 'close').then(() => false);
  if (!(await Promise.race([answered, closed]))) return undefined;
  socket.resume();
  socket.unref();
  return socket;
}

/**
 * Calls `work` with a display of its own and ends the display afterwards.
 * @template Value
 * @param {(env: NodeJS.ProcessEnv) => Promise<Value>} work gets the environment for the programs it starts
 * @returns {Promise<Outcome<Value>>}
 */
export async function withDisplay(work) {
  const display = await startXvfb();
  if (!display.ok) return display;
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, DISPLAY: display.value.name };
  // Electron prefers a Wayland session where there is one.
  delete env.WAYLAND_DISPLAY;
  try {
    return { ok: true, value: await work(env) };
  } finally {
    await display.value.stop();
  }
}
