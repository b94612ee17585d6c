import { describe, expect, it } from 'vitest';
import { CLOSING, CONNECTED, lineFacts, OPENING, stamped, WHOLE_RUN } from './facts-for-tests.ts';
import { ladderText } from './ladder-text.ts';
import { buildLadder } from './ladder.ts';

const ladder = buildLadder(WHOLE_RUN);
const end = WHOLE_RUN.length;

describe('the ladder as text', () => {
  it('holds what has happened up to the cursor and nothing later, with the fact at the cursor marked', () => {
    for (const cursor of [1, 5, end]) {
      const entries = ladderText(ladder, cursor, 1_000, 'reverse');
      const facts = entries.filter(({ key }) => key.startsWith('fact-'));
      expect(facts.map(({ key }) => key)).toEqual(WHOLE_RUN.slice(0, cursor).map(({ seq }) => `fact-${seq}`));
      expect(entries.filter(({ now }) => now).map(({ key }) => key)).toEqual([`fact-${cursor}`]);
    }
    expect(ladderText(ladder, 0, 20, 'reverse')).toEqual([]);
  });

  it('says of what nobody saw from what it is inferred, between the facts that it is inferred from', () => {
    const connected = WHOLE_RUN.find(({ kind }) => kind === 'connected')?.seq ?? 0;
    const called = WHOLE_RUN.find(({ kind }) => kind === 'connect-called')?.seq ?? 0;
    const texts = ladderText(ladder, connected, 1_000, 'reverse').map(({ text }) => text);
    const syn = texts.findIndex((text) =>
      text.startsWith('SYN from the client to the server: inferred from'),
    );
    expect(texts.findIndex((text) => text.startsWith(`Fact ${called},`))).toBe(syn - 1);
    expect(texts.findIndex((text) => text.startsWith('SYN, ACK from the server'))).toBe(syn + 1);
    // While the handshake is under way no fact shows it.
    const before = ladderText(ladder, called, 1_000, 'reverse').map(({ text }) => text);
    expect(before.filter((text) => text.startsWith('SYN'))).toEqual([]);
  });

  it('is no longer than was asked for, and the newest are kept', () => {
    const all = ladderText(ladder, end, 1_000, 'reverse');
    expect(ladderText(ladder, end, 4, 'reverse')).toEqual(all.slice(-4));
  });

  it('says how many facts are not here', () => {
    const whole = stamped([...OPENING, ...CONNECTED, ...lineFacts(1, 'HELLO', 'OLLEH', 0), ...CLOSING]);
    const missing = buildLadder(whole.filter(({ seq }) => seq < 6 || seq > 9));
    const texts = ladderText(missing, whole.length, 1_000, 'reverse').map(({ text }) => text);
    expect(texts).toContain('4 facts counted, not drawn.');
  });
});
