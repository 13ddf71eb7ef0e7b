/**
 * The offset of the first malformed UTF-8 sequence at or after `from` (a sequence boundary), that is of its first byte, or
 * −1. Well formed is Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * Slow on purpose: it runs once, after `isUtf8` of `node:buffer` has said no.
 */
export function malformedSequence(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** How many bytes the well-formed sequence at `at` has, or 0. Bytes after the end count as wrong. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (lead >= 0xc2 && lead <= 0xdf) return isContinuation(second) ? 2 : 0;
  const isTail = isContinuation(bytes[at + 2] ?? 0);
  if (lead >= 0xe0 && lead <= 0xef) {
    // E0 would be overlong below A0; ED would be a surrogate from A0 up.
    const isSecond = second >= (lead === 0xe0 ? 0xa0 : 0x80) && second <= (lead === 0xed ? 0x9f : 0xbf);
    return isSecond && isTail ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    // F0 would be overlong below 90; F4 would pass U+10FFFF from 90 up.
    const isSecond = second >= (lead === 0xf0 ? 0x90 : 0x80) && second <= (lead === 0xf4 ? 0x8f : 0xbf);
    return isSecond && isTail && isContinuation(bytes[at + 3] ?? 0) ? 4 : 0;
  }
  return 0;
}

/** Whether a byte goes on with a character that another one started. */
export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/**
 * How many bytes of a malformed sequence a decoder replaces by one U+FFFD: as many as could have been the start of a
 * well-formed one (Unicode 3.9, "maximal subpart"; what the WHATWG decoder does).
 */
export function replacedLength(bytes: Uint8Array, at: number): number {
  const [first, second, third] = [bytes[at], bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  if (sequenceLength(Uint8Array.of(first, second, third, 0x80), 0) === 4) return 3;
  return sequenceLength(Uint8Array.of(first, second, 0x80, 0x80), 0) > 2 ? 2 : 1;
}

export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
