import type { Decoder } from '../decoder/decoder.ts';
import type { Schema } from '../decoder/types.ts';
import type { SourceProgress } from '../source/byte-source.ts';
import type { SourceOptions } from '../source/options.ts';

/** What becomes of a line that is not JSON, not what the schema says, or too long. */
export type OnBadLine =
  /** Everything before it is delivered, then its error is thrown. */
  | 'throw'
  /** It is counted. */
  | 'skip'
  /** It is counted, and its error is kept, up to `maxBadLines` of them. */
  | 'collect';

/** How far reading lines has come. */
export interface NdjsonProgress extends SourceProgress {
  /** Lines read, with blank and bad ones. */
  readonly lines: number;
  readonly rows: number;
  readonly badLines: number;
}

/** Options of `readNdjson` and `readNdjsonColumns`. */
export interface NdjsonOptions extends SourceOptions {
  /**
   * Threads of native code that decode into columns, while this one reads and delivers; 0: this one decodes, a megabyte
   * at a time. More than the machine has CPUs are of no use. Without native code, and for values, it has no effect.
   * Default: 1.
   */
  readonly threads?: number | undefined;
  /** Default: 'throw'. */
  readonly onBadLine?: OnBadLine | undefined;
  /** The most errors that `onBadLine: 'collect'` keeps. Default: 1,000. */
  readonly maxBadLines?: number | undefined;
  /** The most bytes of a line, without its line feed: a longer one is bad. Default: 16 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** The most bytes of the input, uncompressed: `ERR_PERF_JSON_SIZE` behind the lines before. Default: 2^53 − 1. */
  readonly maxBytes?: number | undefined;
  /** Called after every megabyte or so, and every chunk of a stream. */
  readonly onProgress?: ((progress: NdjsonProgress) => void) | undefined;
}

/** Which fields of each line are read, into columns. */
export interface NdjsonSchema<S extends Schema> {
  /** A schema of `decoder()`, or a decoder that was made of one. */
  readonly columns: S | Decoder<S>;
}

/** Options of `readNdjson` into columns. */
export interface NdjsonBatchOptions<S extends Schema> extends NdjsonOptions, NdjsonSchema<S> {
  /**
   * Rows of a batch; the last one has what is left. One with 16 MiB of lines in it is delivered before it has so many.
   * Default: 16,384.
   */
  readonly batchRows?: number | undefined;
  /**
   * The longest time that rows of a stream or an iterable wait for more to come: then they are delivered in a batch that
   * is not full. Files and bytes do not pause. Default: 100.
   */
  readonly maxWaitMs?: number | undefined;
}

/** Options of `readNdjsonColumns`. */
export interface NdjsonColumnsOptions<S extends Schema> extends NdjsonOptions, NdjsonSchema<S> {
  /** The most rows: `ERR_PERF_JSON_SIZE` for more. Default: 100,000,000. */
  readonly maxRows?: number | undefined;
}
