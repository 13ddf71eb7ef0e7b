import { expect, test, vi } from 'vitest';

import { median } from '../statistics.ts';
import type { CaseVerdict, RunVerdict, Verdict } from '../verdict/evidence.ts';
import { trialBase } from './base.ts';
import type { Comparison } from './compare.ts';
import type { LockStepLaunch } from './lock-step.ts';
import { repository } from './repository.fixture.ts';
import { outcomeOf, runTrials, trialLine, trialSummary, type Trial, type Trials } from './trial.ts';

vi.setConfig({ testTimeout: 240_000 });

const verdictOf = (name: string, verdict: Verdict, ratio = 1): CaseVerdict => ({
  package: 'demo',
  case: name,
  verdict,
  stage: 'decide',
  launches: 24,
  threshold: 0.02,
  ratio: { value: ratio, low: ratio - 0.01, high: ratio + 0.01 },
  detectable: 0.03,
  watch: false,
  reasons: [],
});

function judged(cases: readonly CaseVerdict[], invalid: readonly string[] = []): Pick<Comparison, 'verdict'> {
  return { verdict: { invalid, cases, verdict: 'fine', exitCode: 0 } satisfies RunVerdict };
}

test.each([
  [1, ['same', 'inconclusive'], 'right'],
  [1, ['same', 'regressed'], 'false alarm'],
  [1, ['improved'], 'false alarm'],
  [1, ['same', 'invalid'], 'invalid'],
  // Less than what matters.
  [1.01, ['inconclusive'], 'right'],
  [1.01, ['regressed'], 'false alarm'],
  [1.05, ['regressed', 'regressed'], 'right'],
  [1.05, ['regressed', 'inconclusive'], 'missed'],
  [1.05, ['regressed', 'same'], 'missed'],
  [1.05, ['improved', 'inconclusive'], 'false alarm'],
  [1.05, ['regressed', 'invalid'], 'invalid'],
  [0.95, ['improved'], 'right'],
  [0.95, ['same'], 'missed'],
] as const)('a trial of %d with %j is %s', (ratio, verdicts, outcome) => {
  expect(outcomeOf(judged(verdicts.map((verdict, i) => verdictOf(String(i), verdict))), ratio)).toBe(outcome);
});

test('a trial on a machine that cannot be trusted is invalid, whatever its cases say', () => {
  expect(outcomeOf(judged([verdictOf('a', 'regressed')], ['too noisy']), 1)).toBe('invalid');
});

const trial = (seed: number, outcome: Trial['outcome'], cases: readonly CaseVerdict[]): Trial => ({
  seed,
  outcome,
  comparison: { ...judged(cases), seconds: 41.2 } as Comparison,
});

test('names in a line what went wrong', () => {
  const cases = [verdictOf('a', 'regressed', 1.049), verdictOf('b', 'inconclusive', 1.0312)];
  expect(trialLine(trial(7, 'missed', cases), 1.05)).toBe('seed 7: missed, 41 s: demo: b inconclusive 1.031×');
  expect(trialLine(trial(8, 'right', cases.slice(0, 1)), 1.05)).toBe('seed 8: right, 41 s');
});

test('sums trials up, in all and by case', () => {
  const trials: Trials = {
    schema: 1,
    ratio: 1.05,
    trials: [
      trial(1, 'right', [verdictOf('a', 'regressed', 1.05), verdictOf('b', 'regressed', 1.06)]),
      trial(2, 'missed', [verdictOf('a', 'regressed', 1.048), verdictOf('b', 'inconclusive', 1.03)]),
    ],
    exitCode: 1,
  };
  const [first, , ...table] = trialSummary(trials, 100);
  expect(first).toBe(
    'Trial of head against itself, charged for 1 of 1.05 iterations: 1 of 2 found the change in every case; missed 1.',
  );
  expect(table.slice(-2).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['demo: a', 'regressed 2', '1.048–1.050×', '3.0 %'],
    ['demo: b', 'regressed 1, inconclusive 1', '1.030–1.060×', '3.0 %'],
  ]);
});

/** By CPU time: on a busy machine the time of head says nothing. */
const cpuRatio = (launches: readonly LockStepLaunch[]): number =>
  median(launches.map(({ base, head }) => head.cpuNs / base.cpuNs));

test('runs whole comparisons of head with itself, which finds its slowdown and spares the canary', async () => {
  const root = repository();
  const settings = {
    screenLaunches: 2,
    launches: 4,
    canaryLaunches: 4,
    blockMs: 4,
    pairs: 6,
    mostPairs: 6,
    precision: 1,
    leastPairs: 6,
    budgetMs: 100,
    warmupMs: 30,
    limitMs: 60_000,
    headIterations: 3,
    seed: 5,
    busy: { waited: 1, steal: 1 },
  };
  const seen: number[] = [];
  const trials = await runTrials(
    { root, packages: ['demo'], filters: ['WORK', 'nothing'], settings },
    trialBase(root, 3),
    { ratio: 3, repeat: 2 },
    { onTrial: ({ seed }) => seen.push(seed) },
  );
  expect(seen).toEqual([5, 6]);
  for (const { comparison, outcome } of trials.trials) {
    expect(['right', 'missed', 'invalid']).toContain(outcome);
    expect(comparison.base).toBe('itself (a trial: head runs 3 times the iterations that it is charged for)');
    const [evidence] = comparison.evidence;
    expect(comparison.evidence).toHaveLength(1);
    // Only the first stage observes what a process uses beside time.
    expect(evidence!.screen.every(({ head }) => head.usage !== undefined)).toBe(true);
    expect(evidence!.decide.every(({ head }) => head.usage === undefined)).toBe(true);
  }
  const launches = (of: 'canary' | 'case'): LockStepLaunch[] =>
    trials.trials.flatMap(({ comparison: { canary, evidence } }) => {
      const { screen, decide } = of === 'canary' ? canary! : evidence[0]!;
      return [...screen, ...decide];
    });
  expect(cpuRatio(launches('case'))).toBeGreaterThan(1.5);
  expect(cpuRatio(launches('canary'))).toBeLessThan(1.5);
  expect(JSON.parse(JSON.stringify(trials))).toEqual(trials);
});
