/** Integers of 2^-32 make numbers in [0, 1). */
const TO_UNIT = 2 ** -32;

/** As many as PractRand's own seeding discards: neighbouring seeds then share nothing. */
const DISCARDED = 15;

/**
 * The same numbers in [0, 1) for the same seed, on every machine and Node version: sfc32 of Chris Doty-Humphrey (PractRand),
 * with the seed in its first two words. 32 bits of resolution, period at least 2^32. Not for secrets.
 */
export function randomNumbers(seed: number): () => number {
  let a = seed | 0;
  let b = Math.trunc(seed / 2 ** 32) | 0;
  let c = 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) * TO_UNIT;
  };
  for (let i = 0; i < DISCARDED; i++) next();
  return next;
}
