// Real programs one after another and side by side, and what is printed about them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSteps } from './steps.mjs';

/** Prints that it runs, waits until `other` runs, too, and prints that. */
const MEETING = `
import { existsSync, writeFileSync } from 'node:fs';
const [own, other] = process.argv.slice(2);
console.log(own + ' begins');
writeFileSync(own, '');
const poll = setInterval(() => {
  if (!existsSync(other)) return;
  clearInterval(poll);
  console.error(own + ' has met ' + other);
}, 10);
`;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'socketscope-test-'));
  await writeFile(path.join(folder, 'meet.mjs'), MEETING);
  await writeFile(path.join(folder, 'fail.mjs'), 'console.log("it is wrong"); process.exitCode = 3;');
});
afterEach(() => rm(folder, { recursive: true }));

function stepsThatSay() {
  const said: string[] = [];
  const steps = createSteps((text) => said.push(text.replace(/\d+\.\d s$/, 'N s')));
  return { steps, said };
}

describe('programs side by side', () => {
  it('run at the same time, and the output of each is whole below its heading', async () => {
    const { steps, said } = stepsThatSay();
    const meetings = ['node meet.mjs a b', 'node meet.mjs b a'];
    // Neither ends unless the other has started.
    await steps.sideBySide(meetings, { atOnce: 2, cwd: folder, env: process.env });
    expect(steps.failed).toEqual([]);
    const blocks = [
      ['\n== node meet.mjs a b', 'a begins\na has met b', '-- node meet.mjs a b: done after N s'],
      ['\n== node meet.mjs b a', 'b begins\nb has met a', '-- node meet.mjs b a: done after N s'],
    ];
    const heading = '\n== side by side: node meet.mjs a b, node meet.mjs b a';
    // Either can end first.
    expect(
      [
        [heading, ...blocks],
        [heading, ...blocks.toReversed()],
      ].map((order) => order.flat()),
    ).toContainEqual(said);
  });

  it('that fail stop no other, and are named', async () => {
    const { steps, said } = stepsThatSay();
    const commands = [
      { name: 'the first', line: 'node fail.mjs' },
      'no-such-program-anywhere',
      'node meet.mjs a a',
    ];
    await steps.sideBySide(commands, { atOnce: 1, cwd: folder, env: process.env });
    expect(steps.failed).toEqual(['the first', 'no-such-program-anywhere']);
    expect(said.slice(1, 4)).toEqual(['\n== the first', 'it is wrong', '-- the first: failed after N s']);
    expect(said.at(-1)).toBe('-- node meet.mjs a a: done after N s');
  });
});

describe('a step', () => {
  it('that fails prints why and is named; the next one runs all the same', async () => {
    const { steps, said } = stepsThatSay();
    expect(await steps.step('one', () => Promise.resolve({ ok: false, message: 'It is wrong.' }))).toBe(
      false,
    );
    expect(await steps.step('two', () => Promise.resolve({ ok: true, value: undefined }))).toBe(true);
    expect(steps.failed).toEqual(['one']);
    expect(said).toEqual([
      '\n== one',
      'It is wrong.',
      '-- one: failed after N s',
      '\n== two',
      '-- two: done after N s',
    ]);
  });
});
