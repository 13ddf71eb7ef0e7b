import { constants } from 'node:buffer';
import { anyOption, choiceOption, functionOption, integerOption, readOptions } from '@perf/internal';
import { JsonError } from '../errors.ts';
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
  readonly columns: object | undefined;
}

/** Those of `readNdjson`. */
export interface BatchSettings extends Settings {
  readonly batchRows: number | undefined;
  readonly maxWaitMs: number;
}

/** Those of `readNdjsonColumns`. */
export interface ColumnsSettings extends Settings {
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
  columns: anyOption<object | undefined>(undefined, (value) =>
    typeof value === 'object' && value !== null ? undefined : 'must be a schema or a decoder',
  ),
};

const BATCH_RULES = {
  ...RULES,
  batchRows: anyOption<number | undefined>(undefined, integerOption(1, 1, MAX_ROWS).fault),
  maxWaitMs: integerOption(100, 0, MAX_WAIT_MS),
};

const COLUMNS_RULES = { ...RULES, maxRows: integerOption(100_000_000, 1, MAX_ROWS) };

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readBatchOptions(given: object | undefined): BatchSettings {
  return readOptions('readNdjson', given, BATCH_RULES, optionError);
}

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readColumnsOptions(given: object | undefined): ColumnsSettings {
  const settings = readOptions('readNdjsonColumns', given, COLUMNS_RULES, optionError);
  if (settings.columns === undefined) {
    throw optionError('readNdjsonColumns: option "columns" must be a schema or a decoder, got undefined');
  }
  return settings;
}

function optionError(message: string): JsonError {
  return new JsonError('ERR_PERF_JSON_OPTION', message);
}
