/** How many bytes behind its end a run may be written over: it is stored four at a time. */
export const OVERRUN = 3;

/** Bytes that are written again and again. */
export interface Run {
  readonly length: number;
  /** The bytes in fours, the first one lowest, filled up with zeros. */
  readonly words: Int32Array;
}

export function runOf(bytes: Uint8Array): Run {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  for (let at = 0; at < bytes.length; at++) words[at >> 2] |= bytes[at] << ((at & 3) << 3);
  return { length: bytes.length, words };
}

/** Writes a run and returns its end. Up to `OVERRUN` bytes behind it are lost. */
export function writeRun(view: DataView, at: number, { length, words }: Run): number {
  for (let place = 0; place < words.length; place++) view.setInt32(at + place * 4, words[place], true);
  return at + length;
}
