import { describe, expect, it } from 'vitest';

import type { ExperimentName } from '../../shared/experiments/definitions.ts';
import type { ProgramOptions } from '../../shared/experiments/programs/program.ts';
import type { RunStarted, Side, TraceEvent } from '../../shared/trace/fact.ts';
import { OPENING, stamped } from '../scene/facts-for-tests.ts';
import { programOptions } from './program-options.ts';
import { SETTINGS } from './settings-for-tests.ts';

function started(experiment: ExperimentName, more: Partial<RunStarted> = {}): RunStarted {
  const [first] = OPENING;
  if (first?.kind !== 'run-started') throw new Error('a run begins with run-started');
  return { ...first, experiment, ...more };
}

function wrote(side: Side, bytes: Uint8Array, leftOutBytes?: number): TraceEvent {
  const data = leftOutBytes === undefined ? { bytes } : { bytes, leftOutBytes };
  const [fact] = stamped([
    {
      kind: 'wrote',
      seenBy: 'program',
      peer: side,
      side,
      connection: 1,
      offset: 0,
      bytes: bytes.length,
      data,
    },
  ]);
  if (fact === undefined) throw new Error('one fact');
  return { ...fact, seq: 9 };
}

function optionsOf(facts: readonly TraceEvent[], settings = SETTINGS): ProgramOptions {
  return programOptions({ settings, facts, round: undefined, inputName: 'mine.txt', resultName: undefined });
}

describe('the options of the programs that are shown', () => {
  it('are those of the settings before there is a run', () => {
    const options = optionsOf([], { ...SETTINGS, inFlight: 7, openToNetwork: true, outputName: 'back.txt' });
    expect(options).toMatchObject({
      inFlight: 7,
      openToNetwork: true,
      port: 50_007,
      inputName: 'mine.txt',
      outputName: 'back.txt',
    });
    expect(optionsOf([]).outputName).toBe('out-mine.txt');
  });

  it('are those of the run, whatever the settings are now, with the port that it got', () => {
    const facts = stamped([
      started('file', { options: { transform: 'upper-case' }, requested: { address: '0.0.0.0', port: 0 } }),
      { kind: 'listening', seenBy: 'program', peer: 'server', local: { address: '0.0.0.0', port: 40_123 } },
    ]);
    expect(optionsOf(facts)).toMatchObject({
      transform: 'upper-case',
      openToNetwork: true,
      port: 40_123,
      inputName: 'in-proj.txt',
    });
  });

  it('have the text and the greeting from the bytes that were written, where all of them are there', () => {
    const text = new TextEncoder().encode('\ufeffé');
    const ofString = stamped([started('string')]);
    expect(optionsOf([...ofString, wrote('client', text)]).text).toBe('\ufeffé');
    expect(optionsOf([...ofString, wrote('client', text, 10)]).text).toBe(SETTINGS.text);
    expect(optionsOf([...ofString, wrote('client', Uint8Array.of(0xff))]).text).toBe(SETTINGS.text);
    const lines = new TextEncoder().encode('two\nlines');
    expect(optionsOf([...ofString, wrote('client', lines)]).text).toBe(SETTINGS.text);
    expect(optionsOf([...stamped([started('welcome')]), wrote('server', text)]).greeting).toBe('\ufeffé');
    expect(optionsOf([...stamped([started('file')]), wrote('server', text)]).greeting).toBe(
      SETTINGS.greeting,
    );
  });

  it('have no name that leads out of the programs’ folder, also where a trace has one', () => {
    const facts = stamped([started('file', { input: { name: '../../.bashrc', bytes: 1 } })]);
    expect(optionsOf(facts)).toMatchObject({ inputName: '..-..-.bashrc', outputName: 'out-..-..-.bashrc' });
  });
});
