// Finds words by some of their letters, in order: "sfo" finds "Step forward". Letters at the beginnings of words and runs
// of letters count more.

export interface Match {
  /** The better match has the higher one. */
  readonly score: number;
  /** Which characters of the words were matched, in order. */
  readonly at: readonly number[];
}

const START_OF_WORD = 8;
const NEXT_TO_BEFORE = 10;
/** The earlier in the words, the better, up to so many characters. */
const NEAR_START = 20;

/** How the typed text matches the words: each of its parts between spaces must. Undefined where it does not. */
export function fuzzyMatch(typed: string, words: string): Match | undefined {
  const parts = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '');
  const lower = words.toLowerCase();
  const at = new Set<number>();
  let score = 0;
  for (const part of parts) {
    const found = partMatch(part, lower);
    if (found === undefined) return undefined;
    score += found.score;
    for (const index of found.at) at.add(index);
  }
  return { score, at: [...at].sort((a, b) => a - b) };
}

/** The best of the matches that begin at each place where the first letter is. */
function partMatch(part: string, words: string): Match | undefined {
  let best: Match | undefined;
  for (let from = words.indexOf(part.charAt(0)); from >= 0; from = words.indexOf(part.charAt(0), from + 1)) {
    const match = matchFrom(from, part, words);
    if (match === undefined) break;
    if (best === undefined || match.score > best.score) best = match;
  }
  return best;
}

function matchFrom(from: number, part: string, words: string): Match | undefined {
  const at: number[] = [];
  let score = Math.max(0, NEAR_START - from) / NEAR_START;
  let next = from;
  for (const letter of part) {
    const index = nextPlace(letter, words, next);
    if (index < 0) return undefined;
    score += (isStart(index, words) ? START_OF_WORD : 0) + (at.at(-1) === index - 1 ? NEXT_TO_BEFORE : 0) + 1;
    at.push(index);
    next = index + 1;
  }
  return { score, at };
}

/** The letter right here, else at the next beginning of a word, else anywhere behind. */
function nextPlace(letter: string, words: string, from: number): number {
  if (words.charAt(from) === letter) return from;
  for (let index = from; index < words.length; index += 1) {
    if (words.charAt(index) === letter && isStart(index, words)) return index;
  }
  return words.indexOf(letter, from);
}

function isStart(index: number, words: string): boolean {
  return index === 0 || !/[\p{L}\p{N}]/u.test(words.charAt(index - 1));
}

/** Those that match, the best first; in their own order where nothing was typed or they match as well. */
export function bestMatches<Item>(
  typed: string,
  items: readonly Item[],
  wordsOf: (item: Item) => string,
): readonly { readonly item: Item; readonly match: Match }[] {
  return items
    .flatMap((item) => {
      const match = fuzzyMatch(typed, wordsOf(item));
      return match === undefined ? [] : [{ item, match }];
    })
    .sort((a, b) => b.match.score - a.match.score);
}
