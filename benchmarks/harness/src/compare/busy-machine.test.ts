// Comparisons beside processes that never rest. What is asserted holds on any machine: a verdict may be missing, never wrong.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

import { afterEach, expect, test, vi } from 'vitest';

import { waitedNs } from '../one-cpu.ts';
import type { CompareSettings } from './arguments.ts';
import { readBase } from './base.ts';
import { compare, type Comparison } from './compare.ts';
import { demoCase, repository, WORK } from './repository.fixture.ts';
import { BUSY } from './suspicions.ts';

vi.setConfig({ testTimeout: 240_000 });

const SETTINGS: CompareSettings = {
  screenLaunches: 4,
  launches: 8,
  canaryLaunches: 8,
  blockMs: 2,
  pairs: 10,
  mostPairs: 10,
  precision: 1,
  leastPairs: 6,
  budgetMs: 80,
  warmupMs: 30,
  limitMs: 60_000,
  seed: 3,
  busy: BUSY,
};

/** Ends by itself when the test cannot end it. */
const HOG = 'process.send("busy", () => { const end = Date.now() + 200_000; while (Date.now() < end); });';

const hogs: ChildProcess[] = [];

async function startHogs(count: number): Promise<void> {
  for (let started = 0; started < count; started++) {
    const hog = spawn(process.execPath, ['-e', HOG], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    hogs.push(hog);
    await once(hog, 'message');
  }
}

afterEach(async () => {
  for (const hog of hogs.splice(0)) {
    hog.kill('SIGKILL');
    await once(hog, 'exit');
  }
});

/** Two functions of a package, one of which head makes three times as slow. */
const packageFiles = (slowed: number): Record<string, string> => ({
  'packages/demo/index.js': `const turn = (x) => (Math.imul(x, 1664525) + 1013904223) | 0;
export function work(n) {
  for (let i = 0; i < ${WORK}; i++) n = turn(n);
  return (n & 0) + 21;
}
export function slowed(n) {
  for (let i = 0; i < ${slowed}; i++) n = turn(n);
  return (n & 0) + 21;
}
`,
});

const slowedCase = demoCase('slowed', {
  ours: `{ name: 'slowed', package: 'demo', setup: async (input) => {
    const { slowed } = await import('demo');
    return () => slowed(input);
  } }`,
});

async function compared(): Promise<Comparison> {
  const root = repository({ ...packageFiles(WORK), 'benchmarks/demo/b.bench.ts': slowedCase }, packageFiles(3 * WORK));
  const base = readBase('HEAD~1', { headRoot: root, keep: false, say: () => {} });
  try {
    const verdictOptions = { launches: SETTINGS.launches, seed: SETTINGS.seed };
    return await compare({ root, packages: ['demo'], filters: [], settings: SETTINGS }, base, verdictOptions);
  } finally {
    base.close();
  }
}

const CPUS = availableParallelism();

test.each([...new Set([1, CPUS])])('no verdict is wrong beside endless loops: %d', async (count) => {
  await startHogs(count);
  const { verdict, evidence } = await compared();
  const of = (name: string): string => verdict.cases.find((each) => each.case === name)!.verdict;
  expect(['same', 'inconclusive', 'invalid']).toContain(of('work'));
  expect(['regressed', 'inconclusive', 'invalid']).toContain(of('slowed'));
  // With a loop on every CPU there is no launch that had its own.
  if (count < CPUS || waitedNs() === undefined) return;
  expect(verdict).toMatchObject({ verdict: 'invalid', exitCode: 3 });
  // Of the run, where enough launches of the canary say so, else of the cases.
  const reasons = [...verdict.invalid, ...verdict.cases.flatMap((each) => each.reasons)];
  expect(reasons.join('; ')).toMatch(/another process had its CPU, for \d+ % of the time|too noisy/);
  expect(evidence.flatMap((each) => each.decide)).toEqual([]);
});
