import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { caseSource, temporaryRoot } from '../temporary-root.ts';

/** A busy loop of this many turns: some 5 µs on anything. */
export const WORK = 10_000;

/** The package `demo` at some speed: its one function returns `answer` after `turns` turns. */
export function demoPackage(turns: number, answer = 21): Record<string, string> {
  return {
    'packages/demo/package.json': JSON.stringify({
      name: 'demo',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
    }),
    'packages/demo/index.js': `export function work(n) {
  let x = n;
  for (let i = 0; i < ${turns}; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return (x & 0) + ${answer};
}
`,
  };
}

export const demoCase = (name = 'work', more: Readonly<Record<string, string>> = {}): string =>
  caseSource({
    name: JSON.stringify(name),
    answer: '() => 21',
    ours: `{ name: 'work', package: 'demo', setup: async (input) => {
      const { work } = await import('demo');
      return () => work(input);
    } }`,
    ...more,
  });

/** A repository with one package, one case file and one commit per version, oldest first. Head is the last as it lies there. */
export function repository(...versions: readonly Readonly<Record<string, string | null>>[]): string {
  const root = realpathSync(temporaryRoot({}));
  const start = {
    'benchmarks/demo/package.json': JSON.stringify({ name: 'bench-demo', dependencies: { demo: 'workspace:*' } }),
    '.gitignore': '.perf/\n',
    ...demoPackage(WORK),
    'benchmarks/demo/a.bench.ts': demoCase(),
  };
  runGit(root, 'init', '--quiet');
  runGit(root, 'config', 'user.name', 'test');
  runGit(root, 'config', 'user.email', 'test@example.org');
  write(root, start);
  // What an install would make, committed, so that a checkout needs none.
  mkdirSync(join(root, 'node_modules'));
  symlinkSync('../packages/demo', join(root, 'node_modules/demo'));
  commit(root);
  for (const version of versions) {
    write(root, version);
    commit(root);
  }
  return root;
}

export function write(root: string, files: Readonly<Record<string, string | null>>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) {
      rmSync(join(root, path));
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function commit(root: string): void {
  runGit(root, 'add', '--all');
  runGit(root, 'commit', '--quiet', '--allow-empty', '--no-verify', '--message', 'a version');
}

function runGit(root: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: root, stdio: 'ignore' });
}
