import { describe, expect, it } from 'vitest';
import { keyMatches, type KeyPress, nameOfKey } from './key-names.ts';

function press(key: string, held = '', code = ''): KeyPress {
  return {
    key,
    code,
    ctrlKey: held.includes('c'),
    metaKey: held.includes('m'),
    altKey: held.includes('a'),
    shiftKey: held.includes('s'),
  };
}

describe('a key of a command', () => {
  it.each([
    ['Space', press(' '), true],
    ['Space', press(' ', 's'), false],
    ['Space', press(' ', 'c'), false],
    ['Right', press('ArrowRight'), true],
    ['Right', press('ArrowRight', 'a'), false],
    ['Home', press('Home'), true],
    ['Mod+S', press('s', 'c'), true],
    ['Mod+S', press('S', 'cs'), false],
    ['Mod+Shift+S', press('S', 'cs'), true],
    ['Mod+S', press('s', 'm'), false],
    ['Mod+S', press('s', 'cm'), false],
    // On one keyboard with Shift, on another without.
    ['?', press('?', 's'), true],
    ['?', press('?'), true],
    ['.', press('.'), true],
    ['.', press('.', 'c'), false],
    ['Shift+.', press(':', 's', 'Period'), true],
    ['Shift+.', press('.', '', 'Period'), false],
    ['Plus', press('+', 's'), true],
    ['Plus', press('='), true],
    ['Plus', press('-'), false],
    ['F', press('f'), true],
    ['F', press('F', 's'), false],
    ['Escape', press('Escape'), true],
    ['F1', press('F1'), true],
  ])('%s is pressed by %o: %s', (key, pressed, is) => {
    expect(keyMatches(key, pressed, false)).toBe(is);
  });

  it('is with Cmd on a Mac, where Ctrl is another key', () => {
    expect(keyMatches('Mod+S', press('s', 'm'), true)).toBe(true);
    expect(keyMatches('Mod+S', press('s', 'c'), true)).toBe(false);
    expect(keyMatches('Space', press(' ', 'c'), true)).toBe(false);
  });

  it('is named as the keyboard names it', () => {
    expect(['Mod+Shift+P', 'Right', 'Escape', '?'].map((key) => nameOfKey(key, false))).toEqual([
      'Ctrl+Shift+P',
      '→',
      'Esc',
      '?',
    ]);
    expect(['Mod+Shift+P', 'Mod+,'].map((key) => nameOfKey(key, true))).toEqual(['⇧⌘P', '⌘,']);
  });
});
