import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomNumbers } from '../random.ts';
import type { CaseEvidence, CaseVerdict, RunEvidence, VerdictOptions } from './evidence.ts';
import { judge, undecided } from './judge.ts';
import { looksFor } from './looks.ts';
import { DEFAULTS } from './options.ts';
import { simulateCase, simulateLaunches, type Truth } from './simulated.ts';

const verdictOf = (evidence: CaseEvidence, options?: VerdictOptions): CaseVerdict =>
  judge({ cases: [evidence] }, options).cases[0]!;
const decided = (truth: Truth, launches = 24): CaseEvidence => simulateCase('a case', truth, 7, launches);

describe('the verdict on a case', () => {
  test.each<[CaseVerdict['verdict'], Truth]>([
    ['regressed', { ratio: 1.05 }],
    ['improved', { ratio: 0.95 }],
    ['same', { ratio: 1.001, deviation: 0.005 }],
    ['inconclusive', { ratio: 1.005, deviation: 0.05 }],
  ])('is %s for %o', (verdict, truth) => {
    expect(verdictOf(decided(truth)).verdict).toBe(verdict);
  });

  test('is same where a change is certain and smaller than the threshold, and watches it', () => {
    const each = verdictOf(decided({ ratio: 1.008, deviation: 0.002 }));
    expect(each.verdict).toBe('same');
    expect(each.adjusted!.low).toBeGreaterThan(1);
    expect(each.watch).toBe(true);
  });

  test('is inconclusive where a change is certain and not clear of the threshold', () => {
    const each = verdictOf(decided({ ratio: 1.017, deviation: 0.004 }));
    expect(each.ratio!.value).toBeLessThan(1.02);
    expect(each.verdict).toBe('inconclusive');
  });

  test('goes by the threshold of the case', () => {
    const evidence = decided({ ratio: 1.05 });
    expect(verdictOf({ ...evidence, threshold: 0.1 }).verdict).toBe('same');
    expect(verdictOf({ ...evidence, threshold: 0.04 }).verdict).toBe('regressed');
    expect(verdictOf(evidence, { threshold: 0.1 }).verdict).toBe('same');
  });

  test('mirrors when the sides are exchanged', () => {
    const mirror = {
      regressed: 'improved',
      improved: 'regressed',
      same: 'same',
      inconclusive: 'inconclusive',
    } as const;
    const ratio = fc.double({ min: 0.9, max: 1.1, noNaN: true });
    const deviation = fc.double({ min: 0.001, max: 0.06, noNaN: true });
    fc.assert(
      fc.property(ratio, deviation, fc.nat(), (ratio, deviation, seed) => {
        const evidence = simulateCase('mirror', { ratio, deviation }, seed);
        const exchanged = {
          ...evidence,
          decide: evidence.decide.map((each) => ({ ...each, blockLogRatios: each.blockLogRatios.map((x) => -x) })),
        };
        const there = verdictOf(evidence);
        const back = verdictOf(exchanged);
        expect(back.verdict).toBe(mirror[there.verdict as keyof typeof mirror]);
        expect(back.ratio!.low! * there.ratio!.high!).toBeCloseTo(1, 9);
      }),
      { numRuns: 40 },
    );
  });

  test('follows the rules of the table from the figures that it shows', () => {
    const ratio = fc.double({ min: 0.93, max: 1.07, noNaN: true });
    const deviation = fc.double({ min: 0.001, max: 0.05, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(ratio, deviation, fc.nat()), { minLength: 1, maxLength: 5 }), (truths) => {
        const run = {
          cases: truths.map(([ratio, deviation, seed], i) => simulateCase(`${i}`, { ratio, deviation }, seed)),
        };
        for (const each of judge(run).cases) {
          const { ratio: shown, adjusted } = each;
          const high = 1.02;
          const wide = { low: adjusted!.low ?? 0, high: adjusted!.high ?? Number.POSITIVE_INFINITY };
          const expected =
            wide.low > 1 && adjusted!.value >= high
              ? 'regressed'
              : wide.high < 1 && adjusted!.value <= 1 / high
                ? 'improved'
                : shown!.low! >= 1 / high && shown!.high! <= high
                  ? 'same'
                  : 'inconclusive';
          expect(each.verdict).toBe(expected);
          expect(each.moreLaunches !== undefined).toBe(expected === 'inconclusive');
        }
      }),
      { numRuns: 30 },
    );
  });

  test('needs no figures where there are none to be had', () => {
    const nothing = { package: 'p', case: 'c', screen: [], decide: [] };
    expect(verdictOf({ ...nothing, identical: true }).verdict).toBe('identical');
    expect(verdictOf({ ...nothing, onlyIn: 'head' }).verdict).toBe('new');
    expect(verdictOf({ ...nothing, onlyIn: 'base' }).verdict).toBe('removed');
    expect(verdictOf({ ...nothing, invalid: ['wrong answer of head'] })).toMatchObject({
      verdict: 'invalid',
      reasons: ['wrong answer of head'],
    });
  });

  test('is invalid, naming the launch, where a block has no ratio', () => {
    const { decide, ...rest } = decided({});
    const broken = decide.with(4, { swapped: false, blockLogRatios: [0, Number.NaN] });
    const { verdict, reasons } = verdictOf({ ...rest, decide: broken });
    expect(verdict).toBe('invalid');
    expect(reasons[0]).toContain('launch 5');
  });

  test.each([1, 2, 3])(
    'is inconclusive after %i launches of the second stage, however far apart the sides are',
    (count) => {
      const each = verdictOf(decided({ ratio: 2 }, count));
      expect(each.verdict).toBe('inconclusive');
      expect(each.launches).toBe(count - (count % 2));
      expect(each.moreLaunches).toBeGreaterThan(0);
    },
  );

  test('says what disagrees with the instructions', () => {
    const evidence = { ...decided({ ratio: 1.05 }), instructions: { ratio: 1 } };
    expect(verdictOf(evidence).disagreement).toContain('instructions unchanged');
    expect(verdictOf({ ...evidence, instructions: { ratio: 1.05 } }).disagreement).toBeUndefined();
  });

  test('asks for so many more launches that most such cases are then decided', () => {
    const truth = { ratio: 1, deviation: 0.03 };
    const first = verdictOf(decided(truth));
    expect(first.verdict).toBe('inconclusive');
    const launches = 24 + first.moreLaunches!;
    const trials = 60;
    let same = 0;
    for (let seed = 0; seed < trials; seed++) {
      if (verdictOf(simulateCase('again', truth, seed, 2 * launches)).verdict === 'same') same++;
    }
    expect(same / trials).toBeGreaterThan(0.9);
  });
});

describe('the two stages', () => {
  const screened = (truth: Truth): CaseEvidence => ({ ...decided(truth), decide: [] });

  test('the first clears what is clearly the same, and nothing else', () => {
    const cases = [
      screened({ deviation: 0.003 }),
      screened({ deviation: 0.04 }),
      screened({ ratio: 1.5, deviation: 0.003 }),
      { ...screened({ ratio: 1.5 }), identical: true },
      { ...screened({ ratio: 1.5 }), invalid: ['wrong answer of head'] },
      { package: 'p', case: 'unmeasured', screen: [], decide: [] },
    ];
    expect(undecided(cases)).toEqual([cases[1], cases[2], cases[5]]);
  });

  test('the first never calls a case regressed: it is inconclusive until fresh launches decide', () => {
    const each = verdictOf(screened({ ratio: 1.5, deviation: 0.003 }));
    expect(each.verdict).toBe('inconclusive');
    expect(each.moreLaunches).toBe(DEFAULTS.launches);
    expect(each.adjusted).toBeUndefined();
  });

  test('a case is cleared when, and only when, its verdict without a second stage is same', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.03, noNaN: true }), fc.nat(), (deviation, seed) => {
        const evidence = { ...simulateCase('screened', { deviation }, seed), decide: [] };
        expect(undecided([evidence]).length === 0).toBe(verdictOf(evidence).verdict === 'same');
      }),
    );
  });

  test('nothing of the first enters the second', () => {
    const { screen: _screen, ...rest } = decided({ ratio: 1.03 });
    const extremes = [
      [],
      simulateLaunches(8, { ratio: 9 }, randomNumbers(1)),
      simulateLaunches(8, { ratio: 0.1 }, randomNumbers(2)),
    ];
    const verdicts = extremes.map((screen) => verdictOf({ ...rest, screen }));
    expect(verdicts[1]).toEqual(verdicts[0]);
    expect(verdicts[2]).toEqual(verdicts[0]);
  });

  test('the family is what the second stage measured: cases that the first cleared cost no power', () => {
    const one = decided({ ratio: 1.03, deviation: 0.012 });
    const cleared = Array.from({ length: 40 }, (_each, i) => ({
      ...simulateCase(`cleared ${i}`, { deviation: 0.002 }, i),
      decide: [],
    }));
    expect(judge({ cases: [...cleared, one] }).cases.at(-1)!.adjusted).toEqual(verdictOf(one).adjusted);
  });

  test('a larger family widens the interval that fails a build', () => {
    const one = decided({ ratio: 1.03, deviation: 0.012 }, 28);
    const others = Array.from({ length: 20 }, (_each, i) => simulateCase(`other ${i}`, {}, i, 28));
    const adjusted = judge({ cases: [one, ...others] }).cases[0]!.adjusted!;
    expect(adjusted.low).toBeLessThan(verdictOf(one).adjusted!.low!);
  });

  test('a clear regression stays one in a family of a hundred', () => {
    const { last: launches } = looksFor(100, DEFAULTS.launches, DEFAULTS.familyError);
    const cases = Array.from({ length: 100 }, (_each, i) =>
      simulateCase(`${i}`, { ratio: i === 50 ? 1.06 : 1 }, i, launches),
    );
    const found = judge({ cases }).cases.filter((each) => each.verdict === 'regressed');
    expect(found.map((each) => each.case)).toEqual(['50']);
  });
});

describe('the verdict on a run', () => {
  const same = decided({ deviation: 0.003 });
  const regressed = simulateCase('slower', { ratio: 1.1 }, 3);
  const unclear = simulateCase('unclear', { ratio: 1.01, deviation: 0.06 }, 4);
  const broken: CaseEvidence = {
    package: 'p',
    case: 'broken',
    screen: [],
    decide: [],
    invalid: ['wrong answer of head'],
  };
  const canary = simulateCase('canary', { deviation: 0.004 }, 5);

  test.each<[string, RunEvidence, VerdictOptions, number]>([
    ['fine', { cases: [same], canary }, {}, 0],
    ['fine', { cases: [] }, {}, 0],
    ['regressed', { cases: [same, regressed, unclear, broken], canary }, { strict: true }, 1],
    ['invalid', { cases: [same, unclear, broken] }, {}, 3],
    ['regressed', { cases: [{ ...same, instructions: { ratio: 1.006 } }, broken], canary }, {}, 1],
    ['fine', { cases: [{ ...same, instructions: { ratio: 1.004 } }], canary }, {}, 0],
    ['invalid', { cases: [{ ...same, instructions: { ratio: 1.006 } }], invalid: ['busy'] }, {}, 3],
    ['inconclusive', { cases: [same, unclear] }, {}, 0],
    ['inconclusive', { cases: [same, unclear] }, { strict: true }, 4],
    ['invalid', { cases: [regressed], invalid: ['7 % of the time went to other guests'] }, {}, 3],
  ])('is %s with exit code', (verdict, run, options, exitCode) => {
    expect(judge(run, options)).toMatchObject({ verdict, exitCode });
  });

  test('concludes nothing where the canary alarms, and keeps the figures', () => {
    const alarmed = simulateCase('canary', { ratio: 1.05, deviation: 0.004 }, 5);
    const { cases, invalid, exitCode } = judge({ cases: [same, regressed], canary: alarmed });
    expect(exitCode).toBe(3);
    expect(invalid[0]).toContain('compares head with itself');
    for (const each of cases) expect(each).toMatchObject({ verdict: 'invalid', ratio: expect.anything() as object });
  });

  test('concludes nothing where the canary is too noisy to alarm', () => {
    const noisy = simulateCase('canary', { deviation: 0.1 }, 5);
    expect(judge({ cases: [regressed], canary: noisy }).invalid[0]).toContain('too noisy');
  });

  test('concludes nothing where the canary could not be measured', () => {
    const unmeasured = { ...canary, screen: [], decide: [] };
    expect(judge({ cases: [regressed], canary: unmeasured }).verdict).toBe('invalid');
  });

  test('an identical, a new and a removed case stay so in an invalid run', () => {
    const nothing = { package: 'p', screen: [], decide: [] };
    const { cases } = judge({
      cases: [
        { ...nothing, case: 'a', identical: true },
        { ...nothing, case: 'b', onlyIn: 'head' },
        { ...nothing, case: 'c', onlyIn: 'base' },
      ],
      invalid: ['a busy machine'],
    });
    expect(cases.map((each) => each.verdict)).toEqual(['identical', 'new', 'removed']);
  });

  test('is the same when it is judged again, and whatever the order of the cases', () => {
    const cases = [same, regressed, unclear, broken];
    const forth = judge({ cases, canary });
    expect(judge({ cases, canary })).toEqual(forth);
    expect(judge({ cases: cases.toReversed(), canary }).cases.toReversed()).toEqual(forth.cases);
  });

  test('survives JSON', () => {
    const verdict = judge({ cases: [same, regressed, unclear, broken, decided({ ratio: 2 }, 2)], canary });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  test('is wrong about equal cases in at most the stated share of families', () => {
    const families = 150;
    const familyError = 0.05;
    let wrong = 0;
    for (let family = 0; family < families; family++) {
      const cases = Array.from({ length: 5 }, (_each, i) => simulateCase(`${i}`, { deviation: 0.06 }, family * 5 + i));
      const { cases: verdicts } = judge({ cases }, { familyError });
      if (verdicts.some(({ verdict }) => verdict === 'regressed' || verdict === 'improved')) wrong++;
    }
    expect(wrong / families).toBeLessThan(familyError + 2 * Math.sqrt((familyError * (1 - familyError)) / families));
  });
});

test('options that make no sense are named', () => {
  for (const options of [{ familyError: 0 }, { confidence: 1 }, { threshold: -1 }, { launches: 3 }, { seed: 0.5 }]) {
    expect(() => judge({ cases: [] }, options)).toThrow(Object.keys(options)[0]!);
    expect(() => undecided([], options)).toThrow(RangeError);
  }
});

test('the canary is judged by the launches of both stages', () => {
  const { screen, decide, ...rest } = simulateCase('canary', { deviation: 0.004 }, 5);
  expect(judge({ cases: [], canary: { ...rest, screen, decide } }).canary).toMatchObject({
    launches: 32,
    verdict: 'same',
  });
  const shifted = decide.map((each) => ({ ...each, blockLogRatios: each.blockLogRatios.map((x) => x + 0.05) }));
  expect(judge({ cases: [], canary: { ...rest, screen, decide: shifted } }).exitCode).toBe(3);
});
