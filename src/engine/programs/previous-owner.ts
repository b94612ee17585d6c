// The previous owner of a port: a Python program that does not set SO_REUSEADDR and closes first, so that the TIME_WAIT
// it leaves keeps the port in use. A server of ours cannot do this: Node sets SO_REUSEADDR on every one.

import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

import type { Problem, Result } from '../../shared/result.ts';
import { succeeded } from '../../shared/result.ts';
import { PROGRAM } from '../../shared/trace/fact.ts';
import type { Emit, Endpoint } from '../../shared/trace/fact.ts';
import type { Connections } from '../net/connections.ts';
import { runGreetingClient } from '../net/programs/greeting-client.ts';
import { cancelledProblem, listenProblem } from '../net/problems.ts';
import { systemErrorOf } from '../system/system-error.ts';
import { PREVIOUS_OWNER } from './previous-owner-source.ts';

const COMMAND = 'python3';

/** It listens within a tenth of a second; a machine under load gets more, and a program that hangs is ended. */
const LIMIT_MS = 15_000;

/**
 * The version that python3 prints, such as `Python 3.11.7`. Fails with `program-missing` where it cannot be run, and
 * where `signal` is aborted.
 */
export async function findPython(signal: AbortSignal): Promise<Result<string>> {
  try {
    const options = { encoding: 'utf8', timeout: LIMIT_MS, signal, windowsHide: true } as const;
    const { stdout } = await promisify(execFile)(COMMAND, ['--version'], options);
    return succeeded(stdout.trim());
  } catch (error) {
    return endOf(missingProblem(error), signal);
  }
}

/** The failure, or the abort that caused it. */
function endOf(problem: Problem, signal: AbortSignal): Result<never> {
  return { ok: false, problem: signal.aborted ? cancelledProblem(signal) : problem };
}

function missingProblem(error: unknown): Problem {
  const { code, detail } = systemErrorOf(error);
  const why = code === 'ENOENT' ? 'is not on this machine' : 'does not run on this machine';
  return {
    code: 'program-missing',
    message: `${COMMAND} ${why}, and here it is needed: Node sets SO_REUSEADDR on every server, so what ours leave in TIME_WAIT keeps no port from them. Install ${COMMAND}, or choose a server that listens.`,
    detail: { ...(detail.errorCode === undefined ? {} : { errorCode: detail.errorCode }), path: COMMAND },
  };
}

/** The run that the program is part of. */
interface PreviousOwnersRun {
  readonly emit: Emit;
  /** Notes the problem that ended the run; the client has recorded it already. */
  note(problem: Problem): void;
}

/**
 * Runs the program on `place`, connects our client to it, and resolves when the program has ended: its connection is in
 * TIME_WAIT then. Fails where the program cannot listen, does not exit with 0, or the client fails. The program never
 * outlives the call. `version` is recorded with its start.
 */
export async function runPreviousOwner(
  place: Endpoint,
  version: string,
  connections: Connections,
  run: PreviousOwnersRun,
  signal: AbortSignal,
): Promise<Result<void>> {
  const options = ['-I', '-c', PREVIOUS_OWNER, place.address, String(place.port)];
  const child = spawn(COMMAND, options, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
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
    run.emit({ kind: 'program-started', seenBy: 'program', peer: PROGRAM, program: COMMAND, version, pid });
    // The receiver of `program-started` may have aborted, before `stop` was attached.
    if (signal.aborted) stop();
    const firstLine = await firstLineOf(child.stdout);
    if (firstLine !== 'listening') return endOf(notListeningProblem(firstLine, place, await exited), signal);
    const client = await runGreetingClient({ remote: place, connections }, run.emit, signal);
    if (client.problem !== undefined) {
      // The client has recorded it.
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
        peer: PROGRAM,
        program: COMMAND,
        pid: child.pid ?? 0,
      } as const;
      emit(code === null ? ended : { ...ended, exitCode: code });
      resolve({ code, signal });
    });
  });
}

/** The text before the first LF, or all of it where there is none. */
function firstLineOf(out: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    out.setEncoding('utf8');
    out.on('data', (piece: string) => {
      text += piece;
      const end = text.indexOf('\n');
      // Windows ends lines with CR LF.
      if (end !== -1) resolve(text.slice(0, end).replace(/\r$/, ''));
    });
    out.on('close', () => {
      resolve(text);
    });
  });
}

/** Why it does not listen: from the error number that it printed, or from how it ended. */
function notListeningProblem(firstLine: string, place: Endpoint, exit: Exit): Problem {
  const [, number, words = ''] = /^(\d+) (.*)$/.exec(firstLine) ?? [];
  const known = Object.entries(constants.errno).find(([, errno]) => errno === Number(number));
  if (known === undefined) return endedProblem(exit, 'before it listened');
  return listenProblem(Object.assign(new Error(words), { code: known[0], syscall: 'bind' }), place);
}

function endedProblem({ code, signal }: Exit, when: string): Problem {
  const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${code}`;
  return {
    code: 'program-failed',
    message: `${COMMAND}, which was to have the port first, ${how} ${when}. Run again, or choose a server that listens.`,
    detail: { path: COMMAND },
  };
}
