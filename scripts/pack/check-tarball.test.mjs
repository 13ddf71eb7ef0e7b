import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkTarball } from './check-tarball.mjs';
import { sizeProblem } from './sizes.mjs';
import { writeTarball } from './tarball.fixture.mjs';
import { readTarball } from './tarball.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perf-tarball-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MANIFEST = {
  name: '@perf/x',
  publishConfig: { access: 'public' },
  exports: { '.': { default: './dist/index.js' } },
};

function tarball(files = {}, manifest = {}) {
  const file = path.join(folder, 'x.tgz');
  const contents = { 'README.md': '# x', LICENSE: 'MIT', 'dist/index.js': 'export {};', ...files };
  writeTarball(file, { 'package.json': JSON.stringify({ ...MANIFEST, ...manifest }), ...contents });
  return readTarball(file);
}
const problems = (files, manifest) => checkTarball(tarball(files, manifest), { platform: false });

test('reads names, long ones too, contents and sizes', () => {
  const long = `dist/${'deep/'.repeat(25)}file.js`;
  const read = tarball({ [long]: '1', 'empty.txt': '' });
  expect(read.files.get(long).toString()).toBe('1');
  expect(read.files.get('empty.txt').length).toBe(0);
  expect(read.manifest.name).toBe('@perf/x');
  expect(read.packedBytes).toBe(statSync(read.file).size);
  expect(read.unpackedBytes).toBe([...read.files.values()].reduce((sum, { length }) => sum + length, 0));
});

test('finds nothing wrong with a good package', () => {
  const dist = { 'dist/index.d.ts': '// bundled from @perf/internal\nexport {};', 'dist/testing.js': '' };
  expect(problems(dist, { dependencies: { ws: '^8' } })).toEqual([]);
});

test.each([
  ['README.md is missing', { 'README.md': '' }, {}],
  ['LICENSE is missing', { LICENSE: '' }, {}],
  ['still says workspace:^', {}, { peerDependencies: { '@perf/native': 'workspace:^' } }],
  ['devDependencies.tsup still says catalog:', {}, { devDependencies: { tsup: 'catalog:' } }],
  ['condition @perf/source', {}, { exports: { '.': { '@perf/source': './src/index.ts' } } }],
  ['dependencies lists @perf/internal', {}, { dependencies: { '@perf/internal': '0.0.0' } }],
  ['says private', {}, { private: true }],
  ['publishConfig.access', {}, { publishConfig: {} }],
  ['has a postinstall script', {}, { scripts: { postinstall: 'node x.js' } }],
  ['dist/book.test.js belongs to the tests', { 'dist/book.test.js': '' }, {}],
  ['dist/book.fuzz.d.ts belongs to the tests', { 'dist/book.fuzz.d.ts': '' }, {}],
  ['dist/testing/feed.d.ts.map belongs to the tests', { 'dist/testing/feed.d.ts.map': '' }, {}],
  ['dist/a.d.ts:2 imports @perf/internal', { 'dist/a.d.ts': "\nexport type { E } from '@perf/internal';" }, {}],
])('finds that a package %s', (expected, files, manifest) => {
  expect(problems(files, manifest)).toEqual([expect.stringContaining(expected)]);
});

test('asks of a platform package its binary and no README', () => {
  const platform = (files) =>
    checkTarball(tarball({ 'README.md': '', ...files }, { main: 'x.node' }), { platform: true });
  expect(platform({})).toEqual(['x.node is missing or empty']);
  expect(platform({ 'x.node': 'ELF' })).toEqual([]);
});

test('compares the packed size with the limit, which has to exist', () => {
  expect(sizeProblem('@perf/x', { packedBytes: 10 }, { '@perf/x': 10 })).toEqual([]);
  expect(sizeProblem('@perf/x', { packedBytes: 11 }, { '@perf/x': 10 })).toEqual([
    expect.stringContaining('11 bytes packed, more than the 10'),
  ]);
  expect(sizeProblem('@perf/x', { packedBytes: 1 }, {})).toEqual([expect.stringContaining('no limit')]);
});
