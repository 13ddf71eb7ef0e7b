/** A random integer from 0 up to below the bound, which is at most 2^32. */
export type Below = (bound: number) => number;

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.3,
  0.1 + 0.2,
  1e21,
  1e20,
  123_456_789_012_345_680_000,
  1e-6,
  1e-7,
  9.5e-7,
  5e-324,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  999_999_999_999_999,
  1e15,
  4.35,
  61_800.2,
  0.000001,
  1.5e300,
  100,
  123e5,
  999_999_999_999.999,
  0.99999999999999,
  1e14 + 0.5,
];
const bits = new DataView(new ArrayBuffer(8));

/** Finite: any bits, short decimals as feeds have them, neighbours of those, and corners. */
export function randomDouble(below: Below): number {
  const kind = below(10);
  if (kind === 0) return SPECIAL[below(SPECIAL.length)];
  if (kind < 4) {
    bits.setUint32(0, below(2 ** 32));
    bits.setUint32(4, below(2 ** 32));
    const value = bits.getFloat64(0);
    return Number.isFinite(value) ? value : 0.5;
  }
  const digits = randomWord(below) % 10 ** (1 + below(16));
  const value = (below(2) === 0 ? digits : -digits) / 10 ** below(18);
  if (kind > 4) return value;
  bits.setFloat64(0, value);
  bits.setUint32(4, (bits.getUint32(4) ^ (1 << below(3))) >>> 0);
  return bits.getFloat64(0);
}

/** From 0 to 2^53 − 1, large ones mostly. */
export function randomWord(below: Below): number {
  return below(2 ** 21) * 2 ** 32 + below(2 ** 32);
}
