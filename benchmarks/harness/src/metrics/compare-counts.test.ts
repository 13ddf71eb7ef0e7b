import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { compareCounts, conditionsDiffer, type CountChange } from './compare-counts.ts';
import type { CaseCounts, PackageCounts } from './counts.ts';
import { markdownCounts, textCounts } from './show-counts.ts';
import { spreadPpm } from './spread.ts';

const aCase: CaseCounts = {
  file: 'benchmarks/demo/a.bench.ts',
  name: 'a case',
  async: false,
  instructions: { value: 1_000_000, runs: 64, nonlinearity: 0 },
  allocatedBytes: { value: 128 },
  gcCount: { value: 0 },
  gcMs: { value: 0 },
  maxRssBytes: { value: 50e6 },
  loopDelayMs: { notMeasured: 'synchronous' },
};

const counts = (changes: Partial<CaseCounts> = {}, more: Partial<PackageCounts> = {}): PackageCounts => ({
  schema: 1,
  package: 'demo',
  conditions: { node: '26.10.0', platform: 'linux', arch: 'x64', valgrind: '3.19.0' },
  cases: [{ ...aCase, ...changes }],
  failures: [],
  packed: [{ name: '@perf/demo', bytes: { value: 1_000 } }],
  ...more,
});

const instructions = (value: number): Partial<CaseCounts> => ({ instructions: { value, runs: 64, nonlinearity: 0 } });

function changeOf(metric: CountChange['metric'], base: PackageCounts, head: PackageCounts): CountChange {
  return compareCounts(base, head).find((each) => each.metric === metric)!;
}

describe('comparing', () => {
  test('finds a package the same as itself, with every metric told', () => {
    const changes = compareCounts(counts(), counts());
    expect(changes.map(({ metric }) => metric)).toHaveLength(7);
    expect(changes.some(({ fails }) => fails)).toBe(false);
    expect(new Set(changes.map(({ verdict }) => verdict))).toEqual(new Set(['same', 'not compared']));
  });

  test.each([
    [1_004_999, 'same', false],
    [1_005_001, 'worse', true],
    [995_001, 'same', false],
    [994_999, 'better', false],
  ])('fails instructions that grow by more than half a per cent: 1,000,000 to %d is %s', (head, verdict, fails) => {
    expect(changeOf('instructions', counts(), counts(instructions(head)))).toMatchObject({ verdict, fails });
  });

  test('only instructions fail, whatever grows', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (base, head) => {
        const side = (value: number): PackageCounts =>
          counts(
            { allocatedBytes: { value }, gcCount: { value }, gcMs: { value }, maxRssBytes: { value } },
            { packed: [{ name: '@perf/demo', bytes: { value } }] },
          );
        expect(compareCounts(side(base), side(head)).some(({ fails }) => fails)).toBe(false);
      }),
    );
  });

  test('swapping the sides swaps worse and better but for the edge of the bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        fc.pre(Math.abs(Math.log(a / b)) > 0.006);
        const there = changeOf('instructions', counts(instructions(a)), counts(instructions(b))).verdict;
        const back = changeOf('instructions', counts(instructions(b)), counts(instructions(a))).verdict;
        expect([there, back].sort()).toEqual(['better', 'worse']);
      }),
    );
  });

  test('says in words how bytes changed', () => {
    const head = counts(
      { allocatedBytes: { value: 256 } },
      { packed: [{ name: '@perf/demo', bytes: { value: 2_000 } }] },
    );
    expect(changeOf('allocatedBytes', counts(), head).words).toBe('128 → 256 allocated bytes per run (+100.0 %)');
    expect(changeOf('packedBytes', counts(), head).words).toBe('1,000 → 2,000 packed bytes (+100.0 %)');
  });

  test('has no share of nothing', () => {
    const change = changeOf('gcCount', counts(), counts({ gcCount: { value: 2 } }));
    expect(change).toMatchObject({ verdict: 'worse', words: '0 → 2 collections per 1,000 runs' });
    expect(change.change).toBeUndefined();
  });

  test('asks ten times the change of an approximate figure', () => {
    const approximately = (value: number): PackageCounts => counts({ allocatedBytes: { value, approximate: true } });
    expect(changeOf('allocatedBytes', approximately(100), approximately(109)).verdict).toBe('same');
    expect(changeOf('allocatedBytes', approximately(100), approximately(111))).toMatchObject({
      verdict: 'worse',
      words: expect.stringContaining('approximate'),
    });
  });

  test('never takes what was not measured for 0', () => {
    const none = counts({ instructions: { notMeasured: 'valgrind is not installed' } });
    expect(changeOf('instructions', counts(), none)).toMatchObject({ verdict: 'not compared', base: 1_000_000 });
    expect(changeOf('instructions', counts(), none).head).toBeUndefined();
    expect(changeOf('instructions', none, counts()).words).toContain('base valgrind is not installed');
  });

  test('compares under other conditions only the packed size', () => {
    const other = counts(instructions(9e9), {
      conditions: { ...counts().conditions, node: '27.0.0' },
      packed: [{ name: '@perf/demo', bytes: { value: 2_000 } }],
    });
    const changes = compareCounts(counts(), other);
    expect(changes.filter(({ verdict }) => verdict !== 'not compared').map(({ metric }) => metric)).toEqual([
      'packedBytes',
    ]);
    expect(changes[0]!.words).toBe('instructions not compared: node 26.10.0 against 27.0.0');
  });

  test('does not compare instructions of different numbers of runs', () => {
    const other = counts({ instructions: { value: 1_000_000, runs: 128, nonlinearity: 0 } });
    expect(changeOf('instructions', counts(), other)).toMatchObject({
      verdict: 'not compared',
      words: expect.stringContaining('64 runs against 128'),
    });
  });

  test('leaves cases out that are on one side', () => {
    expect(compareCounts(counts(), counts({ name: 'another' })).map(({ metric }) => metric)).toEqual(['packedBytes']);
  });

  test('tells conditions apart', () => {
    const { conditions } = counts();
    expect(conditionsDiffer(conditions, { ...conditions })).toBeUndefined();
    expect(conditionsDiffer(conditions, { ...conditions, nativeCpu: 'avx2' })).toBe('nativeCpu none against avx2');
  });
});

describe('showing', () => {
  test('says why a figure is missing instead of 0', () => {
    const text = textCounts(counts({ instructions: { notMeasured: 'valgrind is not installed' } })).join('\n');
    expect(text).toContain('(1) not measured: valgrind is not installed');
    expect(text).toMatch(/a case +- \(1\) +128/);
    expect(text).toContain('@perf/demo: 1,000 bytes packed');
  });

  test('prints the same figures as a Markdown table', () => {
    const lines = markdownCounts(counts({ name: 'a | b' }, { failures: ['x: broken'] }));
    expect(lines).toContain('| a \\| b | 1,000,000 | 128 | 0 | 0 | 50.0 | - (1) |');
    expect(lines).toContain('- FAILED x: broken');
  });
});

test('the spread is that of the extremes', () => {
  expect(spreadPpm([1_000_000, 1_000_050, 1_000_020])).toBeCloseTo(50, 9);
  expect(spreadPpm([7])).toBe(0);
});
