import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from './histogram.ts';
import { fuzz, nearestRank, rankInThousandths } from './histogram.fuzz.ts';

const BOUND = 0.004;

/** Values of every magnitude: uniform ones alone would nearly all have 53 bits. */
const anyValue = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
  .map(([bits, share]) => Math.floor(2 ** bits * share));
const values = fc.array(anyValue, { minLength: 1, maxLength: 300 });

function filled(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

describe('against the sorted array', () => {
  test('every percentile is within 0.4 % of the value at its rank', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 100_000 }), (list, thousandths) => {
        const sorted = list.toSorted((a, b) => a - b);
        const truth = sorted[rankInThousandths(thousandths, list.length) - 1];
        const answer = filled(list).percentile(thousandths / 1_000);
        expect(Math.abs(answer - truth)).toBeLessThanOrEqual(truth * BOUND);
        if (truth < 256) expect(answer).toBe(truth);
      }),
      { numRuns: 2_000 },
    );
  });

  test('count, min, max and sum are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (list) => {
        const histogram = filled(list);
        const sum = list.reduce((total, value) => total + value, 0);
        expect([histogram.count, histogram.min, histogram.max]).toEqual([
          list.length,
          Math.min(...list),
          Math.max(...list),
        ]);
        expect([histogram.sum, histogram.mean]).toEqual([sum, sum / list.length]);
      }),
    );
  });

  test('percentile 0 is the minimum and 100 the maximum, to the last digit', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(filled(list).percentiles([100, 0])).toEqual([Math.max(...list), Math.min(...list)]);
      }),
    );
  });

  test('several percentiles at once are the single ones, in the order asked for', () => {
    fc.assert(
      fc.property(values, fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 8 }), (list, asked) => {
        const histogram = filled(list);
        expect(histogram.percentiles(asked)).toEqual(asked.map((p) => histogram.percentile(p)));
      }),
    );
  });

  test('every value falls into a bucket that holds it and is no wider than 1/128 of it', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const [bucket, ...others] = filled([value]);
        expect(others).toEqual([]);
        expect(bucket.from).toBeLessThanOrEqual(value);
        expect(bucket.to).toBeGreaterThanOrEqual(value);
        expect(bucket.to - bucket.from).toBeLessThanOrEqual(bucket.from / 128);
      }),
      { numRuns: 5_000 },
    );
  });

  test('the fuzz target agrees with its oracle on a fixed seed', () => {
    expect(() => fuzz.run(42, 200)).not.toThrow();
  });
});

describe('buckets', () => {
  test('follow each other without a gap, from 0 to 2^53 − 1', () => {
    const histogram = new Histogram();
    for (let octave = 0; octave < 53; octave++) {
      for (let step = 0; step < 256; step++) {
        const value = 2 ** octave + Math.floor((2 ** octave * step) / 256);
        if (value <= Number.MAX_SAFE_INTEGER) histogram.record(value);
      }
    }
    histogram.record(0);
    let next = 0;
    for (const bucket of histogram) {
      expect(bucket.from).toBe(next);
      next = bucket.to + 1;
    }
    expect(next).toBe(2 ** 53);
  });

  test('start anew at each power of two', () => {
    for (const power of [8, 20, 31, 32, 33, 40, 52]) {
      const buckets = [...filled([2 ** power - 1, 2 ** power])];
      expect(buckets.map(({ from }) => from)[1]).toBe(2 ** power);
      expect(buckets[0].to).toBe(2 ** power - 1);
    }
  });
});

describe('what cannot be recorded', () => {
  const refused = [Number.NaN, -1, -0.5, 2 ** 53, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  test.each(refused)('%d is counted as rejected and changes nothing else', (value) => {
    const histogram = filled([5, value]);
    histogram.recordMany(value, 3);
    expect(histogram.toJSON()).toEqual({ ...filled([5]).toJSON(), rejected: 4 });
  });

  test.each([
    ['a bigint', 5n],
    ['a string', '5'],
    ['nothing', undefined],
    ['null', null],
  ])('%s is counted as rejected instead of throwing into the measured code', (_, value) => {
    const histogram = new Histogram();
    histogram.record(value as never);
    expect([histogram.count, histogram.rejected]).toEqual([0, 1]);
  });

  test('negative zero is zero', () => {
    expect(filled([-0]).min).toBe(0);
    expect(filled([-0]).max).toBe(0);
  });

  test('fractions count for sum, min and max', () => {
    const histogram = filled([1.5, 2.25]);
    expect([histogram.sum, histogram.min, histogram.max]).toEqual([3.75, 1.5, 2.25]);
    expect([...histogram]).toEqual([
      { from: 1, to: 1, count: 1 },
      { from: 2, to: 2, count: 1 },
    ]);
  });
});

describe('recordMany', () => {
  test('equals recording one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 20 }))), (pairs) => {
        const many = new Histogram();
        for (const [value, count] of pairs) many.recordMany(value, count);
        const single = filled(pairs.flatMap(([value, count]) => new Array<number>(count).fill(value)));
        expect(many.toJSON()).toEqual(single.toJSON());
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the count %d', (count) => {
    expect(() => new Histogram().recordMany(1, count)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
  });

  test('refuses to count beyond 2^53 − 1 and leaves the histogram as it was', () => {
    const histogram = new Histogram();
    histogram.recordMany(1, Number.MAX_SAFE_INTEGER);
    const before = histogram.toJSON();
    expect(() => histogram.recordMany(1, 1)).toThrow(expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }));
    expect(() => histogram.merge(filled([1]))).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
    expect(histogram.toJSON()).toEqual(before);
  });
});

describe('merge', () => {
  test('is the union, however the values were split', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat()), { maxLength: 200 }), (tagged) => {
        const merged = new Histogram();
        for (let part = 0; part < 4; part++) {
          merged.merge(filled(tagged.filter(([owner]) => owner === part).map(([, value]) => value)));
        }
        expect(merged.toJSON()).toEqual(filled(tagged.map(([, value]) => value)).toJSON());
      }),
    );
  });

  test('adds the rejections', () => {
    expect(filled([-1, 1]).merge(filled([-1, -1])).rejected).toBe(3);
  });

  test('with itself doubles every count', () => {
    const histogram = filled([1, 70_000]);
    expect(histogram.merge(histogram).count).toBe(4);
    expect([...histogram].map(({ count }) => count)).toEqual([2, 2]);
  });

  test('takes a histogram with larger values than its own table', () => {
    expect(filled([1]).merge(filled([2 ** 50])).max).toBe(2 ** 50);
    expect(filled([2 ** 50]).merge(filled([1])).min).toBe(1);
  });

  test('refuses what is no Histogram', () => {
    expect(() => new Histogram().merge({} as Histogram)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
  });
});

describe('an empty histogram', () => {
  test('has no percentiles, min, max or mean, and no buckets', () => {
    const histogram = new Histogram();
    expect([histogram.min, histogram.max, histogram.mean, histogram.percentile(50)]).toEqual(
      new Array(4).fill(Number.NaN),
    );
    expect([histogram.count, histogram.sum, [...histogram]]).toEqual([0, 0, []]);
  });

  test('is what reset leaves, also after large values', () => {
    const histogram = filled([1, 2 ** 45, -1]);
    histogram.reset();
    expect(histogram.toJSON()).toEqual(new Histogram().toJSON());
    histogram.record(7);
    expect(histogram.percentiles([1, 99])).toEqual([7, 7]);
  });
});

describe('ranks', () => {
  test.each([
    [99.9, 1_000, 999],
    [99.99, 10_000, 9_999],
    [70, 10, 7],
    [55, 100, 55],
    [0.1, 1_000, 1],
    [99.91, 1_000, 1_000],
    // In doubles 1.1 × 3,000 is a little more than 3,300.
    [1.1, 3_000, 33],
    [2.2, 100_000, 2_200],
  ])('percentile %d of 1…%d is %d, not one beside it', (p, count, expected) => {
    const wide = new Histogram();
    // Two values that lie far apart show which side of the rank was taken.
    wide.recordMany(1, expected - 1);
    wide.recordMany(2, 1);
    wide.recordMany(200, count - expected);
    expect(wide.percentile(p)).toBe(2);
  });

  test.each([-0.001, 100.001, Number.NaN, Number.POSITIVE_INFINITY])('refuse %d', (p) => {
    expect(() => filled([1]).percentile(p)).toThrow(expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }));
    expect(() => new Histogram().percentile(p)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
  });

  test('the oracle itself counts ranks as defined', () => {
    expect(nearestRank([10, 20, 30, 40], 50_000)).toBe(20);
    expect(nearestRank([10, 20, 30, 40], 50_001)).toBe(30);
  });
});

describe('JSON', () => {
  test('restores everything', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyValue, fc.constant(-1))), (list) => {
        const histogram = filled(list);
        const restored = Histogram.fromJSON(JSON.parse(JSON.stringify(histogram)));
        expect(restored.toJSON()).toEqual(histogram.toJSON());
        expect(restored.percentiles([0, 50, 99, 100])).toEqual(histogram.percentiles([0, 50, 99, 100]));
      }),
    );
  });

  const good = filled([3, 5, 1_000]).toJSON();
  test.each<[string, unknown, RegExp]>([
    ['null', null, /not an object/],
    ['another type', { ...good, type: 'x' }, /"type"/],
    ['another version', { ...good, version: 2 }, /reads version 1/],
    ['a negative count', { ...good, count: -1 }, /"count"/],
    ['a fraction of rejections', { ...good, rejected: 0.5 }, /"rejected"/],
    ['no sum', { ...good, sum: null }, /"sum"/],
    ['no buckets', { ...good, buckets: {} }, /no array/],
    ['a bucket that is no pair', { ...good, buckets: [[3]] }, /no pair/],
    [
      'a bucket between two buckets',
      {
        ...good,
        buckets: [
          [3, 1],
          [5, 1],
          [1_001, 1],
        ],
      },
      /no bucket starts/,
    ],
    [
      'buckets out of order',
      {
        ...good,
        buckets: [
          [5, 1],
          [3, 1],
          [1_000, 1],
        ],
      },
      /out of order/,
    ],
    [
      'an empty bucket',
      {
        ...good,
        buckets: [
          [3, 0],
          [5, 2],
          [1_000, 1],
        ],
      },
      /has no count/,
    ],
    ['a count that differs from the buckets', { ...good, count: 4 }, /the buckets hold 3/],
    ['a min outside the first bucket', { ...good, min: 4 }, /"min"/],
    ['a max outside the last bucket', { ...good, max: 2_000 }, /"max"/],
    ['a min in an empty histogram', { ...new Histogram().toJSON(), min: 0 }, /empty/],
  ])('refuses %s', (_, json, message) => {
    const read = (): Histogram => Histogram.fromJSON(json as never);
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_PERF_PROFILING_JSON' }));
    expect(read).toThrow(message);
  });
});

test('recording allocates nothing', () => {
  // A large young generation, so that no collection can hide what was allocated between the two readings.
  const script = `
    import { Histogram } from ${JSON.stringify(new URL('./histogram.ts', import.meta.url).href)};
    const histogram = new Histogram();
    const values = Float64Array.from({ length: 4096 }, (_, i) => Math.round(2 ** (i / 110)));
    const round = (times) => { for (let t = 0; t < times; t++) for (let i = 0; i < 4096; i++) histogram.record(values[i]); };
    round(200);
    const before = process.memoryUsage().heapUsed;
    round(250);
    process.stdout.write(String(process.memoryUsage().heapUsed - before));
  `;
  const output = execFileSync(
    process.execPath,
    ['--max-semi-space-size=64', '--conditions=@perf/source', '--no-warnings', '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  // A million records; one boxed number each would be 12 MB. What remains is compilation.
  expect(Number(output)).toBeLessThan(1_000_000);
});
