import type { JsonError } from '../errors.ts';
import type { NdjsonProgress } from './options.ts';

/** What was read so far. */
export interface NdjsonSummary extends NdjsonProgress {
  /** With `onBadLine: 'collect'`: the errors of the first `maxBadLines` bad lines, in order. */
  readonly faults: readonly JsonError[];
}

/** The summary as it is kept. */
export interface Tally extends NdjsonSummary {
  bytesRead: number;
  totalBytes: number | undefined;
  lines: number;
  rows: number;
  badLines: number;
  readonly faults: JsonError[];
}

export function newTally(): Tally {
  return { bytesRead: 0, totalBytes: undefined, lines: 0, rows: 0, badLines: 0, faults: [] };
}

export function progressOf({ bytesRead, totalBytes, lines, rows, badLines }: Tally): NdjsonProgress {
  return { bytesRead, totalBytes, lines, rows, badLines };
}
