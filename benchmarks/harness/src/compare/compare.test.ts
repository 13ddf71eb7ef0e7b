// Comparisons of tiny repositories, with real checkouts and processes. What they assert holds on a loaded machine: large differences are
// found, wrong answers too; nobody is asked to find that two things are the same.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import type { CompareSettings } from './arguments.ts';
import { readBase } from './base.ts';
import { compare, type Comparison } from './compare.ts';
import { demoCase, demoPackage, repository, WORK, write } from './repository.fixture.ts';
import { BASES } from './worktree.ts';

vi.setConfig({ testTimeout: 240_000 });

const SETTINGS: CompareSettings = {
  screenLaunches: 2,
  launches: 8,
  canaryLaunches: 8,
  blockMs: 1,
  pairs: 7,
  mostPairs: 7,
  precision: 1,
  leastPairs: 3,
  budgetMs: 100,
  warmupMs: 60,
  limitMs: 60_000,
  seed: 7,
  // Other tests keep the machine busy, and what is looked for is far beyond that.
  busy: { waited: 1, steal: 1 },
};

/** Only what is far beyond any noise; the canary has nothing to say. */
const GENEROUS = { launches: 8, threshold: 0.3, familyError: 0.2, canaryHalfWidth: 1e6, strict: false };

async function compared(root: string, base: string, settings = SETTINGS): Promise<Comparison> {
  const said = readBase(base, { headRoot: root, keep: false, say: () => {} });
  try {
    return await compare({ root, packages: ['demo'], filters: [], settings }, said, GENEROUS);
  } finally {
    said.close();
  }
}

const verdicts = ({ verdict }: Comparison): string[] => verdict.cases.map((each) => `${each.case}: ${each.verdict}`);

test('finds that head does ten times the work, names package and case, and leaves no checkout behind', async () => {
  const root = repository(demoPackage(WORK * 10));
  const comparison = await compared(root, 'HEAD~1');
  expect(comparison.verdict.cases).toMatchObject([{ package: 'demo', case: 'work', verdict: 'regressed' }]);
  expect(comparison.verdict.exitCode).toBe(1);
  const [evidence] = comparison.evidence;
  expect(evidence!.screen.map(({ swapped }) => swapped)).toEqual([false, true]);
  expect(evidence!.decide).toHaveLength(8);
  expect(evidence!.decide[0]).toMatchObject({ base: { version: '1.0.0' }, head: { version: '1.0.0' }, async: false });
  expect(comparison.canary!.decide).toHaveLength(8);
  expect(readdirSync(join(root, BASES))).toEqual([]);
  // Nothing that JSON cannot hold.
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
});

test('runs nothing when only a README differs', async () => {
  const root = repository({ 'packages/demo/README.md': 'other words' });
  const comparison = await compared(root, 'HEAD~1');
  expect(verdicts(comparison)).toEqual(['all cases: identical']);
  expect(comparison.verdict.exitCode).toBe(0);
  expect(comparison.canary).toBeUndefined();
  expect(existsSync(join(root, BASES))).toBe(false);
});

test('compares uncommitted changes, and calls a case invalid whose answer is wrong on one side', async () => {
  const root = repository();
  write(root, demoPackage(WORK, 22));
  const comparison = await compared(root, 'HEAD');
  expect(comparison.verdict.cases).toMatchObject([
    { verdict: 'invalid', reasons: ['wrong answer of head: expected 21, got 22'] },
  ]);
  expect(comparison.verdict.exitCode).toBe(3);
});

test('compares with another checkout, names new and removed cases, and says that a case file differs', async () => {
  const other = repository({ 'benchmarks/demo/gone.bench.ts': demoCase('gone') });
  const root = repository({
    'benchmarks/demo/a.bench.ts': `// another version\n${demoCase()}`,
    'benchmarks/demo/b.bench.ts': demoCase('brand new'),
  });
  const comparison = await compared(root, other, { ...SETTINGS, launches: 2 });
  const found = verdicts(comparison);
  expect(found).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining(['brand new: new', 'gone: removed']));
  expect(comparison.evidence.find((each) => each.case === 'work')).toMatchObject({ caseChanged: true });
});

// On Windows npm is a script that only a shell starts.
test.skipIf(process.platform === 'win32')('compares with a published package', async () => {
  const root = repository();
  write(root, {
    'packages/demo/package.json': JSON.stringify({
      name: 'demo',
      version: '0.9.0',
      type: 'module',
      exports: './index.js',
    }),
  });
  execFileSync('npm', ['pack', '--silent', './packages/demo'], { cwd: root });
  write(root, demoPackage(WORK));
  const comparison = await compared(root, `npm:demo@file:${join(root, 'demo-0.9.0.tgz')}`, {
    ...SETTINGS,
    launches: 2,
  });
  expect(comparison.evidence).toHaveLength(1);
  expect(comparison.evidence[0]!.screen[0]).toMatchObject({ base: { version: '0.9.0' }, head: { version: '1.0.0' } });
  expect(readdirSync(join(root, BASES))).toEqual([]);
});
