import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test, vi } from 'vitest';

import { demoPackage, repository, WORK, write } from '../compare/repository.fixture.ts';
import { median } from '../statistics.ts';
import { pairSwapped } from './estimate.ts';
import { poolsOf, readLaunches, type LaunchPool } from './recorded-launches.ts';

vi.setConfig({ testTimeout: 90_000 });

const command = fileURLToPath(new URL('./record-launches.ts', import.meta.url));

function run(root: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, ['--conditions=@perf/source', command, '--out', 'evidence/l.jsonl', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

const recorded = (root: string): LaunchPool[] =>
  poolsOf(readLaunches(readFileSync(join(root, 'evidence/l.jsonl'), 'utf8'), 'l.jsonl'));
const ratioOf = (pool: LaunchPool): number => Math.exp(median(pairSwapped(pool.launches).estimates));

test('records equal code and an injected slowdown, and goes on where the file ends', () => {
  const root = repository();
  const slowdowns = ['--slowdown', '1', '--slowdown', '3'];
  expect(run(root, 'demo', '--launches', '2', ...slowdowns)).toMatchObject({ status: 0 });
  expect(run(root, 'demo', '--launches', '4', ...slowdowns)).toMatchObject({ status: 0 });
  const pools = recorded(root).toSorted((a, b) => (a.ratio ?? 1) - (b.ratio ?? 1));
  expect(pools.map(({ effect, ratio }) => [effect, ratio])).toEqual([
    ['none', undefined],
    ['iterations', 3],
  ]);
  for (const { launches } of pools) expect(launches.map((each) => each.swapped)).toEqual([false, true, false, true]);
  // Wide enough for any load: the injection is a factor of three.
  expect(ratioOf(pools[1]!) / ratioOf(pools[0]!)).toBeGreaterThan(1.7);
  expect(run(root, 'demo', '--launches', '4', ...slowdowns).stderr).not.toContain('of');
});

test('records another checkout as head', () => {
  const root = repository();
  const slower = repository();
  write(slower, demoPackage(4 * WORK));
  expect(run(root, '--launches', '2', '--head', slower, '--effect', 'four times the turns')).toMatchObject({
    status: 0,
  });
  const [pool] = recorded(root);
  expect(pool).toMatchObject({ package: 'demo', case: 'work', effect: 'four times the turns' });
  expect(ratioOf(pool!)).toBeGreaterThan(1.7);
});

test('does not record a slowdown that so few runs cannot have', () => {
  const root = repository();
  const { status, stderr } = run(root, '--launches', '2', '--slowdown', '1.03', '--block', '0.01');
  expect(stderr).toContain('too few for a slowdown of 1.03');
  expect(status).toBe(1);
});

test('refuses what makes no sense, and has help', () => {
  const root = repository();
  const faults: [string[], string][] = [
    [['--launches', '3'], 'must be even'],
    [['--slowdown', 'x'], '--slowdown x'],
    [['--head', '.'], 'need each other'],
    [['--head', '.', '--effect', 'none'], '--effect none'],
    [['other'], 'there are demo'],
    [['--filter', 'zzz'], 'no such case'],
    [['--what'], '--what'],
  ];
  for (const [args, words] of faults) {
    const { status, stderr } = run(root, ...args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
  }
  expect(run(root, '--help').stdout).toContain('Usage:');
});
