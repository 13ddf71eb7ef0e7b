import { describe, expect, test } from 'vitest';

import { batchFor, measure, sink } from './measure.ts';

const timing = { timeMs: 5, warmupMs: 1 };

describe('batchFor', () => {
  test('makes a sample of short calls last 50 µs', () => {
    expect(batchFor(10)).toBe(5_000);
    expect(batchFor(40_000)).toBe(2);
    expect(batchFor(50_000)).toBe(1);
    expect(batchFor(1e9)).toBe(1);
  });
});

describe('measure', () => {
  test('times short calls in batches and says per call what they cost', async () => {
    let calls = 0;
    const result = await measure(() => ++calls, false, timing);
    expect(result.batch).toBeGreaterThan(1);
    expect(result.samples).toBeGreaterThanOrEqual(3);
    // A call of a few nanoseconds, not a batch of thousands.
    expect(result.medianNs).toBeLessThan(5_000);
    expect(sink).toBe(calls);
  });

  test('does not let the work of a call be moved out of the loop', async () => {
    // Inlined, this lookup costs what an addition costs: a third of a nanosecond. A call cannot be that quick.
    const map = new Map([[7, 49]]);
    const { medianNs } = await measure(() => map.get(7), false, { timeMs: 100, warmupMs: 100 });
    expect(medianNs).toBeGreaterThan(1);
  });

  test('gives slow calls a sample each, and at least three', async () => {
    let calls = 0;
    const slow = (): void => {
      calls++;
      const end = performance.now() + 12;
      while (performance.now() < end);
    };
    const result = await measure(slow, false, timing);
    expect(result).toMatchObject({ batch: 1, samples: 3 });
    // Two to calibrate, one to warm up, three timed.
    expect(calls).toBe(6);
    expect(result.medianNs).toBeGreaterThanOrEqual(12e6);
    expect(result.cpuNs).toBeGreaterThan(0);
  });

  test('awaits each call of an asynchronous run before the next', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    };
    const result = await measure(run, true, timing);
    expect(result.async).toBe(true);
    expect(most).toBe(1);
  });

  test('rejects with what the run throws', async () => {
    let calls = 0;
    const run = (): void => {
      if (++calls > 100_000) throw new Error('broke in the middle');
    };
    await expect(measure(run, false, { timeMs: 2_000, warmupMs: 0 })).rejects.toThrow('broke in the middle');
  });
});
