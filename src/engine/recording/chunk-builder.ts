// Collects facts until they fill a chunk of a trace file, and keeps the index of the chunks.

import { PAGE_FACTS, FactEncoder } from '../../shared/trace/packed.ts';
import { isAboutLines, type Fact } from '../../shared/trace/fact.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import { encodeChunk, FILE_HEADER_BYTES } from './trace-file.ts';
import { createTraceIndex } from './trace-index.ts';

/** A chunk with this much data, or more by its last fact, is full. */
const CHUNK_DATA_BYTES = 1024 ** 2;

/** A chunk that was sealed, and where it belongs in the file. */
export interface SealedChunk {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** The chunks of one file. What is appended must be sealed before a gap in the numbers. */
export class ChunkBuilder {
  readonly index = createTraceIndex();
  readonly encoder = new FactEncoder();
  /** Landmarks so far, and the highest line of the client. */
  landmarks = 0;
  lines = 0;
  /** The same in front of the chunk that is filling. */
  #landmarksBefore = 0;
  #linesBefore = 0;

  constructor() {
    this.index.end = FILE_HEADER_BYTES;
  }

  /** Adds a fact to the chunk. True where the chunk is full. */
  append(fact: Fact, seq: number, atUs: number, late: boolean): boolean {
    const { encoder } = this;
    encoder.append(fact, seq, atUs, late);
    if (fact.kind === 'wrote') {
      const { line } = fact;
      if (line !== undefined && line > this.lines && fact.side === 'client') this.lines = line;
    } else if (!isAboutLines(fact)) {
      this.landmarks += 1;
    }
    // Chunks end where pages do: a page is then one chunk.
    return seq % PAGE_FACTS === 0 || encoder.dataBytes >= CHUNK_DATA_BYTES;
  }

  /** The facts since the last chunk as a chunk, which is added to the index; undefined where there are none. */
  seal(counts: RunCounts): SealedChunk | undefined {
    const { encoder, index } = this;
    if (encoder.count === 0) return undefined;
    const bytes = encodeChunk(encoder, {
      linesBefore: this.#linesBefore,
      landmarksBefore: this.#landmarksBefore,
      landmarks: this.landmarks - this.#landmarksBefore,
      linesAfter: this.lines,
      counts,
    });
    const offset = index.end;
    index.add({
      offset,
      firstSeq: encoder.firstSeq,
      linesBefore: this.#linesBefore,
      landmarksBefore: this.#landmarksBefore,
    });
    index.end = offset + bytes.length;
    index.landmarks = this.landmarks;
    index.lines = this.lines;
    this.#landmarksBefore = this.landmarks;
    this.#linesBefore = this.lines;
    encoder.clear();
    return { bytes, offset };
  }

  /** Forgets the facts since the last chunk, and the chunks from `offset` on. */
  forgetFrom(offset: number): void {
    const { index } = this;
    this.encoder.clear();
    index.forgetFrom(offset);
    this.landmarks = index.landmarks;
    this.lines = index.lines;
    this.#landmarksBefore = this.landmarks;
    this.#linesBefore = this.lines;
  }
}
