// The owner that a port had before: a Python program that does not set SO_REUSEADDR and closes first, so that what it
// leaves in TIME_WAIT keeps the port. No server of ours could: Node sets SO_REUSEADDR on every one. in-use.ts starts it.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import type { Emit, Endpoint } from '../../shared/trace/fact.ts';
import type { Connections } from '../net/connections.ts';
import { runGreetingClient } from '../net/programs/greeting-client.ts';
import { cancelledProblem, listenProblem } from '../net/problems.ts';
import { systemErrorOf } from '../system/system-error.ts';
import { PREVIOUS_OWNER } from './previous-owner-source.ts';

const PROGRAM = 'python3';

/** It listens within a tenth of a second; a machine under load gets more, and a program that hangs is ended. */
const LIMIT_MS = 15_000;

/**
 * What python3 says of its version, such as `Python 3.11.7`. Fails with `program-missing` where it cannot be run, and
 * where `signal` is aborted.
 */
export async function findPython(signal: AbortSignal): Promise<Result<string>> {
  try {
    const options = { encoding: 'utf8', timeout: LIMIT_MS, signal, windowsHide: true } as const;
    const { stdout } = await promisify(execFile)(PROGRAM, ['--version'], options);
    return succeeded(stdout.trim());
  } catch (error) {
    return endOf(missingProblem(error), signal);
  }
}

/** The failure, or the abort that brought it about. */
function endOf(problem: Problem, signal: AbortSignal): Result<never> {
  return { ok: false, problem: signal.aborted ? cancelledProblem(signal) : problem };
}

function missingProblem(error: unknown): Problem {
  const { code, detail } = systemErrorOf(error);
  const why = code === 'ENOENT' ? 'is not on this machine' : 'does not run on this machine';
  return {
    code: 'program-missing',
    message: `${PROGRAM} ${why}, and here it is needed: Node sets SO_REUSEADDR on every server, so what ours leave in TIME_WAIT keeps no port from them. Install ${PROGRAM}, or choose a server that listens.`,
    detail: { ...(detail.errorCode === undefined ? {} : { errorCode: detail.errorCode }), path: PROGRAM },
  };
}

/** The run that the program is part of. */
interface PreviousOwnersRun {
  readonly emit: Emit;
  /** Notes what ended the run: its own side has recorded it. */
  note(problem: Problem): void;
}

/**
 * Runs the program on `place`, has a client of ours greeted there, and resolves when the program has ended: what it
 * leaves is in TIME_WAIT then. Fails where the program cannot listen, ends in another way than it should, or the client
 * fails; the program never outlives the call. `version` is recorded with its start.
 */
export async function runPreviousOwner(
  place: Endpoint,
  version: string,
  connections: Connections,
  run: PreviousOwnersRun,
  signal: AbortSignal,
): Promise<Result<void>> {
  const options = ['-I', '-c', PREVIOUS_OWNER, place.address, String(place.port)];
  const child = spawn(PROGRAM, options, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  const exited = recordExit(child, run.emit);
  try {
    await once(child, 'spawn');
  } catch (error) {
    return { ok: false, problem: missingProblem(error) };
  }
  const stop = (): void => {
    child.kill('SIGKILL');
    // A program of the same name that only starts the real one would leave this end open.
    child.stdout.destroy();
  };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  limit.addEventListener('abort', stop, { once: true });
  try {
    const { pid = 0 } = child;
    run.emit({ kind: 'program-started', seenBy: 'program', program: PROGRAM, version, pid });
    // The one who hears of the start may have aborted: then it was too early for `stop`.
    if (signal.aborted) stop();
    const said = await firstLineOf(child.stdout);
    if (said !== 'listening') return endOf(notListeningProblem(said, place, await exited), signal);
    const client = await runGreetingClient({ remote: place, connections }, run.emit, signal);
    if (client.problem !== undefined) {
      // Its own side has recorded it.
      run.note(client.problem);
      return { ok: false, problem: client.problem };
    }
    const exit = await exited;
    return exit.code === 0 && !signal.aborted
      ? succeeded(undefined)
      : endOf(endedProblem(exit, 'before it had closed in order'), signal);
  } finally {
    limit.removeEventListener('abort', stop);
    if (child.exitCode === null && child.signalCode === null) stop();
    await exited;
  }
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function recordExit(child: ChildProcess, emit: Emit): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const ended = {
        kind: 'program-ended',
        seenBy: 'program',
        program: PROGRAM,
        pid: child.pid ?? 0,
      } as const;
      emit(code === null ? ended : { ...ended, exitCode: code });
      resolve({ code, signal });
    });
  });
}

/** What comes before the first LF, or before the end where there is none. */
function firstLineOf(out: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    out.setEncoding('utf8');
    out.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      // The CR is Windows'.
      if (end !== -1) resolve(text.slice(0, end).replace(/\r$/, ''));
    });
    out.on('close', () => {
      resolve(text);
    });
  });
}

/** Why it does not listen: by the error's number that it printed, or by how it ended. */
function notListeningProblem(said: string, place: Endpoint, exit: Exit): Problem {
  const [, number, words = ''] = /^(\d+) (.*)$/.exec(said) ?? [];
  const known = Object.entries(constants.errno).find(([, errno]) => errno === Number(number));
  if (known === undefined) return endedProblem(exit, 'before it listened');
  return listenProblem(Object.assign(new Error(words), { code: known[0], syscall: 'bind' }), place);
}

function endedProblem({ code, signal }: Exit, when: string): Problem {
  const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${code}`;
  return {
    code: 'program-failed',
    message: `${PROGRAM}, which was to have the port first, ${how} ${when}. Run again, or choose a server that listens.`,
    detail: { path: PROGRAM },
  };
}
