// The package as it would be published, installed into somebody else's repository. What is asserted holds on a loaded machine: a comparison
// may come out invalid there, but never finds the opposite, and what runs on which side shows in the allocations.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Comparison } from '../compare/compare.ts';
import type { RunResult } from '../result.ts';
import { median } from '../statistics.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const HARNESS = fileURLToPath(new URL('../..', import.meta.url));
// On Windows npm and pnpm are scripts that only a shell starts.
const SHELL = process.platform === 'win32';

/** The example of the README: it has to run as it stands there. */
function exampleOfReadme(): string {
  const section = readFileSync(join(HARNESS, 'README.md'), 'utf8').split('\n## In your own repository\n')[1] ?? '';
  const example = /```js\n(.*?)```/s.exec(section)?.[1];
  if (example === undefined) throw new Error('the README has no example for somebody else');
  return example;
}

/** Each pass over the numbers makes an array, so that the number of passes shows in the allocations. */
const source = (passes: number): string => `export function sum(numbers) {
  let total = 0;
  for (let pass = 0; pass < ${passes}; pass++) {
    for (const x of numbers.map((each) => each / 3)) total += x;
  }
  return total;
}
`;

let root = '';

const git = (...args: readonly string[]): unknown => execFileSync('git', args, { cwd: root, stdio: 'ignore' });

function commit(passes: number): void {
  writeFileSync(join(root, 'src/sum.js'), source(passes));
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', `${passes} passes`);
}

function perfBench(...args: readonly string[]) {
  const bin = join('node_modules', '.bin', SHELL ? 'perf-bench.cmd' : 'perf-bench');
  // Without the flags and folders of the test runner.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const options = { cwd: root, env: environment, encoding: 'utf8', shell: SHELL, maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync(bin, args, options);
  return { status, stdout, stderr };
}

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "somebody", "version": "1.0.0", "type": "module", "exports": "./src/sum.js" }',
  '.gitignore': 'node_modules/\n*.tgz\n',
  'bench/sum.bench.js': exampleOfReadme(),
  'bench/numbers.bench.mjs': `import { Bench } from 'tinybench';
        import { sum } from 'somebody';
        const bench = new Bench();
        let numbers = [];
        bench.add('by name', () => sum(numbers), { beforeEach: () => { numbers = Array.from({ length: 5_000 }, (_, i) => i); } });
        export default bench;`,
  'src/later.bench.ts': `import { Bench } from 'tinybench';
        const bench: Bench = new Bench({ name: 'later' });
        bench.add('a turn', () => new Promise<void>((resolve) => { setImmediate(resolve); }));
        await bench.run();
        console.table(bench.table());`,
};

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perf-bench-')));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'src'), { recursive: true });
  const tarballs = join(root, 'tarballs');
  mkdirSync(tarballs);
  execFileSync('pnpm', ['pack', '--pack-destination', tarballs], { cwd: HARNESS, stdio: 'ignore', shell: SHELL });
  const tinybench = realpathSync(join(HARNESS, 'node_modules/tinybench'));
  execFileSync('npm', ['pack', '--silent', tinybench, '--pack-destination', tarballs], {
    cwd: root,
    stdio: 'ignore',
    shell: SHELL,
  });
  const packed = readdirSync(tarballs).map((file) => `./tarballs/${file}`);
  const flags = ['--offline', '--no-audit', '--no-fund', '--save-dev'];
  execFileSync('npm', ['install', ...flags, ...packed], { cwd: root, stdio: 'ignore', shell: SHELL });
  git('init', '--quiet');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.org');
  commit(1);
  commit(3);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('tells its commands and its version', () => {
  expect(perfBench('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ {2}compare {2}/m) });
  expect(perfBench('--version')).toMatchObject({ status: 0, stdout: '0.0.0\n' });
  expect(perfBench('compare', '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--build COMMAND'),
  });
  expect(perfBench('nope')).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown command nope') });
});

test('runs tinybench files', () => {
  const { status, stdout } = perfBench('run', '--quick', '--json');
  const { cases } = JSON.parse(stdout) as RunResult;
  expect(cases.map(({ package: from, name, status }) => `${from}: ${name}: ${status}`)).toEqual([
    'bench: numbers > by name: measured',
    'bench: sum > sum of 10,000 numbers: measured',
    'src: later > later > a turn: measured',
  ]);
  expect(status).toBe(0);
});

test('finds that head does three times the work, and nothing when that is taken back', () => {
  const { status, stdout, stderr } = perfBench(
    'compare',
    '--base',
    'HEAD~1',
    '--quick',
    '--launches',
    '4',
    '--json',
    'bench',
  );
  expect(stderr).toContain('linking the dependencies of head');
  const { verdict, evidence } = JSON.parse(stdout) as Comparison;
  expect(verdict.cases.map((each) => each.case)).toEqual(['numbers > by name', 'sum > sum of 10,000 numbers']);
  for (const { screen } of evidence) {
    const allocated = (side: 'base' | 'head'): number =>
      median(screen.map((launch) => launch[side].usage?.allocatedBytes ?? 1));
    expect(screen.length).toBeGreaterThan(0);
    // The hook before each run of the first case allocates as well.
    if (screen[0]!.head.usage?.allocatedBytes !== undefined)
      expect(allocated('head') / allocated('base')).toBeGreaterThan(1.5);
  }
  const untrusted = verdict.invalid.length > 0 || verdict.cases.some((each) => each.verdict === 'invalid');
  if (!untrusted) expect(verdict.cases.map((each) => each.verdict)).toEqual(['regressed', 'regressed']);
  expect(status).toBe(
    verdict.cases.some((each) => each.verdict === 'regressed') && verdict.invalid.length === 0 ? 1 : 3,
  );

  writeFileSync(join(root, 'src/sum.js'), source(1));
  expect(perfBench('compare', '--base', 'HEAD~1')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Nothing changed against HEAD~1/),
  });
  expect(readdirSync(join(root, '.perf/bases'))).toEqual([]);
});
