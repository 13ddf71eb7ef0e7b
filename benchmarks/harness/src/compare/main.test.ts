// The command as a user runs it, where no launch is needed, or none ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { run as runCommand, start } from '../command.fixture.ts';
import { git } from './tree.ts';
import { demoCase, demoPackage, repository, WORK } from './repository.fixture.ts';
import { BASES } from './worktree.ts';

vi.setConfig({ testTimeout: 90_000 });

const FILE = './compare/main.ts';
const run = (root: string, ...args: readonly string[]) => runCommand(FILE, root, args);
const left = (root: string): string[] => (existsSync(join(root, BASES)) ? readdirSync(join(root, BASES)) : []);
const worktrees = (root: string): number =>
  git(root, ['worktree', 'list', '--porcelain']).match(/^worktree /gm)!.length;

test('exits with 0 and one sentence when nothing changed', async () => {
  const root = repository();
  const page = join(root, 'page.html');
  const { code, stdout, stderr } = await run(root, '--base', 'HEAD', '--html', page);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Nothing changed against HEAD \([0-9a-f]{10}\)\.\n/);
  expect(stderr).toContain(`wrote ${page}`);
  expect(readFileSync(page, 'utf8')).toMatch(/<h1>Nothing changed against HEAD/);
});

test('exits with 2 for what nobody can compare', async () => {
  const root = repository(demoPackage(WORK * 2));
  expect(await run(root)).toMatchObject({ code: 2, stderr: expect.stringContaining('--base is missing') });
  expect(await run(root, '--base', 'nope')).toMatchObject({ code: 2, stderr: expect.stringContaining('--base nope') });
  expect(await run(root, '--base', 'npm:demo')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm:<name>@'),
  });
  expect(await run(root, '--base', 'HEAD', 'other')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there are demo'),
  });
  expect(await run(root, '--base', 'HEAD', '--html', 'nowhere/page.html')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no such folder'),
  });
  const none = await run(root, '--base', 'HEAD~1', '--filter', 'zzz');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('"zzz"') });
  expect(left(root)).toEqual([]);
  expect(await run(root, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--base BASE') });
});

test('exits with 3 and says why when the base cannot be installed, and removes its checkout', async () => {
  const root = repository(
    { 'pnpm-lock.yaml': 'this: is: no lockfile' },
    { ...demoPackage(WORK * 2), 'pnpm-lock.yaml': null },
  );
  const { code, stderr } = await run(root, '--base', 'HEAD~1');
  expect(code).toBe(3);
  expect(stderr).toContain('the dependencies of the base cannot be installed');
  expect(left(root)).toEqual([]);
  expect(worktrees(root)).toBe(1);
});

test('removes what a run left behind that was killed', async () => {
  const root = repository(
    demoPackage(WORK * 2),
    { 'pnpm-lock.yaml': 'x' },
    { ...demoPackage(WORK * 3), 'pnpm-lock.yaml': null },
  );
  const stale = join(root, BASES, 'stale');
  mkdirSync(join(root, BASES), { recursive: true });
  git(root, ['worktree', 'add', '--detach', stale, 'HEAD~3']);
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'close');
  writeFileSync(`${stale}.pid`, String(gone.pid));
  await run(root, '--base', 'HEAD~1');
  expect(left(root)).toEqual([]);
  expect(worktrees(root)).toBe(1);
});

// Windows has no SIGINT to send.
test.skipIf(process.platform === 'win32')('ends its children and removes the checkout on Ctrl-C', async () => {
  const endless = demoCase('work', {
    ours: `{ name: 'endless', setup: async () => {
      const { writeFileSync } = await import('node:fs');
      writeFileSync('started', '');
      return () => { for (;;); };
    } }`,
  });
  const root = repository({ 'benchmarks/demo/a.bench.ts': endless });
  const watcher = watch(root);
  const { child, ended } = start(FILE, root, ['--base', 'HEAD~1']);
  while (!existsSync(join(root, 'started'))) await once(watcher, 'change');
  watcher.close();
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(left(root)).toEqual([]);
  expect(worktrees(root)).toBe(1);
});
