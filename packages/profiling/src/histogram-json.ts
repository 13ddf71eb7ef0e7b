import { MAX_VALUE, bucketFrom, bucketOf } from './buckets.ts';

/** What is wrong with a histogram that came as JSON, or undefined. O(buckets). */
export function readHistogramJson(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return 'not an object';
  const { type, version, count, rejected, sum, min, max, buckets } = json as Record<string, unknown>;
  if (type !== 'perf-histogram') return '"type" is not "perf-histogram"';
  if (version !== 1) return `"version" is ${String(version)}, and this release reads version 1`;
  if (!isCount(count)) return '"count" is no count';
  if (!isCount(rejected)) return '"rejected" is no count';
  if (typeof sum !== 'number' || !(sum >= 0 && sum < Number.POSITIVE_INFINITY)) return '"sum" is no sum of values';
  if (!Array.isArray(buckets)) return '"buckets" is no array';
  let total = 0;
  let previous = -1;
  for (const [index, entry] of buckets.entries()) {
    if (!Array.isArray(entry) || entry.length !== 2) return `buckets[${index}] is no pair`;
    const [from, held] = entry as [unknown, unknown];
    if (!isCount(from) || bucketFrom(bucketOf(from)) !== from) return `buckets[${index}] starts where no bucket starts`;
    if (from <= previous) return `buckets[${index}] is out of order`;
    if (!isCount(held) || held === 0) return `buckets[${index}] has no count`;
    previous = from;
    total += held;
  }
  if (total !== count) return `the buckets hold ${total} values, "count" says ${count}`;
  if (count === 0) return min === null && max === null && sum === 0 ? undefined : 'empty, but with a sum, min or max';
  if (!isValue(min) || bucketFrom(bucketOf(min)) !== buckets[0][0]) return '"min" is not in the first bucket';
  if (!isValue(max) || bucketFrom(bucketOf(max)) !== previous) return '"max" is not in the last bucket';
  if (min > max) return '"min" is larger than "max"';
  return undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isValue(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_VALUE;
}
