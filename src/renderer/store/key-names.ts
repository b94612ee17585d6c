// Keys as the commands write them (`Mod+Shift+S`, `Space`, `Right`, `?`): which press is one, and how a person reads it.

/** The part of a KeyboardEvent that is looked at. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The names that differ from those of the events. Plus is Shift and = on most keyboards: the key alone is as good. */
const EVENT_KEYS: Readonly<Record<string, readonly string[]>> = {
  Space: [' '],
  Plus: ['+', '='],
  Right: ['ArrowRight'],
  Left: ['ArrowLeft'],
  Up: ['ArrowUp'],
  Down: ['ArrowDown'],
};

const SIGNS: Readonly<Record<string, string>> = {
  Plus: '+',
  Right: '→',
  Left: '←',
  Up: '↑',
  Down: '↓',
  Escape: 'Esc',
};
const MAC_SIGNS: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };

/** Where Shift or Alt makes another character of the key, its place on the keyboard tells it. */
const CODES: Readonly<Record<string, string>> = { '.': 'Period', ',': 'Comma' };

function partsOf(key: string): { readonly modifiers: readonly string[]; readonly name: string } {
  const parts = key.split('+');
  return { modifiers: parts.slice(0, -1), name: parts.at(-1) ?? '' };
}

/** Whether the press is that of `key`. A sign such as `?` needs Shift on one keyboard and not on another. */
export function keyMatches(key: string, press: KeyPress, onMac: boolean): boolean {
  const { modifiers, name } = partsOf(key);
  const shift = modifiers.includes('Shift');
  const mod = modifiers.includes('Mod');
  if ((onMac ? press.metaKey : press.ctrlKey) !== mod || (onMac ? press.ctrlKey : press.metaKey))
    return false;
  if (press.altKey !== modifiers.includes('Alt')) return false;
  const isSign = name === 'Plus' || (name.length === 1 && !/[A-Z]/.test(name));
  if (press.shiftKey !== shift && (shift || mod || !isSign)) return false;
  const wanted = EVENT_KEYS[name] ?? [name];
  const isIt = wanted.some((each) => each.toLowerCase() === press.key.toLowerCase());
  return isIt || ((shift || press.altKey) && isSign && press.code === CODES[name]);
}

/** "Ctrl+S", "Ctrl+Shift+P" and "→"; on a Mac "⌘S", "⇧⌘P" as its menus write it, and "→". */
export function nameOfKey(key: string, onMac: boolean): string {
  const { modifiers, name } = partsOf(key);
  const sign = SIGNS[name] ?? name;
  if (!onMac) return [...modifiers.map((each) => (each === 'Mod' ? 'Ctrl' : each)), sign].join('+');
  const order = ['Alt', 'Shift', 'Mod'].filter((each) => modifiers.includes(each));
  return [...order.map((each) => MAC_SIGNS[each] ?? each), sign].join('');
}
