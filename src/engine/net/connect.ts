// A client: connects or reports why it cannot, and resolves when its connection is closed. A Protocol defines what it
// does with the connection.

import type { Problem } from '../../shared/result.ts';
import { CLIENT } from '../../shared/trace/fact.ts';
import type { Emit, Endpoint } from '../../shared/trace/fact.ts';
import type { Connections } from './connections.ts';
import { cancelledProblem, connectProblem } from './problems.ts';
import { createSocket } from './read-buffer.ts';
import { RecordedSocket } from './recorded-socket.ts';
import type { StartProtocol } from './recorded-socket.ts';

export interface ClientOptions {
  readonly remote: Endpoint;
  readonly connections: Connections;
}

export interface ClientEnd {
  /** The client's own address and ephemeral port, once it was connected. */
  readonly local: Endpoint | undefined;
  readonly connection: number | undefined;
  /** Why it ended early: its first problem. */
  readonly problem: Problem | undefined;
}

/**
 * Connects, starts the protocol, and resolves when the connection is closed: the protocol must end its side. Never
 * rejects for what a network or a peer can do: that is the `problem`, and a `failed` fact. An abort closes the
 * connection.
 */
export async function runClient(
  { remote, connections }: ClientOptions,
  start: StartProtocol,
  emit: Emit,
  signal: AbortSignal,
): Promise<ClientEnd> {
  const socket = createSocket({ allowHalfOpen: true });
  // With Nagle's algorithm a small write would wait in the client's kernel for the acknowledgement of the one before.
  // Set here, because Node ignores the option in `connect` for a socket that exists already.
  socket.setNoDelay(true);
  emit({ kind: 'client-created', seenBy: 'program', peer: CLIENT });

  const end: { -readonly [Name in keyof ClientEnd]: ClientEnd[Name] } = {
    local: undefined,
    connection: undefined,
    problem: undefined,
  };
  const onProblem = (problem: Problem): void => {
    if (end.problem !== undefined) return;
    end.problem = problem;
    // The run records a cancel once for both sides.
    if (signal.aborted) return;
    const which = end.connection === undefined ? {} : { connection: end.connection };
    emit({ kind: 'failed', seenBy: 'program', peer: CLIENT, ...which, problem });
  };
  const abandon = (): void => {
    onProblem(cancelledProblem(signal));
    socket.destroy();
  };
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const notConnected = (error: Error): void => {
    onProblem(connectProblem(error, remote));
  };
  socket.once('error', notConnected);
  socket.once('connect', () => {
    socket.removeListener('error', notConnected);
    const recorded = new RecordedSocket(socket, {
      peer: CLIENT,
      side: 'client',
      connections,
      emit,
      remote,
      onProblem,
    });
    end.local = recorded.local;
    end.connection = recorded.connection;
    recorded.run(start);
  });

  signal.addEventListener('abort', abandon, { once: true });
  try {
    if (signal.aborted) abandon();
    else {
      emit({ kind: 'connect-called', seenBy: 'program', peer: CLIENT, remote });
      socket.connect({ host: remote.address, port: remote.port });
    }
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    await closed;
    signal.removeEventListener('abort', abandon);
  }
  return end;
}
