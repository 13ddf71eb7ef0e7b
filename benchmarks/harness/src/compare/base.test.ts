// Bases that cannot be made ready: each says so in a line, with an exit code, and leaves nothing behind.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { demoPackage, repository, WORK, write } from './repository.fixture.ts';
import { BASES } from './worktree.ts';

vi.setConfig({ testTimeout: 90_000 });

const run = (root: string, ...args: readonly string[]) => runCommand('./compare/main.ts', root, args);
const left = (root: string): string[] => (existsSync(join(root, BASES)) ? readdirSync(join(root, BASES)) : []);

/** Stands in for turbo: fails where its arguments, in which the folder is, match. */
const failingTurbo = (pattern: string): string => `#!/bin/sh
case "$*" in ${pattern}) echo 'src/index.ts(3,1): no such type'; exit 2;; esac
`;

function withBuild(turbo: string): string {
  const build = (turns: number): Record<string, string> => ({
    ...demoPackage(turns),
    'packages/demo/package.json': JSON.stringify({
      name: 'demo',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
      scripts: { build: 'tsup' },
    }),
  });
  const root = repository({ 'turbo.json': '{}', ...build(WORK) }, build(WORK * 2));
  // Not committed: it is head's that builds both.
  write(root, { 'node_modules/.bin/turbo': turbo });
  execFileSync('chmod', ['+x', join(root, 'node_modules/.bin/turbo')]);
  return root;
}

// The stand-in for turbo is a shell script.
test.skipIf(process.platform === 'win32').each([
  ['the base', '*--cwd=*/bases/*'],
  ['head', '*'],
])('exits with 3 when %s does not build, and shows why', async (side, pattern) => {
  const root = withBuild(failingTurbo(pattern));
  const { code, stdout, stderr } = await run(root, '--base', 'HEAD~1');
  expect(stderr).toContain(`${side} does not build (exit code 2):\nsrc/index.ts(3,1): no such type\n`);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(left(root)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('exits with 3 when turbo is not installed', async () => {
  const root = withBuild('');
  write(root, { 'node_modules/.bin/turbo': null });
  const { code, stderr } = await run(root, '--base', 'HEAD~1');
  expect(stderr).toContain('head does not build');
  expect(stderr).toContain('cannot be started');
  expect(code).toBe(3);
});

// On Windows npm is a script that only a shell starts.
test.skipIf(process.platform === 'win32')('exits with 3 when there is no such version to install', async () => {
  const root = repository();
  const { code, stderr } = await run(root, '--base', `npm:demo@file:${join(root, 'nowhere.tgz')}`);
  expect(stderr).toContain('nowhere.tgz cannot be installed (exit code');
  expect(code).toBe(3);
  expect(left(root)).toEqual([]);
});

test('exits with 2 for a folder without a checkout', async () => {
  const root = repository();
  mkdirSync(join(root, 'empty'));
  const { code, stderr } = await run(root, '--base', './empty');
  expect(stderr).toBe(
    '--base ./empty: neither a commit of this repository nor a folder with a checkout\nSee --help.\n',
  );
  expect(code).toBe(2);
});

test('exits with 3 when the base cannot be checked out', async () => {
  const root = repository(demoPackage(WORK * 2));
  // A file where the folder of the bases should be is refused by the file system, as a full disk would be.
  write(root, { '.perf/bases': '' });
  const { code, stderr } = await run(root, '--base', 'HEAD~1');
  expect(stderr).toMatch(/[0-9a-f]{10} cannot be checked out: .+\n$/);
  expect(code).toBe(3);
});
