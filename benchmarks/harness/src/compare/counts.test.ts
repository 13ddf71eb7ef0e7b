import { join } from 'node:path';

import { expect, test } from 'vitest';

import { notMeasured, type InstructionCount, type NotMeasured } from '../metrics/counts.ts';
import type { ComparedEvidence } from './compare.ts';
import { countingHere, withCounts, type CountsOptions } from './counts.ts';
import type { ComparedCase, LockStepLaunch, SideLaunch } from './lock-step.ts';
import { demoPackage, repository, WORK, write } from './repository.fixture.ts';
import { workspaceResolution } from './session.ts';
import { caseChanges } from './side-counts.ts';

const side = (allocatedBytes: number, maxRssBytes = 1e8): SideLaunch => ({
  version: '1.0.0',
  blockNs: [4e6],
  cpuNs: 1_000,
  usage: { maxRssBytes, allocatedBytes, gcCount: 0, gcMs: 0 },
});

const launch = (base: SideLaunch, head: SideLaunch, async = false): LockStepLaunch => ({
  swapped: false,
  iterations: 4_000,
  async,
  base,
  head,
  blockLogRatios: [0],
});

const evidenceOf = (
  name: string,
  launches: readonly LockStepLaunch[],
  more: Partial<ComparedEvidence> = {},
): ComparedEvidence => ({
  package: 'demo',
  case: name,
  file: 'benchmarks/demo/a.bench.ts',
  screen: launches,
  decide: [],
  ...more,
});

const comparedOf = (root: string, name = 'work', base = root): ComparedCase => ({
  package: 'demo',
  name,
  file: 'benchmarks/demo/a.bench.ts',
  path: join(root, 'benchmarks/demo/a.bench.ts'),
  index: 0,
  sides: {
    base: workspaceResolution(root, base, 'demo', ['demo']),
    head: workspaceResolution(root, root, 'demo', ['demo']),
  },
});

const CONDITIONS = { node: '26.0.0', platform: 'linux', arch: 'x64', valgrind: '3.19.0' };

function counting(perRun: { base: number; head: number }, more: Partial<CountsOptions> = {}) {
  const asked: (readonly [string, string, number | undefined])[] = [];
  const options: CountsOptions = {
    asked: true,
    conditions: CONDITIONS,
    countSide: async (compared, which, runs): Promise<InstructionCount | NotMeasured> => {
      asked.push([compared.name, which, runs]);
      return { value: perRun[which], runs: runs ?? 64, nonlinearity: 0 };
    },
    sizes: async () => [],
    ...more,
  };
  return { options, asked };
}

const CALM = [launch(side(100), side(100)), launch(side(101), side(101))];

test('counts both sides, and gives verdicts their ratio', async () => {
  const { options, asked } = counting({ base: 1_000, head: 1_010 });
  const { evidence, metrics } = await withCounts([evidenceOf('work', CALM)], [comparedOf('/r')], options);
  expect(asked).toEqual([
    ['work', 'base', undefined],
    ['work', 'head', undefined],
  ]);
  expect(evidence[0]!.instructions).toEqual({ ratio: 1.01 });
  expect(metrics.find(({ metric }) => metric === 'instructions')).toMatchObject({
    package: 'demo',
    name: 'work',
    fails: true,
    words: '1,000 → 1,010 instructions per run (+1.0 %)',
  });
});

test('counts a case whose time cannot be trusted', async () => {
  const { options } = counting({ base: 1_000, head: 1_010 });
  const disturbed = evidenceOf('work', CALM, { invalid: ['another process had its CPU'] });
  expect((await withCounts([disturbed], [comparedOf('/r')], options)).evidence[0]!.instructions).toEqual({
    ratio: 1.01,
  });
});

test.each([
  [64, 128],
  [128, 64],
])('counts the side with fewer runs again, so that %d and %d become the same number', async (inBase, inHead) => {
  const { options } = counting(
    { base: 1, head: 1 },
    {
      countSide: async (_compared, which, runs = which === 'base' ? inBase : inHead) => ({
        value: 1_000 + runs,
        runs,
        nonlinearity: 0,
      }),
    },
  );
  const { evidence, metrics } = await withCounts([evidenceOf('work', CALM)], [comparedOf('/r')], options);
  expect(evidence[0]!.instructions).toEqual({ ratio: 1 });
  expect(metrics[0]).toMatchObject({ metric: 'instructions', base: 1_128, head: 1_128, verdict: 'same' });
});

test.each([
  ['asynchronous', evidenceOf('work', [launch(side(1), side(1), true)]), {}],
  ['valgrind is not installed', evidenceOf('work', CALM), { conditions: { ...CONDITIONS, valgrind: undefined } }],
] as const)('says that instructions are not measured: %s', async (why, given, more) => {
  const { options, asked } = counting({ base: 1, head: 1 }, more as Partial<CountsOptions>);
  const { evidence, metrics } = await withCounts([given], [comparedOf('/r')], options);
  expect(asked).toEqual([]);
  expect(evidence[0]).not.toHaveProperty('instructions');
  expect(metrics[0]).toMatchObject({ metric: 'instructions', verdict: 'not compared', fails: false });
  expect(metrics[0]!.words).toBe(`instructions not compared: ${why}`);
  expect(metrics[0]).not.toHaveProperty('head');
});

test('gives no ratio where one side was not measured', async () => {
  const { options } = counting(
    { base: 1, head: 1 },
    {
      countSide: async (_compared, which, runs) =>
        which === 'head' ? notMeasured('not linear') : { value: 9, runs: runs ?? 1, nonlinearity: 0 },
    },
  );
  const { evidence, metrics } = await withCounts([evidenceOf('work', CALM)], [comparedOf('/r')], options);
  expect(evidence[0]).not.toHaveProperty('instructions');
  expect(metrics[0]!.words).toBe('instructions not compared: not linear');
});

test('counts nothing unless asked, and nothing of cases that were not launched', async () => {
  const quiet = counting({ base: 1, head: 2 }, { asked: false });
  const told = await withCounts([evidenceOf('work', CALM)], [comparedOf('/r')], quiet.options);
  expect(quiet.asked).toEqual([]);
  expect(told.metrics.map(({ metric }) => metric)).toEqual(['allocatedBytes', 'gcCount', 'gcMs', 'maxRssBytes']);
  const { options, asked } = counting({ base: 1, head: 2 });
  expect(await withCounts([evidenceOf('gone', []), evidenceOf('work', [])], [comparedOf('/r')], options)).toMatchObject(
    {
      metrics: [],
    },
  );
  expect(asked).toEqual([]);
});

test('packs both sides of a package once', async () => {
  const roots = [repository(), repository()] as const;
  for (const root of roots) write(root, { 'scripts/pack/sizes.json': '{}' });
  const packed: string[] = [];
  const { options } = counting(
    { base: 1, head: 1 },
    {
      sizes: async (root) => {
        packed.push(join(root));
        return [{ name: '@perf/demo', bytes: { value: root.startsWith(roots[1]) ? 1_000 : 1_100 } }];
      },
    },
  );
  const cases = ['a', 'b'].map((name) => comparedOf(roots[0], name, roots[1]));
  const { metrics } = await withCounts([evidenceOf('a', CALM), evidenceOf('b', CALM)], cases, options);
  expect(packed).toEqual([join(roots[1], '/'), join(roots[0], '/')]);
  expect(metrics.filter(({ metric }) => metric === 'packedBytes')).toMatchObject([
    { name: '@perf/demo', verdict: 'worse', fails: false, words: '1,000 → 1,100 packed bytes (+10.0 %)' },
  ]);
});

test('calls a metric changed only where the launches of the two sides do not overlap', () => {
  const verdictOf = (...launches: readonly LockStepLaunch[]) =>
    caseChanges(evidenceOf('work', launches), undefined, CONDITIONS).find(({ metric }) => metric === 'maxRssBytes')!
      .verdict;
  expect(verdictOf(launch(side(1, 1e8), side(1, 1.5e8)), launch(side(1, 1.1e8), side(1, 1.4e8)))).toBe('worse');
  expect(verdictOf(launch(side(1, 1e8), side(1, 1.5e8)), launch(side(1, 1.6e8), side(1, 1.4e8)))).toBe('same');
});

const here = countingHere({ root: '/', counts: true });
const valgrind = here.conditions.valgrind !== undefined;

test.skipIf(!valgrind)(
  `counts each side's own package by callgrind${valgrind ? '' : ' (skipped: no valgrind)'}`,
  { timeout: 480_000 },
  async () => {
    const root = repository();
    const base = repository();
    write(root, demoPackage(WORK * 1.02));
    const { evidence, metrics } = await withCounts([evidenceOf('work', CALM)], [comparedOf(root, 'work', base)], {
      ...here,
      countSide: (compared, which) => countingHere({ root, counts: true }).countSide(compared, which, 256),
    });
    const { ratio } = evidence[0]!.instructions!;
    expect(ratio).toBeGreaterThan(1.01);
    expect(ratio).toBeLessThan(1.03);
    expect(metrics[0]).toMatchObject({ metric: 'instructions', fails: true });
  },
);
