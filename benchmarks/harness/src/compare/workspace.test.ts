import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { temporaryRoot } from '../temporary-root.ts';
import { folderTree, type Tree } from './tree.ts';
import { artifactDigest, dependenciesOf, inputDigest, workspaces } from './workspace.ts';

const manifest = (name: string, dependencies: readonly string[] = [], more: object = {}): string =>
  JSON.stringify({
    name,
    version: '1.0.0',
    dependencies: Object.fromEntries(dependencies.map((d) => [d, 'x'])),
    ...more,
  });

const FILES: Readonly<Record<string, string>> = {
  'benchmarks/harness/package.json': manifest('@perf/bench'),
  'benchmarks/harness/src/index.ts': 'harness',
  'benchmarks/json/package.json': manifest('@perf/bench-json', ['@perf/bench', '@perf/json'], {
    scripts: { types: 'tsc' },
  }),
  'benchmarks/json/parse.bench.ts': 'case',
  'benchmarks/json/recorded.json': '{}',
  'benchmarks/http/package.json': manifest('@perf/bench-http', ['@perf/http']),
  'packages/json/package.json': manifest('@perf/json', [], {
    devDependencies: { '@perf/internal': 'x' },
    peerDependencies: { '@perf/native': 'x' },
  }),
  'packages/json/src/parse.ts': 'parse',
  'packages/json/src/parse.test.ts': 'test',
  'packages/json/README.md': 'words',
  'packages/internal/package.json': manifest('@perf/internal'),
  'packages/internal/src/index.ts': 'internal',
  'packages/native/package.json': manifest('@perf/native', [], { napi: {} }),
  'packages/native/src/index.ts': 'native',
  'packages/http/package.json': manifest('@perf/http'),
  'packages/http/src/index.ts': 'http',
  'crates/perf_json/src/lib.rs': 'rust',
  'Cargo.lock': 'crates',
  'tsup.config.ts': 'build',
  'docs/guide.md': 'guide',
};

/** Contents stand for their own ids. */
function tree(changes: Readonly<Record<string, string>> = {}): Tree {
  const files = new Map(Object.entries({ ...FILES, ...changes }));
  return { files, read: (path) => files.get(path) };
}

test('follows every kind of dependency, and leaves the harness out', () => {
  const names = dependenciesOf(workspaces(tree()), 'json').map(({ name }) => name);
  expect(names.sort()).toEqual(['@perf/bench-json', '@perf/internal', '@perf/json', '@perf/native']);
});

test.each([
  ['a source of the package', 'packages/json/src/parse.ts'],
  ['a source of what it depends on', 'packages/internal/src/index.ts'],
  ['a crate', 'crates/perf_json/src/lib.rs'],
  ['the lockfile of the crates', 'Cargo.lock'],
  ['a case', 'benchmarks/json/parse.bench.ts'],
  ['how packages are built', 'tsup.config.ts'],
  ['the lockfile', 'pnpm-lock.yaml'],
])('%s is an input', (_what, path) => {
  expect(inputDigest(tree({ [path]: 'other' }), 'json')).not.toBe(inputDigest(tree(), 'json'));
});

test.each([
  ['a README', 'packages/json/README.md'],
  ['a test', 'packages/json/src/parse.test.ts'],
  ['a fuzz target', 'packages/json/src/parse.fuzz.ts'],
  ['a record', 'benchmarks/json/recorded.json'],
  ['a goal', 'benchmarks/json/targets.json'],
  ['the harness', 'benchmarks/harness/src/index.ts'],
  ['another package', 'packages/http/src/index.ts'],
  ['a guide', 'docs/guide.md'],
])('%s is none', (_what, path) => {
  expect(inputDigest(tree({ [path]: 'other' }), 'json')).toBe(inputDigest(tree(), 'json'));
});

test('crates are no input of what is not native', () => {
  expect(inputDigest(tree({ 'Cargo.lock': 'other' }), 'http')).toBe(inputDigest(tree(), 'http'));
});

test('a manifest counts by what it builds and loads', () => {
  const json = (more: object): string | undefined =>
    inputDigest(
      tree({
        'packages/json/package.json': JSON.stringify({ ...JSON.parse(FILES['packages/json/package.json']!), ...more }),
      }),
      'json',
    );
  const same = inputDigest(tree(), 'json');
  expect(json({ description: 'other', keywords: ['x'], scripts: { test: 'other' } })).toBe(same);
  for (const more of [
    { exports: './other.js' },
    { version: '2.0.0' },
    { scripts: { build: 'other' } },
    { type: 'commonjs' },
  ]) {
    expect(json(more)).not.toBe(same);
  }
});

test('a tree without such cases has no digest', () => {
  expect(inputDigest(tree(), 'gone')).toBeUndefined();
  expect(artifactDigest('/nowhere', tree(), 'gone')).toBeUndefined();
});

test('built files decide once all is built: a comment in a source does not, nor do declarations', () => {
  const make = (changes: Readonly<Record<string, string>>): string | undefined => {
    const root = temporaryRoot({});
    const built = {
      'packages/json/dist/index.js': 'built',
      'packages/json/dist/index.d.ts': 'types',
      'packages/native/perf.linux.node': 'addon',
    };
    for (const [path, text] of Object.entries({ ...FILES, ...built, ...changes })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return artifactDigest(root, folderTree(root), 'json');
  };
  const same = make({});
  expect(same).toBeDefined();
  expect(make({ 'packages/json/src/parse.ts': '// a comment' })).toBe(same);
  expect(make({ 'packages/json/dist/index.d.ts': 'other' })).toBe(same);
  for (const path of [
    'packages/json/dist/index.js',
    'packages/native/perf.linux.node',
    'packages/internal/src/index.ts',
    'benchmarks/json/parse.bench.ts',
  ]) {
    expect(make({ [path]: 'other' })).not.toBe(same);
  }
});
