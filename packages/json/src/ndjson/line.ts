export const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;

/** The line feed that ends the line at `from`; there is one. */
export function lineEnd(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(LINE_FEED, from);
}

/** The first byte of `bytes[from, end)` that is no white space, or `end`. */
export function trimStart(bytes: Uint8Array, from: number, end: number): number {
  let start = from;
  while (start < end && isSpace(bytes[start])) start++;
  return start;
}

/** The byte after the last of `bytes[start, end)` that is no white space, or `start`. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && isSpace(bytes[stop - 1])) stop--;
  return stop;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === CARRIAGE_RETURN || byte === TAB;
}
