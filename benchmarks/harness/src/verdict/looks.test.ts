import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import type { CaseEvidence, LaunchRecord } from './evidence.ts';
import { judge } from './judge.ts';
import { chanceToDecide, goesOn, LOOK_SHARE, looksFor, stepsOf } from './looks.ts';
import { complete } from './options.ts';
import { heavyTailed, normal, simulateCase, type Truth } from './simulated.ts';

const OPTIONS = complete({});
const THRESHOLD = Math.log1p(0.02);
const ERRORS = { differs: 0.005, same: 0.005 };

/** A case whose second stage is looked at as a comparison does. */
function looked(name: string, truth: Truth, seed: number, family: number, launches = 24): CaseEvidence {
  const looks = looksFor(family, launches, OPTIONS.familyError);
  const all = simulateCase(name, truth, seed, looks.last);
  let so = all;
  for (const { upTo, look } of stepsOf(looks)) {
    so = { ...all, decide: all.decide.slice(0, upTo), ...(look && { look }) };
    if (!goesOn(so, looks, family, OPTIONS)) break;
  }
  return so;
}

describe('looksFor', () => {
  test('looks at half of the launches, and later where a large family asks for more of them', () => {
    expect([1, 2, 8, 13, 100].map((family) => looksFor(family, 24, 0.01))).toEqual([
      { futility: 6, first: 12, last: 24 },
      { futility: 6, first: 12, last: 24 },
      { futility: 6, first: 14, last: 24 },
      { futility: 6, first: 14, last: 24 },
      { futility: 6, first: 18, last: 24 },
    ]);
  });

  test('looks once where there are too few launches for two looks', () => {
    expect(looksFor(1, 8, 0.01)).toEqual({ futility: 8, first: 8, last: 8 });
    expect(looksFor(1, 10, 0.01)).toEqual({ futility: 6, first: 10, last: 10 });
    expect(looksFor(8, 12, 0.01)).toEqual({ futility: 6, first: 14, last: 14 });
  });
});

describe('goesOn', () => {
  const decisionOf = (truth: Truth, seed = 1): CaseEvidence['look'] => looked('a case', truth, seed, 1).look;

  test.each<[string, Truth, CaseEvidence['look']]>([
    ['a difference that is plain', { ratio: 1.3, deviation: 0.03 }, 'first'],
    ['equality that is plain', { deviation: 0.004 }, 'first'],
    ['noise that the launches left would not get the better of', { deviation: 0.08 }, 'futile'],
  ])('ends the stage for %s', (_what, truth, look) => {
    expect(decisionOf(truth)).toBe(look);
  });

  test('what is given up is inconclusive, whatever its figures', () => {
    const given = simulateCase('a case', { ratio: 1.3, deviation: 0.002 }, 1, 6);
    const each = judge({ cases: [{ ...given, look: 'futile' }] }).cases[0]!;
    expect(each).toMatchObject({ verdict: 'inconclusive', stage: 'decide', launches: 6, watch: false });
    expect(each.p).toBeUndefined();
    expect(each.adjusted).toBeUndefined();
    expect(each.ratio!.value).toBeCloseTo(1.3, 1);
  });

  test('a case that is given up stays in the family', () => {
    const one = simulateCase('a case', { ratio: 1.05, deviation: 0.02 }, 1, 20);
    const given = { ...simulateCase('another', {}, 2, 6), look: 'futile' as const };
    const [alone, beside] = [[one], [one, given]].map((cases) => judge({ cases }).cases[0]!.adjusted!);
    expect(beside!.low).toBeLessThan(alone!.low!);
  });

  test('goes on where more launches may decide', () => {
    expect(decisionOf({ ratio: 1.02, deviation: 0.015 })).toBe('last');
  });

  test('has nothing to go on to where one look was planned, and where launches are missing', () => {
    const { decide, ...rest } = simulateCase('a case', { ratio: 1.025, deviation: 0.02 }, 3, 12);
    expect(goesOn({ ...rest, decide }, { futility: 6, first: 12, last: 12 }, 1, OPTIONS)).toBe(false);
    expect(goesOn({ ...rest, decide: [] }, { futility: 6, first: 12, last: 24 }, 1, OPTIONS)).toBe(false);
    expect(goesOn({ ...rest, decide: decide.slice(0, 4) }, { futility: 6, first: 12, last: 24 }, 1, OPTIONS)).toBe(
      false,
    );
  });

  test('what it takes to be decided, judge decides', () => {
    const ratio = fc.double({ min: 0.9, max: 1.1, noNaN: true });
    const deviation = fc.double({ min: 0.002, max: 0.03, noNaN: true });
    fc.assert(
      fc.property(ratio, deviation, fc.nat(), (ratio, deviation, seed) => {
        const each = looked('a case', { ratio, deviation }, seed, 1);
        if (each.look !== 'first') return;
        const { verdict } = judge({ cases: [each] }).cases[0]!;
        const known = estimateOf([...each.screen, ...each.decide]);
        const chance = chanceToDecide(estimateOf(each.decide), known, 24, ERRORS, THRESHOLD);
        expect(verdict === 'inconclusive').toBe(chance < 0.1 && !hasVerdict(each));
      }),
      { numRuns: 60 },
    );
  });
});

/** By the figures that the verdict follows from. */
function hasVerdict(evidence: CaseEvidence): boolean {
  const { ratio, adjusted } = judge({ cases: [evidence] }).cases[0]!;
  const differs =
    (adjusted!.low! > 1 && adjusted!.value >= 1.02) || (adjusted!.high! < 1 && adjusted!.value <= 1 / 1.02);
  return differs || (ratio!.low! >= 1 / 1.02 && ratio!.high! <= 1.02);
}

function estimateOf(launches: readonly LaunchRecord[]): { mean: number; deviation: number; count: number } {
  const values = launches.map(({ blockLogRatios }) => blockLogRatios.toSorted((a, b) => a - b)[1]!);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  return { mean, deviation, count: values.length };
}

describe('chanceToDecide', () => {
  test('is that of going on, in simulation, when nothing else is known of the mean', () => {
    // Means that are as likely as any other: the seen one lies about them as they lie about it. 12 launches of 24 are made, 18 known.
    const random = randomNumbers(4);
    for (const [made, mean, deviation] of [
      [0.002, 0.005, 0.02],
      [0.02, 0.018, 0.015],
      [0.03, 0.03, 0.04],
    ] as const) {
      const trials = 4_000;
      let decided = 0;
      for (let trial = 0; trial < trials; trial++) {
        const chi = Array.from({ length: 17 }, () => normal(random) ** 2).reduce((sum, x) => sum + x, 0);
        const truth = deviation * Math.sqrt(17 / chi);
        const centre = mean + (truth / Math.sqrt(18)) * normal(random);
        const later = centre + (truth / Math.sqrt(12)) * normal(random);
        const all = Math.abs((made + later) / 2);
        const [different, same] = bounds(deviation, 24);
        if (all >= different || all <= same) decided++;
      }
      const known = { mean, deviation, count: 18 };
      const chance = chanceToDecide({ mean: made, count: 12 }, known, 24, ERRORS, THRESHOLD);
      expect(decided / trials).toBeGreaterThan(chance - 0.03);
      expect(decided / trials).toBeLessThan(chance + 0.03);
    }
  });

  test('is certain where launches do not differ', () => {
    const known = { mean: 0.03, deviation: 0, count: 18 };
    expect(chanceToDecide(known, known, 24, ERRORS, THRESHOLD)).toBe(1);
  });
});

/** The quantile of Student's t with 23 degrees of freedom for 0.005 is 3.104. */
function bounds(deviation: number, last: number): [different: number, same: number] {
  const half = (3.104 * deviation) / Math.sqrt(last);
  return [Math.max(half, THRESHOLD), THRESHOLD - half];
}

describe('looking twice', () => {
  test('keeps the error of the family, whatever the order of start does', () => {
    const families = 300;
    for (const noise of [normal, heavyTailed]) {
      let wrong = 0;
      for (let family = 0; family < families; family++) {
        const cases = Array.from({ length: 4 }, (_each, i) =>
          looked(`${i}`, { deviation: 0.03, orderBias: i * 0.01, noise }, family * 4 + i, 4, 16),
        );
        const { cases: verdicts } = judge({ cases }, { familyError: OPTIONS.familyError });
        if (verdicts.some(({ verdict }) => verdict === 'regressed' || verdict === 'improved')) wrong++;
      }
      // Two standard errors above 1 %.
      expect(wrong / families).toBeLessThan(0.01 + 2 * Math.sqrt((0.01 * 0.99) / families));
    }
  });

  test('finds what one look at the same launches finds, but for a few, with fewer of them', () => {
    const truth = { ratio: 1.05, deviation: 0.03 };
    let twice = 0;
    let once = 0;
    let launches = 0;
    const trials = 60;
    for (let seed = 0; seed < trials; seed++) {
      const early = looked('slower', truth, seed, 1);
      launches += early.decide.length / trials;
      if (judge({ cases: [early] }).exitCode === 1) twice++;
      if (judge({ cases: [simulateCase('slower', truth, seed, 24)] }).exitCode === 1) once++;
    }
    expect(twice).toBeGreaterThanOrEqual(once - 0.05 * trials);
    expect(launches).toBeLessThan(16);
  });

  test('is stricter at either look than one look would be', () => {
    const evidence = simulateCase('a case', { ratio: 1.03, deviation: 0.02 }, 5, 24);
    const [one, two] = [evidence, { ...evidence, look: 'last' as const }].map(
      (each) => judge({ cases: [each] }).cases[0]!,
    );
    expect(two!.p! * LOOK_SHARE).toBeCloseTo(one!.p!, 12);
    expect(two!.adjusted!.low).toBeLessThan(one!.adjusted!.low!);
    expect(two!.ratio!.high).toBeGreaterThan(one!.ratio!.high!);
  });
});
