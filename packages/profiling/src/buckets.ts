// The layout of a histogram: log-linear. Each octave [2^e, 2^(e+1)) is cut into 128 buckets of equal width, so a bucket
// is never wider than 1/128 of what it holds, and its middle is within 1/256 = 0.39 % of every value in it. Below 256 the
// width is 1: those values are exact.
//
//   value    0 … 127   128 … 255   256 … 511   512 … 1023   …   2^52 … 2^53 − 1
//   width        1          1           2           4                 2^45
//   bucket   0 … 127   128 … 255   256 … 383   384 … 511    …   5888 … 6015
//
// Powers of two need no Math.log: the octave is a count of leading zeros. HdrHistogram cuts the same way; see
// https://github.com/HdrHistogram/HdrHistogram and, for the trade against other sketches, https://arxiv.org/abs/1908.10693.

const SUB_BITS = 7;
const SUB_BUCKETS = 1 << SUB_BITS;

/** The largest value that can be recorded: 2^53 − 1, 104 days in nanoseconds. */
export const MAX_VALUE: number = Number.MAX_SAFE_INTEGER;

/** Values of 32 bits and fewer take the short way; longer ones are first shortened by this many bits, exactly. */
const HIGH_SHIFT = 21;
const HIGH_SCALE = 2 ** -HIGH_SHIFT;
const TWO_POW_32 = 2 ** 32;
/** Leading zeros of a value in [128, 256), the last octave with width 1. */
const UNIT_ZEROS = 31 - SUB_BITS;

/** The bucket of a value in [0, 2^53). Fractions are dropped. */
export function bucketOf(value: number): number {
  if (value < TWO_POW_32) {
    const shift = UNIT_ZEROS - Math.clz32(value | SUB_BUCKETS);
    return (shift << SUB_BITS) + (value >>> shift);
  }
  const high = value * HIGH_SCALE;
  const shift = UNIT_ZEROS - Math.clz32(high);
  return ((shift + HIGH_SHIFT) << SUB_BITS) + (high >>> shift);
}

/** The smallest value of a bucket. */
export function bucketFrom(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const shift = (bucket >> SUB_BITS) - 1;
  return (bucket - (shift << SUB_BITS)) * 2 ** shift;
}

/** How many whole values a bucket holds. */
export function bucketWidth(bucket: number): number {
  return bucket < 2 * SUB_BUCKETS ? 1 : 2 ** ((bucket >> SUB_BITS) - 1);
}

/** The value that stands for a bucket: its middle, a whole number. */
export function bucketMiddle(bucket: number): number {
  return bucketFrom(bucket) + Math.floor(bucketWidth(bucket) / 2);
}

/** A count of buckets that ends with the octave of `bucket`. */
export function octaveEnd(bucket: number): number {
  return ((bucket >> SUB_BITS) + 1) << SUB_BITS;
}

/** 6,016 buckets hold everything: 47 KiB as doubles. */
export const BUCKETS: number = bucketOf(MAX_VALUE) + 1;
