import { readParseOptions } from './parse/options.ts';
import type { ParseOptions } from './parse/options.ts';
import { parseInput } from './parse/parse-input.ts';

/**
 * The value of a JSON document, given as text or as UTF-8 bytes.
 *
 * The engine builds the value, so it is what `JSON.parse` returns. Beyond that: bytes are decoded strictly (malformed
 * UTF-8 and a byte order mark are errors, not U+FFFD and an odd message), depth and size can be limited, and an error
 * says where the document is wrong. A document without faults costs the decoding and `JSON.parse`; one with a fault is
 * read again to find it.
 *
 * Options change what becomes of large integers, repeated keys, `__proto__`, malformed UTF-8 and a byte order mark. They are
 * looked for in the bytes, beside the engine: a document that has none of what an option is about costs one quick pass
 * more (`numbers: 'string'` and `duplicateKeys` always cost an index, 8 bytes for each value and key). What they refuse is
 * looked for in documents that are JSON: where one is not, that is the error.
 *
 * Throws `JsonError` with `ERR_PERF_JSON_SYNTAX`, `_UTF8`, `_DEPTH`, `_DUPLICATE_KEY`, `_PROTO_KEY`, `_NUMBER` (an integer of
 * more than 10,000 digits, with `bigint-if-unsafe`), all with `byteOffset`, `line`, `column` and `excerpt`; `_SIZE`,
 * `_INPUT` or `_OPTION`.
 *
 * ```js
 * import { parse } from '@perf/json';
 *
 * parse(Buffer.from('{"bid":"61800.20"}')); // { bid: '61800.20' }
 * parse('{"id":9007199254740993}', { numbers: 'bigint-if-unsafe' }); // { id: 9007199254740993n }
 * parse('[1,]'); // JsonError: expected a value, found "]" at line 1, column 4 (byte 3) after `[1,`: …
 * ```
 */
export function parse(input: string | Uint8Array, options?: ParseOptions): unknown {
  return parseInput(input, readParseOptions(options, 'parse'), 'parse');
}
