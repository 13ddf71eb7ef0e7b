import { isUtf8 } from 'node:buffer';
import type { JsonError } from '../errors.ts';
import type { Fault, PolicyFault } from '../fault.ts';
import { bytesOf } from '../input.ts';
import { sizeFault } from '../limits.ts';
import { faultError, START } from '../report.ts';
import { hasByteOrderMark, malformedSequence, replacedLength } from '../utf8.ts';
import { decode } from './decode.ts';
import type { ParseSettings } from './options.ts';

/** A document as bytes that can be scanned, and the way back to the input for errors. */
export interface Source {
  /** Without a byte order mark that was to be left out, and with U+FFFD where that was asked for. */
  readonly bytes: Buffer;
  /** The same document as text, where it was given so. */
  readonly text: string | undefined;
  /** The error for a fault in `bytes`, with its position in the input. */
  error(fault: Fault | PolicyFault, cause?: unknown): JsonError;
}

const MARK_BYTES = 3;

/** Throws `ERR_PERF_JSON_INPUT` and `ERR_PERF_JSON_SIZE`. Without need for it, copies nothing. */
export function sourceOf(input: string | Uint8Array, settings: ParseSettings, caller: string): Source {
  const all = typeof input === 'string' ? input : bytesOf(input, caller);
  const tooLong = sizeFault(all, settings);
  if (tooLong !== undefined) throw tooLong;
  return typeof all === 'string' ? textSource(all, settings) : bytesSource(all, settings);
}

function bytesSource(input: Buffer, { utf8, bom, maxDepth }: ParseSettings): Source {
  const skipped = bom === 'strip' && hasByteOrderMark(input) ? MARK_BYTES : 0;
  const given = skipped === 0 ? input : input.subarray(skipped);
  if (utf8 === 'strict' || isUtf8(given)) {
    const origin = { ...START, byteOffset: skipped };
    return {
      bytes: given,
      text: undefined,
      error: (fault, cause) => faultError(given, fault, maxDepth, cause, origin),
    };
  }
  const text = decode(given);
  const bytes = Buffer.from(text, 'utf8');
  return {
    bytes,
    text,
    error: (fault, cause) => {
      // Lines and columns are those of the text that was read, the offset is that of the bytes that were given.
      const byteOffset = skipped + offsetBeforeReplacement(given, fault.byteOffset) - fault.byteOffset;
      return faultError(bytes, fault, maxDepth, cause, { ...START, byteOffset });
    },
  };
}

/** U+FFFD in UTF-8. */
const REPLACEMENT_BYTES = 3;

/** Where a byte of the text with replacements stood in the bytes before. */
function offsetBeforeReplacement(given: Buffer, at: number): number {
  let shift = 0;
  for (let from = 0; ;) {
    const malformed = malformedSequence(given, from);
    if (malformed < 0 || malformed + shift >= at) return at - shift;
    const replaced = replacedLength(given, malformed);
    shift += REPLACEMENT_BYTES - replaced;
    from = malformed + replaced;
  }
}

const LONE_SURROGATE = /\p{Surrogate}/gu;
/** `\udXXX`, instead of the three bytes of U+FFFD that a lone surrogate is encoded to. */
const ESCAPE_BYTES = 6;

function textSource(input: string, { bom, maxDepth }: ParseSettings): Source {
  const isMarked = bom === 'strip' && input.charCodeAt(0) === 0xfeff;
  const text = isMarked ? input.slice(1) : input;
  const encoded = Buffer.from(text, 'utf8');
  const origin = { ...START, byteOffset: isMarked ? MARK_BYTES : 0 };
  const error: Source['error'] = (fault, cause) => faultError(encoded, fault, maxDepth, cause, origin);
  const bytes = withoutLoneSurrogates(text, encoded);
  if (bytes === encoded) return { bytes, text, error };
  return {
    bytes,
    text,
    error: (fault, cause) => error({ ...fault, byteOffset: offsetBeforeEscaping(text, fault.byteOffset) }, cause),
  };
}

/**
 * The bytes of a text, in which lone surrogates of strings are written as escapes: encoded as they are, they all become
 * U+FFFD, and different keys the same. A text that is no JSON keeps them, so that its fault is found where it is.
 */
function withoutLoneSurrogates(text: string, encoded: Buffer): Buffer {
  // Only a text with U+FFFD in its bytes can have had one.
  if (!encoded.includes('\ufffd') || text.search(LONE_SURROGATE) < 0 || !isJson(text)) return encoded;
  return Buffer.from(
    text.replaceAll(LONE_SURROGATE, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
    'utf8',
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a byte of the text with escapes stands in the text's own encoding. */
function offsetBeforeEscaping(text: string, at: number): number {
  let end = 0;
  let shift = 0;
  for (const part of text.split(LONE_SURROGATE)) {
    end += Buffer.byteLength(part);
    if (at <= end) break;
    end += ESCAPE_BYTES;
    shift += ESCAPE_BYTES - REPLACEMENT_BYTES;
  }
  return at - shift;
}
