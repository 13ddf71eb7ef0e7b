import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { countingPlan, SEGMENT_INSTRUCTIONS, WARM_SEGMENTS, type Counted, type Step } from './plan.ts';

/** Follows the plan with segments that cost what `cost` says, given also the runs before them. */
function follow(cost: (runs: number, before: number) => number, given?: number): { steps: Step[]; counted: Counted } {
  const plan = countingPlan(given);
  const steps: Step[] = [];
  let before = 0;
  for (let next = plan.next(); ;) {
    if (next.done === true) return { steps, counted: next.value };
    const { runs, factor } = next.value;
    steps.push(next.value);
    next = plan.next(cost(runs * factor, before));
    before += runs * factor;
  }
}

const constant =
  (perRun: number) =>
  (runs: number): number =>
    10_000 + perRun * runs;
/** Runs after the `at`th cost less. */
const tierUp =
  (at: number) =>
  (runs: number, before: number): number =>
    1e6 * runs + 9e6 * Math.max(0, Math.min(runs, at - before));

describe('the plan', () => {
  test('doubles the runs until a segment has enough instructions, warms up with that many, and counts three segments', () => {
    const { steps, counted } = follow(constant(50e6));
    expect(steps.map(({ runs, factor }) => `${runs}·${factor}`)).toEqual([
      '1·1',
      '2·1',
      ...Array.from({ length: WARM_SEGMENTS }, () => '4·1'),
      '4·1',
      '4·2',
      '4·3',
    ]);
    expect(counted).toEqual({ perRun: 50e6, runs: 4, nonlinearity: 0 });
  });

  test('has one number of runs for one cost, a power of two, in segments of the wanted length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 1e9 }), (perRun) => {
        const { counted } = follow(constant(perRun));
        expect(counted).toEqual(follow(constant(perRun)).counted);
        expect(Number.isInteger(Math.log2(counted.runs))).toBe(true);
        expect(10_000 + perRun * counted.runs).toBeGreaterThanOrEqual(SEGMENT_INSTRUCTIONS[0]);
        expect(counted.runs === 1 || (perRun * counted.runs) / 2 <= SEGMENT_INSTRUCTIONS[0]).toBe(true);
      }),
    );
  });

  test('does not mistake slow first runs for long ones', () => {
    // 10 million instructions each until the 20th run, a million after it.
    expect(follow(tierUp(20)).counted).toMatchObject({ perRun: 1e6, runs: 128, nonlinearity: 0 });
  });

  test('counts once more, with longer segments, what was not on a line', () => {
    // 31 runs double up to 16, 32 more warm up, and the second of those that count begins after 79.
    const { counted } = follow(tierUp(100));
    expect(counted).toMatchObject({ perRun: 1e6, runs: 512, nonlinearity: 0 });
  });

  test('returns what is not on a line at the second attempt either', () => {
    const growing = follow((runs, before) => runs * (1e6 + 1e3 * (before + runs / 2))).counted;
    expect(growing.nonlinearity).toBeGreaterThan(0.01);
  });

  test('takes the given number of runs, whatever they cost', () => {
    for (const given of [1, 16, 1_024]) expect(follow(constant(50e6), given).counted.runs).toBe(given);
  });

  test('throws what counts that do not grow throw', () => {
    expect(() => follow(() => 500e6)).toThrow(/do not grow/);
  });
});
