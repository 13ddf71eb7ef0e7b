import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import type { LaunchPool } from './recorded-launches.ts';
import { power, resampleSuites, shareOf } from './resample.ts';
import { simulateLaunches, type Truth } from './simulated.ts';

function pool(name: string, truth: Truth, seed: number, launches = 60): LaunchPool {
  const effect = truth.ratio === undefined ? 'none' : 'iterations';
  return {
    package: 'simulated',
    case: name,
    effect,
    ...(truth.ratio === undefined ? {} : { ratio: truth.ratio }),
    launches: simulateLaunches(launches, truth, randomNumbers(seed)),
  };
}

const equal = [0.004, 0.01, 0.02].map((deviation, i) => pool(`equal ${i}`, { deviation }, i + 1));

describe('resampleSuites', () => {
  test('finds hardly any false alarm among equal cases', () => {
    const suites = 200;
    const { failed, alarmed, cases } = resampleSuites(equal, { suites, seed: 1 });
    expect(failed.value).toBeLessThanOrEqual(0.01);
    expect(alarmed.count).toBeGreaterThanOrEqual(failed.count);
    for (const { verdicts } of cases) expect(Object.values(verdicts).reduce((sum, x) => sum + x)).toBe(suites);
    expect(cases[0]!.cleared).toBe(suites);
    expect(cases[2]!.cleared).toBeLessThan(suites);
  });

  test('would show a gate that is broken: every suite with a slower case fails', () => {
    const { failed, cases } = resampleSuites([...equal, pool('slower', { ratio: 1.08 }, 9)], { suites: 30, seed: 1 });
    expect(failed.value).toBe(1);
    expect(cases[3]!.verdicts).toEqual({ regressed: 30 });
  });

  test('draws the same for the same seed', () => {
    const options = { suites: 20, seed: 5 };
    expect(resampleSuites(equal, options)).toEqual(resampleSuites(equal, options));
    expect(resampleSuites(equal, options)).not.toEqual(resampleSuites(equal, { ...options, seed: 6 }));
  });

  test('refuses a pool without a pair of swapped launches', () => {
    const { launches, ...rest } = equal[0]!;
    const alone = { ...rest, launches: launches.filter((each) => !each.swapped) };
    expect(() => resampleSuites([alone], { suites: 1, seed: 1 })).toThrow('simulated: equal 0 (none)');
  });
});

describe('power', () => {
  const trials = 150;

  test('finds what is far beyond the noise always, and less of what is near it', () => {
    const shares = [1.1, 1.03, 1.01].map(
      (ratio) => power(pool('slower', { ratio, deviation: 0.015 }, 4), equal, { trials, seed: 1 }).alone.value,
    );
    expect(shares[0]).toBe(1);
    expect(shares[1]).toBeGreaterThan(0.5);
    expect(shares[2]).toBeLessThan(0.2);
  });

  test('is not larger in company', () => {
    const noisy = pool('slower', { ratio: 1.03, deviation: 0.035 }, 4);
    const { alone, inCompany, cleared } = power(noisy, equal, { trials, seed: 1 });
    expect(inCompany.value).toBeLessThan(alone.value);
    expect(alone.count + cleared.count).toBeLessThanOrEqual(trials);
  });

  test('agrees with whole suites of the case alone', () => {
    const slower = pool('slower', { ratio: 1.03, deviation: 0.025 }, 4);
    const { alone } = power(slower, [], { trials: 300, seed: 1 });
    const { failed } = resampleSuites([slower], { suites: 300, seed: 2 });
    expect(Math.abs(alone.value - failed.value)).toBeLessThan(0.13);
  });

  test('grows with launches', () => {
    const slower = pool('slower', { ratio: 1.03, deviation: 0.025 }, 4);
    const [few, many] = [12, 48].map((launches) => power(slower, [], { trials, seed: 1, launches }).alone.value);
    expect(few).toBeLessThan(many!);
  });

  test('counts what the first stage clears by mistake', () => {
    const hidden = pool('hidden', { ratio: 1.005, deviation: 0.003 }, 4);
    const { cleared, alone } = power(hidden, [], { trials, seed: 1 });
    expect(cleared.value).toBeGreaterThan(0.9);
    expect(alone.value).toBe(0);
  });
});

describe('shareOf', () => {
  test('agrees with an interval by hand', () => {
    // 2 of 20: Wilson 95 % is 2.79 to 30.10 %.
    const { value, low, high } = shareOf(2, 20);
    expect(value).toBe(0.1);
    expect(low).toBeCloseTo(0.0279, 4);
    expect(high).toBeCloseTo(0.301, 3);
  });

  test('never is certain of none or all', () => {
    expect(shareOf(0, 2_000)).toMatchObject({ value: 0, low: 0 });
    expect(shareOf(0, 2_000).high).toBeCloseTo(0.00192, 4);
    expect(shareOf(10, 10).high).toBe(1);
  });
});
