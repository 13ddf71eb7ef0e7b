import { constants } from 'node:buffer';
import { anyOption, functionOption, integerOption, readOptions } from '@perf/internal';
import type { Decoder } from '../decoder/decoder.ts';
import type { Schema } from '../decoder/types.ts';
import { optionError } from '../errors.ts';
import { ANY_DEPTH } from '../limits.ts';
import type { Compression, SourceProgress } from '../source/byte-source.ts';
import type { SourceOptions } from '../source/options.ts';
import { SOURCE_RULES } from '../source/rules.ts';

/** How far `streamArray` has come. */
export interface ArrayProgress extends SourceProgress {
  /** Elements read. */
  readonly elements: number;
}

/** Options of `streamArray`. */
export interface StreamArrayOptions extends SourceOptions {
  /** The most bytes between the commas of an element, white space and all. Default: 64 MiB. */
  readonly maxElementBytes?: number | undefined;
  /** How many brackets may be open at once, from 0 to 2^32 − 1. Default: any depth. */
  readonly maxDepth?: number | undefined;
  /** Called after every piece of the source, of at most 256 KiB. */
  readonly onProgress?: ((progress: ArrayProgress) => void) | undefined;
}

/** Options of `streamArray` into columns. */
export interface StreamColumnsOptions<S extends Schema> extends StreamArrayOptions {
  /** Which fields of each element are read: a schema of `decoder()`, or a decoder that was made of one. */
  readonly columns: S | Decoder<S>;
  /** Rows of a batch; the last one has what is left. Default: 16,384. */
  readonly batchRows?: number | undefined;
}

/** Options of `parseFile`. */
export interface ParseFileOptions extends SourceOptions {
  /** How many brackets may be open at once, from 0 to 2^32 − 1. Default: any depth. */
  readonly maxDepth?: number | undefined;
  /** How many bytes the document may have, uncompressed. Default: 2^53 − 1: set it if the source is not trusted. */
  readonly maxBytes?: number | undefined;
  /** Called after every piece of the file, of up to 256 KiB. */
  readonly onProgress?: ((progress: SourceProgress) => void) | undefined;
}

export interface ArraySettings {
  readonly compression: Compression;
  readonly signal: AbortSignal | undefined;
  readonly maxElementBytes: number;
  readonly maxDepth: number;
  readonly onProgress: ((progress: ArrayProgress) => void) | undefined;
  readonly columns: object | undefined;
  readonly batchRows: number;
}

export interface FileSettings {
  readonly compression: Compression;
  readonly signal: AbortSignal | undefined;
  readonly maxDepth: number;
  readonly maxBytes: number;
  readonly onProgress: ((progress: SourceProgress) => void) | undefined;
}

const maxDepth = integerOption(ANY_DEPTH, 0, ANY_DEPTH);

/** With the brackets around it, an element still has to fit a string. */
const MAX_ELEMENT_BYTES = constants.MAX_STRING_LENGTH - 2;

/** Places in levels are 32-bit numbers. */
const MAX_ROWS = 2 ** 32 - 2;

const ARRAY_RULES = {
  ...SOURCE_RULES,
  maxDepth,
  maxElementBytes: integerOption(64 * 1024 * 1024, 1, MAX_ELEMENT_BYTES),
  onProgress: functionOption<ArraySettings['onProgress']>(undefined),
  columns: anyOption<object | undefined>(undefined, (value) =>
    typeof value === 'object' && value !== null ? undefined : 'must be a schema or a decoder',
  ),
  batchRows: integerOption(16_384, 1, MAX_ROWS),
};

const FILE_RULES = {
  ...SOURCE_RULES,
  maxDepth,
  maxBytes: integerOption(Number.MAX_SAFE_INTEGER, 0),
  onProgress: functionOption<FileSettings['onProgress']>(undefined),
};

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readArrayOptions(given: object | undefined): ArraySettings {
  return readOptions('streamArray', given, ARRAY_RULES, optionError);
}

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readFileOptions(given: object | undefined): FileSettings {
  return readOptions('parseFile', given, FILE_RULES, optionError);
}
