import { JsonError } from './errors.ts';

/** Limits of {@link parse} and {@link validate}. */
export interface JsonLimits {
  /**
   * How many brackets may be open at once, from 0 to 2^32 − 1. Default: 2^32 − 1, that is any depth, as the engine: it
   * parses without recursion. Set it when what reads the result recurses. A limit costs a validating pass over inputs
   * that are longer than twice its value.
   */
  readonly maxDepth?: number | undefined;
  /**
   * How many bytes the input may have in UTF-8. Default: 536,870,888, the most characters that a string of the engine
   * can have.
   */
  readonly maxBytes?: number | undefined;
}

export interface Limits {
  readonly maxDepth: number;
  readonly maxBytes: number;
}

export const ANY_DEPTH = 0xffff_ffff;

/** `ERR_PERF_JSON_SIZE` for an input that is too long, or undefined. O(1) unless the length alone does not tell. */
export function sizeFault(input: string | Uint8Array, { maxBytes }: Limits): JsonError | undefined {
  let byteLength = input.length;
  // A UTF-16 unit takes at most three bytes.
  if (typeof input === 'string' && byteLength <= maxBytes && byteLength * 3 > maxBytes) {
    byteLength = Buffer.byteLength(input, 'utf8');
  }
  if (byteLength <= maxBytes) return undefined;
  const what = `the input has ${typeof input === 'string' ? 'at least ' : ''}${byteLength} bytes, maxBytes is ${maxBytes}`;
  return new JsonError('ERR_PERF_JSON_SIZE', `${what}: raise it if the source is trusted`);
}
