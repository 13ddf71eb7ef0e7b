import { backend } from './backend.ts';
import { JsonError } from './errors.ts';
import { bytesOf } from './input.ts';
import { sizeFault } from './limits.ts';
import { isPlain, readParseOptions } from './parse/options.ts';
import type { ParseOptions, ParseSettings } from './parse/options.ts';
import { giveBack } from './parse/indexed-document.ts';
import { prepare } from './parse/prepare.ts';
import { sourceOf } from './parse/source.ts';
import { faultError } from './report.ts';

/**
 * Whether the input is a JSON document: what `JSON.parse` accepts, with strictly decoded UTF-8 and at any depth and size.
 * Builds nothing. A string is encoded first, so pass bytes where you have them. Throws `ERR_PERF_JSON_INPUT` only.
 *
 * ```js
 * import { isValid } from '@perf/json';
 *
 * isValid(Buffer.from('{"bid":"61800.20"}')); // true
 * isValid(Buffer.from([0x22, 0xff, 0x22])); // false: no UTF-8
 * ```
 */
export function isValid(input: string | Uint8Array): boolean {
  return backend().isDocument(bytesOf(input, 'isValid'));
}

/**
 * What is wrong with a document, as the error that {@link parse} would throw with these options, or undefined. Builds
 * nothing else. Its `excerpt` shows the place.
 *
 * Throws `ERR_PERF_JSON_INPUT` and `ERR_PERF_JSON_OPTION`: those are mistakes of the caller, not of the document.
 *
 * ```js
 * import { validate } from '@perf/json';
 *
 * const fault = validate('{"bid":}');
 * fault?.byteOffset; // 7
 * console.log(fault?.excerpt);
 * // {"bid":}
 * //        ^
 * ```
 */
export function validate(input: string | Uint8Array, options?: ParseOptions): JsonError | undefined {
  const settings = readParseOptions(options, 'validate');
  const bytes = bytesOf(input, 'validate');
  const tooLong = sizeFault(bytes, settings);
  if (tooLong !== undefined) return tooLong;
  if (!isPlain(settings)) return refusalOf(input, settings);
  const fault = backend().findFault(bytes, settings.maxDepth);
  return fault === undefined ? undefined : faultError(bytes, fault, settings.maxDepth);
}

function refusalOf(input: string | Uint8Array, settings: ParseSettings): JsonError | undefined {
  try {
    const source = sourceOf(input, settings, 'validate');
    const fault = backend().findFault(source.bytes, settings.maxDepth);
    if (fault !== undefined) return source.error(fault);
    giveBack(prepare(source, settings, backend()).index);
    return undefined;
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
}
