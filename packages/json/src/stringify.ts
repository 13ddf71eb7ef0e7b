import { JsonError } from './errors.ts';

/**
 * The JSON text of a value. The engine writes it, so the text is what `JSON.stringify` returns; what has no text is a
 * typed error instead of `undefined` or one of three built-in errors.
 *
 * Throws `ERR_PERF_JSON_VALUE` for `undefined`, functions and symbols at the top, for BigInt and for cycles,
 * `ERR_PERF_JSON_DEPTH` for nesting beyond the engine's stack (where it recurses: not in plain data on Node 26) and `ERR_PERF_JSON_SIZE` for a text beyond its longest
 * string. What a `toJSON` method or a getter throws passes through.
 *
 * ```js
 * import { stringify } from '@perf/json';
 *
 * stringify({ bid: '61800.20' }); // '{"bid":"61800.20"}'
 * ```
 */
export function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw typedError(cause);
  }
  if (text === undefined) throw noText(value);
  return text;
}

/** The error for a value that `JSON.stringify` makes `undefined` of. */
export function noText(value: unknown): JsonError {
  const kind = typeof value === 'object' ? 'an object whose toJSON returns undefined' : typeof value;
  return new JsonError('ERR_PERF_JSON_VALUE', `${kind} has no JSON text: pass null for "nothing"`);
}

/**
 * The error for what `JSON.stringify` throws; what is not the engine's own is returned as it is. The engine has no codes, so
 * its messages are told by their words; `stringify.test.ts` notices when they change.
 */
export function typedError(cause: unknown): unknown {
  if (cause instanceof TypeError && /serialize a BigInt/.test(cause.message)) {
    const advice = 'convert it to a string, or to a number where that is exact';
    return new JsonError('ERR_PERF_JSON_VALUE', `a BigInt has no JSON text: ${advice}`, { cause });
  }
  if (cause instanceof TypeError && /circular structure/.test(cause.message)) {
    const path = cause.message.split('\n').slice(1).join(' ').replaceAll(/\s+/g, ' ').trim();
    return new JsonError('ERR_PERF_JSON_VALUE', `a cycle has no JSON text (${path}): break it`, { cause });
  }
  if (cause instanceof RangeError && /call stack/.test(cause.message)) {
    return new JsonError('ERR_PERF_JSON_DEPTH', 'the value is nested beyond the stack: flatten it', { cause });
  }
  if (cause instanceof RangeError && /string length/.test(cause.message)) {
    return new JsonError('ERR_PERF_JSON_SIZE', 'the text is longer than a string can be: write it in parts', { cause });
  }
  return cause;
}
