import { expect, test, vi } from 'vitest';

import { fuzzFile, fuzzFiles, type FuzzOptions } from './fuzz-run.ts';
import { temporaryRoot } from './temporary-root.ts';

// Each test starts several processes, which takes its time on a machine that does other work.
vi.setConfig({ testTimeout: 90_000 });

const FILE = 'packages/demo/src/deep/a.fuzz.ts';

const target = (body: string): string =>
  `export const fuzz = { name: 'demo target', run(seed: number, iterations: number): void { ${body} } };`;

function options(source: string, more: Partial<FuzzOptions> = {}): FuzzOptions {
  return { root: temporaryRoot({ [FILE]: source }), budgetMs: 50, ...more };
}

test('finds the targets of all packages, filtered by path', () => {
  const root = temporaryRoot({
    [FILE]: '',
    'packages/demo/src/a.test.ts': '',
    'packages/demo/other/b.fuzz.ts': '',
    'packages/another/src/c.fuzz.ts': '',
    'packages/empty/package.json': '{}',
  });
  expect(fuzzFiles(root, '')).toEqual(['packages/another/src/c.fuzz.ts', FILE]);
  expect(fuzzFiles(root, 'demo')).toEqual([FILE]);
});

test('runs rounds until the budget is used, and counts their iterations', async () => {
  const result = await fuzzFile(FILE, options(target('')));
  expect(result).toMatchObject({ name: 'demo target' });
  expect(result.failure).toBeUndefined();
  expect(result.iterations).toBeGreaterThan(16);
});

test('reports a mismatch with the seed and iterations that repeat it', async () => {
  const source = target(`if (iterations > 16) throw new Error('fast 1, naive 2, seed ' + seed);`);
  const first = await fuzzFile(FILE, options(source));
  expect(first).toMatchObject({ iterations: 16, failure: { iterations: 32 } });
  const { seed, iterations } = first.failure!;
  const again = await fuzzFile(FILE, options(source, { only: { seed: seed!, iterations: iterations! } }));
  expect(again.failure!.reason).toContain(`fast 1, naive 2, seed ${seed}`);
});

test('repeats one round and no more', async () => {
  const source = target(`if (seed !== 5 || iterations !== 7) throw new Error('other');`);
  const result = await fuzzFile(FILE, options(source, { only: { seed: 5, iterations: 7 } }));
  expect(result).toEqual({ file: FILE, name: 'demo target', iterations: 7 });
});

test('runs every seed of a range, and says which before each', async () => {
  const told: number[] = [];
  const source = target(`if (iterations !== 7 || seed === 12) throw new Error('at ' + seed);`);
  const only = { seed: 10, lastSeed: 11, iterations: 7 };
  const given = options(source, { onRound: ({ seed }) => told.push(seed) });
  expect(await fuzzFile(FILE, { ...given, only })).toEqual({ file: FILE, name: 'demo target', iterations: 14 });
  expect(told).toEqual([10, 11]);
  const failed = await fuzzFile(FILE, { ...given, only: { ...only, lastSeed: 13 } });
  expect(failed).toMatchObject({ iterations: 14, failure: { seed: 12, iterations: 7 } });
});

test('knows the seed when the process dies', async () => {
  const result = await fuzzFile(FILE, options(target(`process.exit(9);`)));
  expect(result.failure).toMatchObject({ reason: 'died with exit code 9', seed: expect.any(Number), iterations: 16 });
});

test('knows the seed when a round never ends', async () => {
  const result = await fuzzFile(FILE, options(target(`for (;;);`), { graceMs: 1_500 }));
  expect(result.failure).toMatchObject({ reason: 'did not end within 1.5 s after its time', iterations: 16 });
});

test('names a file that exports no target', async () => {
  const result = await fuzzFile(FILE, options('export {};'));
  expect(result).toMatchObject({ name: FILE, iterations: 0 });
  expect(result.failure!.reason).toContain('exports no "fuzz"');
});
