import { MINUS, NINE, QUOTE } from '../scan-tokens.ts';
import type { IndexedDocument } from './indexed-document.ts';

/** A copy of the document in which every number stands in quotes, so that the engine makes a string of it. */
export function quoteNumbers({ bytes, offsets, ends, count }: IndexedDocument): Buffer {
  let numbers = 0;
  for (let entry = 0; entry < count; entry++) if (startsNumber(bytes[offsets[entry]])) numbers++;
  const quoted = Buffer.allocUnsafe(bytes.length + 2 * numbers);
  let copied = 0;
  let length = 0;
  for (let entry = 0; entry < count; entry++) {
    const start = offsets[entry];
    if (!startsNumber(bytes[start])) continue;
    length = copy(bytes, copied, start, quoted, length);
    quoted[length++] = QUOTE;
    copied = ends[entry];
    length = copy(bytes, start, copied, quoted, length);
    quoted[length++] = QUOTE;
  }
  copy(bytes, copied, bytes.length, quoted, length);
  return quoted;
}

/** Of the first bytes of values. */
function startsNumber(byte: number): boolean {
  return byte >= MINUS && byte <= NINE;
}

/** Below this, a call costs more than a loop. */
const MIN_CALL_BYTES = 64;

/** Where the copy ends. */
function copy(source: Buffer, from: number, end: number, target: Buffer, to: number): number {
  if (end - from < MIN_CALL_BYTES) {
    for (let at = from, place = to; at < end; at++, place++) target[place] = source[at];
  } else {
    source.copy(target, to, from, end);
  }
  return to + end - from;
}
