import { isUtf8 } from 'node:buffer';
import { JsonError } from '../errors.ts';

/** The text of well-formed UTF-8. Throws `ERR_PERF_JSON_SIZE` where it would be longer than strings can be. */
export function decode(bytes: Buffer, from = 0, end: number = bytes.length): string {
  try {
    // Without arguments, less is done before the decoding: it shows in messages of a few bytes.
    return end - from === bytes.length ? bytes.toString() : bytes.toString('utf8', from, end);
  } catch (cause) {
    const advice = 'the engine cannot hold them as a string';
    throw new JsonError('ERR_PERF_JSON_SIZE', `the input has ${end - from} bytes in one piece: ${advice}`, { cause });
  }
}

/** Up to so many bytes, looking at each is quicker than a call. */
const MAX_LOOPED_BYTES = 48;

/**
 * The text of bytes that must be UTF-8, or undefined where they are not.
 *
 * What is malformed decodes to U+FFFD, so the bytes need be looked at only where that stands in the text. A text that the
 * engine keeps in one byte per character cannot have it and is not searched: this spares a pass over the document.
 */
export function decodeStrictly(bytes: Buffer): string | undefined {
  if (isShortAscii(bytes)) return bytes.toString();
  const text = decode(bytes);
  return text.includes('\ufffd') && !isUtf8(bytes) ? undefined : text;
}

/** Whether bytes are few and all ASCII. */
export function isShortAscii(bytes: Buffer): boolean {
  if (bytes.length > MAX_LOOPED_BYTES) return false;
  let all = 0;
  for (let at = 0; at < bytes.length; at++) all |= bytes[at];
  return all < 0x80;
}
