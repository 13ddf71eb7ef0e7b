import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { LAUNCH } from '../compare/defaults.ts';
import { lockStep } from '../compare/lock-step.ts';
import { demoPackage, repository, WORK, write } from '../compare/repository.fixture.ts';
import { workspaceResolution } from '../compare/session.ts';
import { poolsOf, readLaunches, type LaunchPool } from './recorded-launches.ts';

vi.setConfig({ testTimeout: 90_000 });

const run = (root: string, ...args: readonly string[]) =>
  runCommand('./verdict/record-launches.ts', root, ['--out', 'evidence/l.jsonl', ...args]);

const recorded = (root: string): LaunchPool[] =>
  poolsOf(readLaunches(readFileSync(join(root, 'evidence/l.jsonl'), 'utf8'), 'l.jsonl'));

test('records equal code and an injected slowdown, and goes on where the file ends', async () => {
  const root = repository();
  expect(await run(root, 'demo', '--launches', '2', '--slowdown', '1', '--slowdown', '3')).toMatchObject({ code: 0 });
  expect(await run(root, 'demo', '--launches', '4', '--slowdown', '3')).toMatchObject({ code: 0 });
  const pools = recorded(root).toSorted((a, b) => (a.ratio ?? 1) - (b.ratio ?? 1));
  expect(pools.map(({ effect, ratio, launches }) => [effect, ratio, launches.map((each) => each.swapped)])).toEqual([
    ['none', undefined, [false, true]],
    ['iterations', 3, [false, true, false, true]],
  ]);
  expect((await run(root, 'demo', '--launches', '4', '--slowdown', '3')).stderr).not.toContain('1 of');
});

test('the injection makes head work that much more', async () => {
  const root = repository();
  const side = workspaceResolution(root, root, 'demo', ['demo']);
  const path = join(root, 'benchmarks/demo/a.bench.ts');
  const outcome = await lockStep(
    { package: 'demo', name: 'work', file: 'a.bench.ts', path, index: 0, sides: { base: side, head: side } },
    0,
    { ...LAUNCH, pairs: 10, headIterations: 3 },
    { cwd: root, limitMs: 60_000 },
  );
  // CPU time: beside enough other work the clock counts little but waiting.
  const { base, head } = (outcome as Extract<typeof outcome, { kind: 'measured' }>).launch;
  expect(head.cpuNs / base.cpuNs).toBeGreaterThan(1.25);
});

test('records another checkout as head', async () => {
  const root = repository();
  const slower = repository();
  write(slower, demoPackage(4 * WORK));
  expect(await run(root, '--launches', '2', '--head', slower, '--effect', 'four times the turns')).toMatchObject({
    code: 0,
  });
  expect(recorded(root)).toMatchObject([{ package: 'demo', case: 'work', effect: 'four times the turns' }]);
});

test('refuses what makes no sense, and has help', async () => {
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
    const { code, stderr } = await run(root, ...args);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  }
  expect((await run(root, '--help')).stdout).toContain('Usage:');
});
