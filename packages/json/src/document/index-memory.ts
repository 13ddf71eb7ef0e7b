import { integerOption, readOptions } from '@perf/internal';
import { optionError } from '../errors.ts';
import type { Indexed } from './walk.ts';

const OPTIONS = { entries: integerOption(0, 0, 0x7fff_ffff) };
const NO_BYTES = Buffer.alloc(0);

/** What a `DocumentIndex` is inside. The layout of the arrays is drawn in build-index.ts. */
export class IndexMemory implements Indexed {
  bytes: Buffer = NO_BYTES;
  offsets!: Int32Array;
  ends!: Int32Array;
  /** The same memory, for who writes it. */
  unsignedOffsets!: Uint32Array;
  unsignedEnds!: Uint32Array;
  /** How many entries the document has; 0 before it is indexed. */
  count = 0;
  /** The id of the document that the arrays are of. */
  owner = 0;

  constructor(options?: { readonly entries?: number | undefined }) {
    this.grow(options === undefined ? 0 : readOptions('DocumentIndex', options, OPTIONS, optionError).entries);
  }

  get entries(): number {
    return this.offsets.length;
  }

  /** Makes place; what the arrays held is lost. */
  grow(entries: number): void {
    // One allocation: for a small document it costs more than the indexing.
    const memory = new ArrayBuffer(entries * 8);
    this.unsignedOffsets = new Uint32Array(memory, 0, entries);
    this.unsignedEnds = new Uint32Array(memory, entries * 4, entries);
    this.offsets = new Int32Array(memory, 0, entries);
    this.ends = new Int32Array(memory, entries * 4, entries);
  }
}
