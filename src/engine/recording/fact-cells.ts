// Counts facts in cells of equally many numbers. Memory is fixed: where the cells do not reach, two become one.

import { NO_CONNECTION, ownConnectionAfter, roleOf, sideOf } from '../../shared/trace/connection.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';
import type { FactColumns } from '../../shared/trace/overview.ts';
import {
  atUsAt,
  connectionAt,
  factAt,
  isJsonAt,
  kindAt,
  lineAt,
  sideAt,
  type PackedFacts,
} from '../../shared/trace/packed.ts';

/** No fact was seen yet. */
const NEVER = -1;

function columnsOf(cells: number): FactColumns {
  const column = (): Float64Array => new Float64Array(cells);
  return {
    client: column(),
    server: column(),
    neither: column(),
    untilUs: column(),
    errors: column(),
    errorSeqs: column(),
    waitUs: column(),
    waitSeqs: column(),
    lines: column(),
    lineSeqs: column(),
  };
}

/** The cells from fact `from` on, so many numbers each. */
export class FactCells {
  readonly from: number;
  /** Numbers a cell. */
  size: number;
  columns: FactColumns;
  /** How many cells, from the first on, have been reached. */
  length = 0;
  /** The time at which the first cell begins, where facts are in it. */
  fromUs: number | undefined;
  /** Our client's connection so far. */
  connection = NO_CONNECTION;
  /** The newest time so far. */
  #lastUs = NEVER;
  readonly #cells: number;

  constructor(from: number, size: number, cells: number) {
    this.from = from;
    this.size = size;
    this.#cells = cells;
    this.columns = columnsOf(cells);
  }

  /**
   * Adds facts, which follow those before them, up to number `to`. Of those in front of the first cell only the time is
   * noted.
   */
  add(facts: PackedFacts, to = Infinity): void {
    const start = Math.max(0, this.from - facts.firstSeq);
    const end = Math.min(facts.count, to - facts.firstSeq + 1);
    if (end <= start) return;
    if (start > 0) this.#lastUs = Math.max(this.#lastUs, atUsAt(facts, start - 1));
    this.fromUs ??= this.#lastUs === NEVER ? atUsAt(facts, start) : this.#lastUs;
    const last = facts.firstSeq + end - 1;
    while (this.#cellOf(last) >= this.#cells) this.#fold();
    for (let index = start; index < end;) {
      const cell = this.#cellOf(facts.firstSeq + index);
      const cellEnd = Math.min(end, this.from + (cell + 1) * this.size - facts.firstSeq);
      this.#addToCell(cell, facts, index, cellEnd);
      index = cellEnd;
    }
    this.length = this.#cellOf(last) + 1;
  }

  /** Adds the cells of `others`, which are behind all that was added and fit into these. */
  addCells(others: FactCells, first: number, end: number): void {
    for (let number = first; number < end; number += 1) {
      this.#join(this.#cellOf(others.from + number * others.size), others.columns, number);
    }
    this.#lastUs = others.#lastUs;
    this.connection = others.connection;
  }

  #cellOf(seq: number): number {
    return Math.floor((seq - this.from) / this.size);
  }

  /** Adds facts of one cell. The recorder waits for it: what changes with each fact is local. */
  #addToCell(cell: number, facts: PackedFacts, begin: number, end: number): void {
    const ofSide = { client: 0, server: 0 };
    let lastUs = this.#lastUs;
    let waitUs = 0;
    let waitSeq = 0;
    for (let index = begin; index < end; index += 1) {
      const atUs = atUsAt(facts, index);
      // A fact that came late happened before the one in front of it.
      if (atUs > lastUs) {
        if (atUs - lastUs > waitUs && lastUs !== NEVER) {
          waitUs = atUs - lastUs;
          waitSeq = facts.firstSeq + index;
        }
        lastUs = atUs;
      }
      const side = isJsonAt(facts, index)
        ? this.#addJson(cell, facts, index)
        : this.#addRecord(cell, facts, index);
      if (side === 'client') ofSide.client += 1;
      else if (side === 'server') ofSide.server += 1;
    }
    const { client, server, neither, untilUs } = this.columns;
    client[cell] = (client[cell] ?? 0) + ofSide.client;
    server[cell] = (server[cell] ?? 0) + ofSide.server;
    neither[cell] = (neither[cell] ?? 0) + (end - begin - ofSide.client - ofSide.server);
    untilUs[cell] = lastUs;
    this.#lastUs = lastUs;
    this.#addWait(cell, waitSeq, waitUs);
  }

  #addWait(cell: number, seq: number, waited: number): void {
    const { waitUs, waitSeqs } = this.columns;
    if (waited <= (waitUs[cell] ?? 0)) return;
    waitUs[cell] = waited;
    waitSeqs[cell] = seq;
  }

  #addLine(cell: number, seq: number, line: number): void {
    const { lines, lineSeqs } = this.columns;
    if (lineSeqs[cell] !== 0) return;
    lines[cell] = line;
    lineSeqs[cell] = seq;
  }

  #addErrors(cell: number, seq: number, count: number): void {
    const { errors, errorSeqs } = this.columns;
    errors[cell] = (errors[cell] ?? 0) + count;
    if (errorSeqs[cell] === 0) errorSeqs[cell] = seq;
  }

  /** The side of a fact that is a record; its line and connection are noted. */
  #addRecord(cell: number, facts: PackedFacts, index: number): Side | undefined {
    switch (kindAt(facts, index)) {
      case 'wrote': {
        const side = sideAt(facts, index);
        if (side === 'server') return side;
        this.connection = connectionAt(facts, index);
        const line = lineAt(facts, index);
        if (line !== undefined) this.#addLine(cell, facts.firstSeq + index, line);
        return side;
      }
      case 'read':
        return sideAt(facts, index);
      case 'line-received':
        return 'client';
      case 'line-transformed':
      case 'text-transformed':
        return 'server';
      default:
        return undefined;
    }
  }

  #addJson(cell: number, facts: PackedFacts, index: number): Side | undefined {
    const found = factAt(facts, index);
    if (!found.ok) return undefined;
    const fact = found.value;
    this.connection = ownConnectionAfter(fact, this.connection);
    if (fact.kind === 'wrote' && fact.side === 'client' && fact.line !== undefined) {
      this.#addLine(cell, fact.seq, fact.line);
    }
    if (fact.kind === 'failed' && this.#isOwn(fact)) this.#addErrors(cell, fact.seq, 1);
    return sideOf(fact);
  }

  /** Not the failure of another client, which the server met. */
  #isOwn({ peer, connection }: Extract<TraceEvent, { kind: 'failed' }>): boolean {
    return roleOf(peer) !== 'server' || connection === undefined || connection === this.connection;
  }

  /** Adds a cell of others to one of these. */
  #join(cell: number, others: FactColumns, number: number): void {
    const { columns } = this;
    const at = (column: Float64Array): number => column[number] ?? 0;
    for (const side of ['client', 'server', 'neither'] as const) {
      columns[side][cell] = (columns[side][cell] ?? 0) + at(others[side]);
    }
    columns.untilUs[cell] = Math.max(columns.untilUs[cell] ?? 0, at(others.untilUs));
    this.#addWait(cell, at(others.waitSeqs), at(others.waitUs));
    if (at(others.errors) > 0) this.#addErrors(cell, at(others.errorSeqs), at(others.errors));
    if (at(others.lineSeqs) > 0) this.#addLine(cell, at(others.lineSeqs), at(others.lines));
    this.length = cell + 1;
  }

  #fold(): void {
    const { columns, length } = this;
    this.columns = columnsOf(this.#cells);
    for (let number = 0; number < length; number += 1) this.#join(number >> 1, columns, number);
    this.size *= 2;
  }
}
