import { constants } from 'node:buffer';
import { anyOption, choiceOption, functionOption, integerOption, readOptions } from '@perf/internal';
import { optionError } from '../errors.ts';
import type { Compression } from '../source/byte-source.ts';
import { SOURCE_RULES } from '../source/rules.ts';
import type { NdjsonProgress, OnBadLine } from './options.ts';

/** Options of every reader of lines with their defaults. */
export interface Settings {
  readonly compression: Compression;
  readonly signal: AbortSignal | undefined;
  readonly threads: number;
  readonly onBadLine: OnBadLine;
  readonly maxBadLines: number;
  readonly maxLineBytes: number;
  readonly maxBytes: number;
  readonly onProgress: ((progress: NdjsonProgress) => void) | undefined;
}

/** Those with columns. */
export interface SchemaSettings extends Settings {
  readonly columns: object;
}

/** Those of `readNdjson` with columns. */
export interface BatchSettings extends SchemaSettings {
  readonly batchRows: number;
  readonly maxWaitMs: number;
}

/** Those of `readNdjsonColumns`. */
export interface ColumnsSettings extends SchemaSettings {
  readonly maxRows: number;
}

const MAX_THREADS = 64;
/** Places in levels are 32-bit numbers. */
const MAX_ROWS = 2 ** 32 - 2;
/** setTimeout takes no more. */
const MAX_WAIT_MS = 2 ** 31 - 1;

const RULES = {
  ...SOURCE_RULES,
  threads: integerOption(1, 0, MAX_THREADS),
  onBadLine: choiceOption<OnBadLine>('throw', ['throw', 'skip', 'collect']),
  maxBadLines: integerOption(1000, 1),
  // A line that is parsed has to fit a string.
  maxLineBytes: integerOption(16 * 1024 * 1024, 1, constants.MAX_STRING_LENGTH),
  maxBytes: integerOption(Number.MAX_SAFE_INTEGER, 1),
  onProgress: functionOption<((progress: NdjsonProgress) => void) | undefined>(undefined),
};

const SCHEMA_RULES = {
  ...RULES,
  // Left out, it is refused by whoever needs it.
  columns: anyOption<object>({}, (value) =>
    typeof value === 'object' && value !== null ? undefined : 'must be a schema or a decoder',
  ),
};

const BATCH_RULES = {
  ...SCHEMA_RULES,
  batchRows: integerOption(16_384, 1, MAX_ROWS),
  maxWaitMs: integerOption(100, 0, MAX_WAIT_MS),
};

const COLUMNS_RULES = { ...SCHEMA_RULES, maxRows: integerOption(100_000_000, 1, MAX_ROWS) };

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readValueOptions(given: object | undefined): Settings {
  return readOptions('readNdjson', given, RULES, optionError);
}

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readBatchOptions(given: object): BatchSettings {
  return readOptions('readNdjson', given, BATCH_RULES, optionError);
}

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readColumnsOptions(given: object | undefined): ColumnsSettings {
  const settings = readOptions('readNdjsonColumns', given, COLUMNS_RULES, optionError);
  if (hasColumns(given)) return settings;
  throw optionError('readNdjsonColumns: option "columns" must be a schema or a decoder, got undefined');
}

/** Whether rows are asked for, not values. */
export function hasColumns(given: object | undefined): given is { readonly columns: unknown } {
  return typeof given === 'object' && given !== null && (given as { columns?: unknown }).columns !== undefined;
}
