/** A repeatable stream of integers below a bound (mulberry32). */
export function randomBelow(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

const NASTY = Buffer.from(
  '{}[]:,"\\/ \t\n\r\0\x1f0123456789-+.eEtrufalsn\x7f\x80\xbf\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f\x98\xff',
  'latin1',
);

/** One to three edits: a byte inserted, replaced or removed, a piece doubled, the end cut off. */
export function mutate(document: Uint8Array, below: (bound: number) => number): Buffer {
  let bytes = Buffer.from(document);
  for (let edits = 1 + below(3); edits > 0; edits--) {
    const place = below(bytes.length + 1);
    const byte = NASTY.subarray(below(NASTY.length)).subarray(0, 1);
    const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)];
    const kind = below(10);
    if (kind < 3) bytes = Buffer.concat([head, byte, tail]);
    else if (kind < 6) bytes = Buffer.concat([head, byte, tail.subarray(1)]);
    else if (kind < 8) bytes = Buffer.concat([head, tail.subarray(1)]);
    else if (kind < 9) bytes = Buffer.concat([head, bytes.subarray(below(place + 1)).subarray(0, 40), tail]);
    else bytes = Buffer.from(head);
  }
  return bytes;
}
