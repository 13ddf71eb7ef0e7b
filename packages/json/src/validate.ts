import { backend } from './backend.ts';
import type { JsonError } from './errors.ts';
import { bytesOf } from './input.ts';
import { readLimits, sizeFault } from './limits.ts';
import type { JsonLimits } from './limits.ts';
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
 * What is wrong with a document, as the error that {@link parse} would throw, or undefined. Builds nothing else.
 *
 * Throws `ERR_PERF_JSON_INPUT` and `ERR_PERF_JSON_OPTION`: those are mistakes of the caller, not of the document.
 *
 * ```js
 * import { validate } from '@perf/json';
 *
 * validate('{"bid":}')?.byteOffset; // 7
 * ```
 */
export function validate(input: string | Uint8Array, options?: JsonLimits): JsonError | undefined {
  const limits = readLimits(options, 'validate');
  const bytes = bytesOf(input, 'validate');
  const tooLong = sizeFault(bytes, limits);
  if (tooLong !== undefined) return tooLong;
  const fault = backend().findFault(bytes, limits.maxDepth);
  return fault === undefined ? undefined : faultError(bytes, fault, limits.maxDepth);
}
