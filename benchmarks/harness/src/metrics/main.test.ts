// The command as a user runs it, where valgrind is not installed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { caseSource, temporaryRoot } from '../temporary-root.ts';
import type { PackageCounts } from './counts.ts';

vi.setConfig({ testTimeout: 90_000 });

/** With an empty PATH there is no valgrind. */
const run = (root: string, ...args: readonly string[]) =>
  runCommand('./metrics/main.ts', '.', ['--root', root, ...args], { PATH: root });

const ours = (body: string): string => caseSource({ ours: `{ name: 'ours', setup: (input) => ${body} }` });
const sizes = { 'scripts/pack/sizes.json': '{}' };

test('says that valgrind is missing, measures the rest, and keeps it', async () => {
  const root = temporaryRoot({
    ...sizes,
    'benchmarks/demo/a.bench.ts': ours('() => { new Array(1_000).fill(1.5); return input + 1; }'),
    'benchmarks/demo/b.bench.ts': ours('async () => { await new Promise(setImmediate); return input + 1; }'),
  });
  const { code, stdout, stderr } = await run(root, 'demo');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('valgrind is not installed') });
  expect(stdout).toContain('not measured: valgrind is not installed');
  const counts = JSON.parse(readFileSync(join(root, 'benchmarks/demo/.counts.json'), 'utf8')) as PackageCounts;
  const [sync, async] = counts.cases;
  expect(sync).toMatchObject({
    async: false,
    instructions: { notMeasured: 'valgrind is not installed' },
    loopDelayMs: { notMeasured: 'synchronous' },
    maxRssBytes: { value: expect.any(Number) },
  });
  // 1,000 doubles; and less than twice that.
  expect(sync?.allocatedBytes).toMatchObject({
    value: expect.toSatisfy((value: number) => value > 7_900 && value < 32_000),
  });
  expect(sync?.gcCount).toMatchObject({ value: expect.toSatisfy((value: number) => value > 0) });
  expect(async).toMatchObject({
    async: true,
    instructions: { notMeasured: 'asynchronous' },
    loopDelayMs: { value: expect.any(Number) },
  });
});

test('exits with 1 after a wrong answer, and with --filter keeps nothing', async () => {
  const root = temporaryRoot({ ...sizes, 'benchmarks/demo/a.bench.ts': ours('() => 0') });
  const { code, stdout } = await run(root, '--filter', 'case', '--json');
  expect(code).toBe(1);
  expect((JSON.parse(stdout) as PackageCounts[])[0]!.failures).toEqual(['a case: wrong answer']);
  expect(existsSync(join(root, 'benchmarks/demo/.counts.json'))).toBe(false);
});

test.each([
  [['--nope'], /--nope/],
  [['other'], /no benchmarks of other; there are demo/],
  [['--filter', 'zzz'], /no case has "zzz"/],
  [['--limit', '0'], /above 0/],
  [['--json', '--markdown'], /exclude each other/],
  [['--runs-from', 'absent.json'], /--runs-from absent.json/],
])('exits with 2 for %j', async (args, message) => {
  const { code, stderr } = await run(temporaryRoot({ 'benchmarks/demo/a.bench.ts': caseSource({}) }), ...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
