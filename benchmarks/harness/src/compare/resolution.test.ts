import { expect, test } from 'vitest';

import { packageName, resolveForSide, type Resolve } from './resolution.ts';
import { publishedResolution, workspaceResolution } from './session.ts';

const base = workspaceResolution('/head', '/base', 'json', ['@perf/json']);
const inCase = 'file:///head/benchmarks/json/parse.bench.ts';

/** Answers with where it was asked from, as a URL in that root. */
const node =
  (found: string): Resolve =>
  () =>
    found;

test('takes a compared package from the side, whatever file of the cases asks', () => {
  const asked: (string | undefined)[] = [];
  const next: Resolve = (specifier, parent) => {
    asked.push(parent);
    return `file:///base/packages/${specifier}`;
  };
  expect(resolveForSide(base, '@perf/json', inCase, next)).toBe('file:///base/packages/@perf/json');
  expect(resolveForSide(base, '@perf/json/fast', inCase, next)).toBe('file:///base/packages/@perf/json/fast');
  expect(asked).toEqual(['file:///base/benchmarks/json/package.json', 'file:///base/benchmarks/json/package.json']);
});

test('refuses a compared package from anywhere else than the side', () => {
  const fallback = node('file:///head/packages/json/index.js');
  expect(() => resolveForSide(base, '@perf/json', inCase, fallback)).toThrow(/not there on this side/);
});

test('leaves the harness and peers to head, and the imports of packages to themselves', () => {
  const peer = node('file:///head/node_modules/ws/index.js');
  expect(resolveForSide(base, 'ws', inCase, peer)).toBe('file:///head/node_modules/ws/index.js');
  const seen: (string | undefined)[] = [];
  const next: Resolve = (_specifier, parent) => {
    seen.push(parent);
    return 'file:///x.js';
  };
  resolveForSide(base, '@perf/json', 'file:///base/packages/http/index.js', next);
  resolveForSide(base, '@perf/json', undefined, next);
  expect(seen).toEqual(['file:///base/packages/http/index.js', undefined]);
});

test('moves the source file of a package, imported by its path, to the side', () => {
  const source = node('file:///head/packages/json/src/utf8.ts');
  expect(resolveForSide(base, '../../packages/json/src/utf8.ts', inCase, source)).toBe(
    'file:///base/packages/json/src/utf8.ts',
  );
  const helper = node('file:///head/benchmarks/json/tasks.ts');
  expect(resolveForSide(base, './tasks.ts', inCase, helper)).toBe('file:///head/benchmarks/json/tasks.ts');
});

test('takes only the published package from a published base', () => {
  const published = publishedResolution('/head', '/p', '@perf/json');
  const inside = node('file:///p/node_modules/@perf/json/dist/index.js');
  expect(resolveForSide(published, '@perf/json', inCase, inside)).toBe(
    'file:///p/node_modules/@perf/json/dist/index.js',
  );
  expect(resolveForSide(published, '@perf/native', inCase, node('file:///head/n.js'))).toBe('file:///head/n.js');
});

test.each([
  ['@perf/json', '@perf/json'],
  ['@perf/json/sub/path.js', '@perf/json'],
  ['ws/lib', 'ws'],
  ['./json', './json'],
  ['/abs/json', '/abs/json'],
  ['node:fs', 'node:fs'],
  ['file:///x', 'file:///x'],
])('reads the package of %s', (specifier, name) => {
  expect(packageName(specifier)).toBe(name);
});
