import { isUtf8 } from 'node:buffer';
import { backend } from './backend.ts';
import { JsonError } from './errors.ts';
import { bytesOf } from './input.ts';
import { readLimits, sizeFault } from './limits.ts';
import type { JsonLimits, Limits } from './limits.ts';
import { faultError } from './report.ts';

/**
 * The value of a JSON document, given as text or as UTF-8 bytes.
 *
 * The engine builds the value, so it is what `JSON.parse` returns. Beyond that: bytes are decoded strictly (malformed
 * UTF-8 and a byte order mark are errors, not U+FFFD and an odd message), depth and size can be limited, and an error
 * says where the document is wrong. A document without faults costs the decoding and `JSON.parse`; one with a fault is
 * read again to find it.
 *
 * Throws `JsonError` with `ERR_PERF_JSON_SYNTAX`, `_UTF8`, `_DEPTH` (all with `byteOffset`, `line`, `column`), `_SIZE`,
 * `_INPUT` or `_OPTION`.
 *
 * ```js
 * import { parse } from '@perf/json';
 *
 * parse(Buffer.from('{"bid":"61800.20"}')); // { bid: '61800.20' }
 * parse('[1,]'); // JsonError: expected a value, found "]" at line 1, column 4 (byte 3) after `[1,`: …
 * ```
 */
export function parse(input: string | Uint8Array, options?: JsonLimits): unknown {
  const limits = readLimits(options, 'parse');
  const text = typeof input === 'string' ? checkedText(input, limits) : decode(bytesOf(input, 'parse'), limits);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw located(bytesOf(input, 'parse'), limits, cause);
  }
}

function checkedText(text: string, limits: Limits): string {
  const fault = sizeFault(text, limits);
  if (fault !== undefined) throw fault;
  if (canBeTooDeep(text.length, limits)) throwFault(bytesOf(text, 'parse'), limits);
  return text;
}

function decode(bytes: Buffer, limits: Limits): string {
  const fault = sizeFault(bytes, limits);
  if (fault !== undefined) throw fault;
  if (canBeTooDeep(bytes.length, limits)) throwFault(bytes, limits);
  if (!isUtf8(bytes)) throwFault(bytes, limits);
  try {
    return bytes.toString('utf8');
  } catch (cause) {
    const advice = 'the engine cannot hold it as a string';
    throw new JsonError('ERR_PERF_JSON_SIZE', `the input has ${bytes.length} bytes: ${advice}`, { cause });
  }
}

/**
 * Whether the engine could accept a document of this length that is deeper than allowed. Each bracket needs its partner,
 * so a shorter one that is too deep is also unfinished: the engine refuses it, and the search for the fault then meets
 * the depth first.
 */
function canBeTooDeep(length: number, { maxDepth }: Limits): boolean {
  return length > 2 * maxDepth;
}

function throwFault(bytes: Buffer, { maxDepth }: Limits): void {
  const fault = backend().findFault(bytes, maxDepth);
  if (fault !== undefined) throw faultError(bytes, fault, maxDepth);
}

function located(bytes: Buffer, { maxDepth }: Limits, cause: unknown): unknown {
  const fault = backend().findFault(bytes, maxDepth);
  // Nothing wrong with the document: the engine ran out of something, and its own error says it best.
  return fault === undefined ? cause : faultError(bytes, fault, maxDepth, cause);
}
