// Links to a moment of a saved run: the path of its file, and behind it `#fact=` and the number of a fact.

import { lstat } from 'node:fs/promises';

const LINK = /^(.+)#fact=(\d{1,15})$/s;

export interface LinkTarget {
  readonly path: string;
  /** The number of a fact, which may not exist. */
  readonly fact?: number;
}

export function linkOf(path: string, seq: number): string {
  return `${path}#fact=${seq}`;
}

/** What a path that was given names: a file whose own name looks like a link is that file. */
export async function targetOf(path: string): Promise<LinkTarget> {
  const [, file, fact] = LINK.exec(path) ?? [];
  if (file === undefined) return { path };
  try {
    await lstat(path);
    return { path };
  } catch {
    return { path: file, fact: Number(fact) };
  }
}
