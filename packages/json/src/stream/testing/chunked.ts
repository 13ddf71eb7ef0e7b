/** The bytes in pieces of one size, each a copy that nothing lies behind. */
export function* chunked(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield Uint8Array.from(bytes.subarray(at, at + size));
}

/** The bytes in pieces of random sizes, some of them empty. */
export function* randomlyChunked(bytes: Uint8Array, below: (bound: number) => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const size = below(4) === 0 ? below(3) : below(bytes.length) + 1;
    yield Uint8Array.from(bytes.subarray(at, at + size));
    at += size;
  }
}
