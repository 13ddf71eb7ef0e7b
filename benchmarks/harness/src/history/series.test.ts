import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import { sampleFingerprint, sampleLine } from './sample-line.ts';
import { seriesOf } from './series.ts';

const timed = (i: number, ns: number, more = {}) =>
  sampleLine({ commit: `c${i}`, cases: [{ name: 'a', launchNs: [ns * 0.99, ns, ns * 1.01], metrics: {} }], ...more });

function ratios(seed: number, count: number, lean: number) {
  const random = randomNumbers(seed);
  // The sum of twelve is close to normal, with deviation 1.
  const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, x) => sum + x, -6);
  return Array.from({ length: count }, (_, i) =>
    sampleLine({
      commit: `c${i}`,
      base: `c${i - 1}`,
      cases: [{ name: 'a', launchLogRatios: [lean + 0.005 * normal()], metrics: {} }],
    }),
  );
}

describe('series', () => {
  test('mark the commits between which the level of the time changed', () => {
    const lines = Array.from({ length: 20 }, (_, i) => timed(i, (i < 12 ? 100 : 110) + (i % 3) / 10));
    const [series] = seriesOf(lines);
    expect(series).toMatchObject({ package: 'json', case: 'a', measure: 'time' });
    const [change, ...others] = series!.segments[0]!.changes;
    expect(change).toMatchObject({ index: 12, after: 'c11', at: 'c12' });
    expect(change!.change).toBeCloseTo(0.1, 2);
    expect(others).toEqual([]);
  });

  test('begin a segment where the machine changed, and see no change across it', () => {
    const fingerprint = { ...sampleFingerprint, node: '27.0.0' };
    const lines = Array.from({ length: 20 }, (_, i) => timed(i, i < 10 ? 100 : 200, i < 10 ? {} : { fingerprint }));
    const [series] = seriesOf(lines);
    expect(series!.segments.map(({ points }) => points.length)).toEqual([10, 10]);
    expect(series!.segments.flatMap(({ changes }) => changes)).toEqual([]);
  });

  test('have an interval over launches, and none for one launch', () => {
    const one = sampleLine({ cases: [{ name: 'b', launchNs: [5], metrics: {} }] });
    const [a, b] = seriesOf([timed(0, 100), one]);
    const [point] = a!.segments[0]!.points;
    expect(point!.low).toBeLessThan(point!.value);
    expect(point!.high).toBeGreaterThan(point!.value);
    expect(b!.segments[0]!.points[0]).toEqual({ commit: '0123456789', date: one.date, value: expect.closeTo(5, 10) });
  });

  test('multiply the ratios of comparisons up', () => {
    const lines = [0.1, 0.2, -0.3].map((log) =>
      sampleLine({ cases: [{ name: 'a', launchLogRatios: [log], metrics: {} }] }),
    );
    const values = seriesOf(lines)[0]!.segments[0]!.points.map(({ value }) => value);
    expect(values).toEqual([0.1, 0.3, 0].map((log) => expect.closeTo(Math.exp(log), 10)));
  });

  test('find a drift of steps that no comparison sees, and hardly any in noise', () => {
    let [found, alarms] = [0, 0];
    for (let seed = 0; seed < 500; seed++) {
      if (seriesOf(ratios(seed, 30, 0.005))[0]!.segments[0]!.drift !== undefined) found++;
      if (seriesOf(ratios(seed + 1_000, 30, 0))[0]!.segments[0]!.drift !== undefined) alarms++;
    }
    expect(found).toBeGreaterThanOrEqual(475);
    // 1 % of 500 is 5; 12 is the 99.7 % quantile.
    expect(alarms).toBeLessThanOrEqual(12);
  });

  test('see a changed count, and do not judge figures that are 0', () => {
    const counted = (i: number, instructions: number, gcCount: number) =>
      sampleLine({ commit: `c${i}`, cases: [{ name: 'a', metrics: { instructions, gcCount } }] });
    const all = seriesOf(Array.from({ length: 12 }, (_, i) => counted(i, i < 6 ? 1000 : 1010, i < 6 ? 0 : 1)));
    expect(all.map(({ measure }) => measure)).toEqual(['instructions', 'gcCount']);
    expect(all[0]!.segments[0]!.changes).toMatchObject([{ after: 'c5', at: 'c6', p: 0 }]);
    expect(all[1]!.segments[0]!.changes).toEqual([]);
  });
});
