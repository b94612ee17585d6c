// One string, step 4 of the course: a real client sends it, a real server sends it back reversed or in another case.

import type { Problem, Result } from '../../../shared/result.ts';
import { succeeded } from '../../../shared/result.ts';
import { MAX_GROWTH } from '../../../shared/letter-case.ts';
import type { Emit, Endpoint } from '../../../shared/trace/fact.ts';
import { lineTooLongProblem } from '../../net/problems.ts';
import { startLineServer } from '../../net/programs/line-server.ts';
import { runStringClient } from '../../net/programs/string-client.ts';
import type { StringOutcome as ClientOutcome } from '../../net/programs/string-client.ts';
import { executeRun, exchangeWithServer } from '../run-context.ts';
import type { ExperimentOptions, Run } from '../run-context.ts';
import type { OptionsOf } from '../../../shared/experiments/definitions.ts';

export interface StringOptions
  extends
    ExperimentOptions,
    Pick<OptionsOf<'string'>, 'text'>,
    Partial<Pick<OptionsOf<'string'>, 'transform'>> {}

export interface StringOutcome {
  /** The reply of the server, decoded. */
  readonly reply: string;
  readonly server: Endpoint;
}

/** Resolves when every socket is closed; fails as `executeRun`. */
export function runStringExperiment(
  options: StringOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<StringOutcome>> {
  const text = Buffer.from(options.text);
  const input = { name: 'string', bytes: text.length };
  return executeRun(
    { experiment: 'string', input },
    options,
    (run) => send(text, options, run, signal),
    emit,
    signal,
  );
}

async function send(
  text: Buffer,
  options: StringOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Result<StringOutcome>> {
  const { by, maxLineBytes, transform = 'reverse' } = options;
  const refused = overLimit(text, maxLineBytes);
  if (refused !== undefined) return { ok: false, problem: refused };
  const exchanged = await exchangeWithServer<ClientOutcome>(
    options,
    run,
    (server) => startLineServer({ ...server, by, transform, maxLineBytes }, run.emit, signal),
    (server, connections) => {
      // A reversed text keeps its length; one in another case may not.
      const longest = transform === 'reverse' ? {} : { maxReplyBytes: text.length * MAX_GROWTH };
      return runStringClient({ remote: server.reachedAt, connections, text, ...longest }, run.emit, signal);
    },
  );
  if (!exchanged.ok) return exchanged;
  const problem = run.problem();
  if (problem !== undefined) return { ok: false, problem };
  const { client, server } = exchanged.value;
  return succeeded({ reply: client.reply.toString(), server });
}

function overLimit(text: Buffer, limitBytes: number): Problem | undefined {
  return text.length <= limitBytes
    ? undefined
    : lineTooLongProblem('The text', { line: 1, bytes: text.length, whole: true }, limitBytes);
}
