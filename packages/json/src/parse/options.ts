import { booleanOption, choiceOption, integerOption, readOptions, signalOption } from '@perf/internal';
import { constants } from 'node:buffer';
import { optionError } from '../errors.ts';
import { ANY_DEPTH } from '../limits.ts';
import type { JsonLimits, Limits } from '../limits.ts';

/** Options of `parse` and `validate`. Each default is what `JSON.parse` does with strictly decoded text. */
export interface ParseOptions extends JsonLimits {
  /**
   * What numbers become. `double` (default): the nearest double, as in `JSON.parse`. `bigint-if-unsafe`: the same, but an
   * integer beyond ±(2^53 − 1) is a BigInt; an integer is a number that is written without a point and an exponent, so `1e20`
   * and `9007199254740993.0` stay doubles, and `-0` is −0. `string`: the text of the number, as it is written.
   */
  readonly numbers?: 'double' | 'bigint-if-unsafe' | 'string' | undefined;
  /**
   * Which member of an object counts when a key is there again: the `last` (default), the `first`, or none: `error` throws
   * `ERR_PERF_JSON_DUPLICATE_KEY`. Keys are compared as they read, not as they are spelt: `"a"` is `"\u0061"`.
   */
  readonly duplicateKeys?: 'last' | 'first' | 'error' | undefined;
  /**
   * What a key `__proto__` becomes: an own property like any other (`keep`, the default), nothing (`remove`), or
   * `ERR_PERF_JSON_PROTO_KEY` (`error`). Kept, it does no harm until something copies it by assignment.
   */
  readonly proto?: 'keep' | 'remove' | 'error' | undefined;
  /** Malformed UTF-8 in bytes: `ERR_PERF_JSON_UTF8` (`strict`, the default), or U+FFFD for each part of it (`replace`). */
  readonly utf8?: 'strict' | 'replace' | undefined;
  /** A byte order mark (in text U+FEFF) before the document: an `error` (default), or left out (`strip`). */
  readonly bom?: 'error' | 'strip' | undefined;
}

/** Options of `parseAsync`. */
export interface ParseAsyncOptions extends ParseOptions {
  /** Gives up: the promise rejects with `ERR_PERF_JSON_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Hands the memory over instead of copying the bytes: their ArrayBuffer may be detached when the call returns. Bytes
   * that are only a part of their ArrayBuffer are copied all the same. Default: false.
   */
  readonly transfer?: boolean | undefined;
}

/** What is in force. */
export interface ParseSettings extends Limits {
  readonly numbers: 'double' | 'bigint-if-unsafe' | 'string';
  readonly duplicateKeys: 'last' | 'first' | 'error';
  readonly proto: 'keep' | 'remove' | 'error';
  readonly utf8: 'strict' | 'replace';
  readonly bom: 'error' | 'strip';
}

export interface ParseAsyncSettings extends ParseSettings {
  readonly signal: AbortSignal | undefined;
  readonly transfer: boolean;
}

const RULES = {
  maxDepth: integerOption(ANY_DEPTH, 0, ANY_DEPTH),
  maxBytes: integerOption(constants.MAX_STRING_LENGTH, 0),
  numbers: choiceOption('double', ['double', 'bigint-if-unsafe', 'string']),
  duplicateKeys: choiceOption('last', ['last', 'first', 'error']),
  proto: choiceOption('keep', ['keep', 'remove', 'error']),
  utf8: choiceOption('strict', ['strict', 'replace']),
  bom: choiceOption('error', ['error', 'strip']),
};

const ASYNC_RULES = { ...RULES, signal: signalOption(), transfer: booleanOption(false) };

/** With no options at all. */
export const DEFAULTS: ParseSettings = readOptions('parse', undefined, RULES, optionError);

/**
 * What was read last, and from which values. Programs pass the same options again and again, often as a literal, and reading
 * them with all checks takes as long as parsing a message of a hundred bytes.
 */
let lastGiven: ParseOptions = {};
let lastCount = -1;
let lastRead = DEFAULTS;

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readParseOptions(given: ParseOptions | undefined, caller: string): ParseSettings {
  if (given === undefined) return DEFAULTS;
  if (typeof given === 'object' && given !== null && isLast(given)) return lastRead;
  const read = readOptions(caller, given, RULES, optionError);
  const { numbers, duplicateKeys, proto, utf8, bom, maxDepth, maxBytes } = given;
  lastGiven = { numbers, duplicateKeys, proto, utf8, bom, maxDepth, maxBytes };
  lastCount = Object.values(lastGiven).filter((value) => value !== undefined).length;
  lastRead = read;
  return read;
}

/** All keys must be known and stated: as many as there are keys. An empty object, which an array could pass for, is read again. */
function isLast(given: ParseOptions): boolean {
  return (
    given.numbers === lastGiven.numbers &&
    given.duplicateKeys === lastGiven.duplicateKeys &&
    given.proto === lastGiven.proto &&
    given.utf8 === lastGiven.utf8 &&
    given.bom === lastGiven.bom &&
    given.maxDepth === lastGiven.maxDepth &&
    given.maxBytes === lastGiven.maxBytes &&
    lastCount > 0 &&
    Object.keys(given).length === lastCount
  );
}

/** Throws `ERR_PERF_JSON_OPTION`. */
export function readParseAsyncOptions(given: ParseAsyncOptions | undefined): ParseAsyncSettings {
  return readOptions('parseAsync', given, ASYNC_RULES, optionError);
}

/** Whether the engine's own parser does all that is asked for, once the bytes are decoded. */
export function isPlain(settings: ParseSettings): boolean {
  if (settings === DEFAULTS) return true;
  const { numbers, duplicateKeys, proto, utf8, bom } = settings;
  return numbers === 'double' && duplicateKeys === 'last' && proto === 'keep' && utf8 === 'strict' && bom === 'error';
}
