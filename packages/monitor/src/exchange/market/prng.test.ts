import { describe, expect, test } from 'vitest';
import { Random } from './prng.ts';

const KNOWN = [2824919730, 456503162, 322929884, 4097001166];

function draw(random: Random, sample: (random: Random) => number, count = 50_000): { mean: number; variance: number } {
  const values = Array.from({ length: count }, () => sample(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
}

describe('Random', () => {
  test('gives the same numbers for the same seed and name on every machine', () => {
    const random = new Random(42, 'BTCUSDT');
    expect([random.next(), random.next(), random.next(), random.next()]).toEqual(KNOWN);
  });

  test('gives other numbers for another name, another seed and a seed beyond 32 bits', () => {
    const firsts = [
      new Random(1, 'A'),
      new Random(1, 'B'),
      new Random(2, 'A'),
      new Random(1 + 2 ** 32, 'A'),
      new Random(Number.MAX_SAFE_INTEGER, 'A'),
    ].map((random) => random.next());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('draws an exponential of mean and variance one', () => {
    const { mean, variance } = draw(new Random(1, ''), (random) => random.exponential());
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  test('draws a normal of mean zero and variance one', () => {
    const { mean, variance } = draw(new Random(1, ''), (random) => random.normal());
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  test('draws integers evenly and below their bound', () => {
    const counts = [0, 0, 0, 0, 0];
    const random = new Random(3, '');
    for (let index = 0; index < 10_000; index++) counts[random.below(5)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('keeps the heavy tail between one and its cap', () => {
    const random = new Random(3, '');
    const values = Array.from({ length: 10_000 }, () => random.pareto(10));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...values)).toBe(10);
  });
});
