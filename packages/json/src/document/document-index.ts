import { IndexMemory } from './index-memory.ts';

/**
 * The memory of an index, to be used for one document after another: `open(bytes, { index })` allocates no arrays once
 * they are long enough. Opening the next document ends the one before: its methods throw `ERR_PERF_JSON_STALE`.
 *
 * The arrays grow to the largest document and stay: 8 bytes per value and per key. `entries` makes that place at once.
 *
 * ```js
 * import { DocumentIndex, open } from '@perf/json';
 *
 * const index = new DocumentIndex();
 * for (const frame of [Buffer.from('{"bid":1}'), Buffer.from('{"bid":2}')]) open(frame, { index }).number('/bid');
 * ```
 */
export interface DocumentIndex {
  /** For how many values and keys there is place. */
  readonly entries: number;
}

export const DocumentIndex: {
  new (options?: { readonly entries?: number | undefined }): DocumentIndex;
  readonly prototype: DocumentIndex;
} = IndexMemory;
