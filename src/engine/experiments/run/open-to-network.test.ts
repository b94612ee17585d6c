// Which clients can reach a server. Linux answers for all of 127.0.0.0/8, so that 127.0.0.2 is a second address of any
// machine: it reaches a server on every address, and not one on 127.0.0.1.

import { once } from 'node:events';
import { createServer, connect } from 'node:net';

import { describe, expect, it } from 'vitest';

import type { Endpoint, Fact } from '../../../shared/trace/fact.ts';
import { examinePort } from '../../evidence/kernel/port-doctor.ts';
import { portOf } from '../../system/port-for-tests.ts';
import type { ExperimentOptions } from '../run-context.ts';
import { runWelcomeExperiment } from './welcome.ts';

const RUNTIME = { app: '0.1.0', node: process.versions.node, platform: process.platform, arch: process.arch };
const GREETING = 'Welcome to CS 352!';

function optionsFor(host: ExperimentOptions['host'], port = 0) {
  return { host, port, by: 'grapheme', maxLineBytes: 1_024, runtime: RUNTIME, greeting: GREETING } as const;
}

/** What a client of that address and port gets: the server's greeting, or the code of the error. */
async function answerAt({ address, port }: Endpoint): Promise<string> {
  const socket = connect(port, address);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  let code = '';
  socket.on('error', (error) => {
    code = 'code' in error ? String(error.code) : error.message;
  });
  // Not once(): that would reject with the error.
  await new Promise((resolve) => socket.once('close', resolve));
  return code === '' ? Buffer.concat(parts).toString() : code;
}

/** Runs a welcome; another client comes by the second address as soon as the server listens. */
async function welcomedFromElsewhere(host: ExperimentOptions['host']) {
  const facts: Fact[] = [];
  let answer: Promise<string> | undefined;
  const outcome = await runWelcomeExperiment(
    optionsFor(host),
    (fact) => {
      facts.push(fact);
      if (fact.kind === 'listening') answer = answerAt({ address: '127.0.0.2', port: fact.local.port });
    },
    new AbortController().signal,
  );
  return { facts, outcome, answer: await answer };
}

describe.runIf(process.platform === 'linux')('a server', () => {
  it('that is open to the network is reached at every address, and records it', async () => {
    const { facts, outcome, answer } = await welcomedFromElsewhere('0.0.0.0');
    expect(answer).toBe(GREETING);
    expect(outcome.ok).toBe(true);
    const address = '0.0.0.0';
    expect(facts.find((fact) => fact.kind === 'run-started')?.requested.address).toBe(address);
    expect(facts.find((fact) => fact.kind === 'listen-called')?.requested.address).toBe(address);
    const listening = facts.find((fact) => fact.kind === 'listening')?.local;
    expect(listening?.address).toBe(address);
    // Our own client comes over the loopback interface.
    expect(facts.find((fact) => fact.kind === 'connected')?.remote).toEqual({
      address: '127.0.0.1',
      port: listening?.port,
    });
    const accepted = facts.filter((fact) => fact.kind === 'accepted').map(({ local }) => local.address);
    expect(accepted.toSorted()).toEqual(['127.0.0.1', '127.0.0.2']);
  });

  it('that is not is reached at 127.0.0.1 alone', async () => {
    const { facts, outcome, answer } = await welcomedFromElsewhere('127.0.0.1');
    expect(answer).toBe('ECONNREFUSED');
    expect(outcome.ok).toBe(true);
    expect(facts.filter((fact) => fact.kind === 'accepted')).toHaveLength(1);
  });

  it('that cannot be open because a program has the port at one address learns which program it is', async () => {
    const holder = createServer();
    holder.listen(0, '127.0.0.2');
    await once(holder, 'listening');
    const port = portOf(holder.address());
    try {
      const facts: Fact[] = [];
      const outcome = await runWelcomeExperiment(
        { ...optionsFor('0.0.0.0', port), examinePort },
        (fact) => facts.push(fact),
        new AbortController().signal,
      );
      expect(outcome.ok ? '' : outcome.problem.message).toContain(`Port ${port} on 0.0.0.0 is in use`);
      expect(facts.find((fact) => fact.kind === 'port-examined')?.holder).toMatchObject({
        what: 'listener',
        local: { address: '127.0.0.2', port },
        pid: process.pid,
      });
    } finally {
      holder.close();
    }
  });
});
