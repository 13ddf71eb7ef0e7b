import { existsSync, mkdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect, test } from 'vitest';

import { useRepository } from '../layout.ts';
import { temporaryRoot } from '../temporary-root.ts';
import { installInRepository, repositoryDigest, repositoryResolution } from './repository.ts';
import { resolveForSide, type Resolve } from './resolution.ts';
import { publishedResolution } from './session.ts';
import { folderTree } from './tree.ts';

beforeAll(useRepository);

const digest = (files: Readonly<Record<string, string>>): string =>
  repositoryDigest(folderTree(temporaryRoot({ 'src/a.js': '1', 'package.json': '{}', ...files })));

test('two versions are equal when they differ in documentation only', () => {
  const same = digest({});
  expect(digest({ 'README.md': 'x', 'docs/a.html': 'y', 'packages/one/CHANGELOG.md': 'z' })).toBe(same);
  for (const changed of [
    { 'src/a.js': '2' },
    { 'src/b.js': '' },
    { 'package-lock.json': '{}' },
    { 'a.bench.js': '' },
  ]) {
    expect(digest(changed)).not.toBe(same);
  }
});

/** Node's answer to relative and absolute URLs; a name is found in the folder of whoever asks. */
const node: Resolve = (specifier, parent) =>
  /^(?:\.|file:)/.test(specifier) ? new URL(specifier, parent).href : new URL(`./found/${specifier}.js`, parent).href;

function sides() {
  const files = { 'package.json': '{ "name": "sums" }', 'bench/a.bench.js': '', 'src/b.bench.js': '' };
  const [head, side] = [temporaryRoot(files), temporaryRoot(files)];
  const resolution = repositoryResolution(head, side);
  const ask = (specifier: string, from: string): string => {
    const { href: url } = new URL(from, resolution.cases);
    return resolveForSide(resolution, specifier, url, node).replace(resolution.within, 'side:');
  };
  return { ask, head: resolution.cases, resolution };
}

test("takes the repository's files and its name from the side, the cases and what lies with them from head", () => {
  const { ask, head, resolution } = sides();
  expect(ask('../src/index.js?x', 'bench/a.bench.js')).toBe('side:src/index.js?x');
  expect(ask('./index.js', 'src/b.bench.js')).toBe('side:src/index.js');
  expect(ask('sums', 'bench/a.bench.js')).toBe('side:found/sums.js');
  expect(ask('sums/sub', 'src/b.bench.js')).toBe('side:found/sums/sub.js');
  expect(ask('./numbers.js', 'bench/a.bench.js')).toBe(`${head}bench/numbers.js`);
  expect(ask('./b.bench.js', 'src/index.js')).toBe(`${head}src/b.bench.js`);
  expect(ask(`${head}node_modules/x/index.js`, 'src/b.bench.js')).toBe(`${head}node_modules/x/index.js`);
  // A workspace that is found through a link to head's node_modules.
  expect(resolveForSide(resolution, `${head}packages/one/index.js`, `${resolution.within}src/index.js`, node)).toBe(
    `${resolution.within}packages/one/index.js`,
  );
});

test('of a published version only what is imported by name can be compared', () => {
  const { head } = sides();
  const published = publishedResolution(new URL(head).pathname.slice(0, -1), '/project', 'sums');
  expect(resolveForSide(published, 'sums', `${head}bench/a.bench.js`, node)).toBe('file:///project/found/sums.js');
  expect(() => resolveForSide(published, '../src/index.js', `${head}bench/a.bench.js`, node)).toThrow(
    'src/index.js is imported by its path',
  );
});

test('links the dependencies of head where manifests and lockfiles are equal', async () => {
  const files = {
    'package.json': '{ "dependencies": { "x": "1" } }',
    'yarn.lock': 'a',
    'packages/one/package.json': '{}',
  };
  const [head, base] = [temporaryRoot(files), temporaryRoot({ ...files, 'src/a.js': 'other' })];
  for (const folder of ['node_modules', 'packages/one/node_modules']) mkdirSync(join(head, folder));
  await installInRepository(base, head, { say: () => {} });
  expect(readlinkSync(join(base, 'node_modules'))).toBe(join(head, 'node_modules'));
  expect(realpathSync(join(base, 'packages/one/node_modules'))).toBe(
    realpathSync(join(head, 'packages/one/node_modules')),
  );
});

test('says what to do where it cannot install', async () => {
  const head = temporaryRoot({ 'package.json': '{ "dependencies": { "x": "1" } }', 'yarn.lock': 'a' });
  const base = temporaryRoot({ 'package.json': '{ "dependencies": { "x": "2" } }', 'yarn.lock': 'b' });
  mkdirSync(join(head, 'node_modules'));
  await expect(installInRepository(base, head, { say: () => {} })).rejects.toThrow('give that folder to --base');
  expect(existsSync(join(base, 'node_modules'))).toBe(false);
});

// On Windows npm is a script that only a shell starts; `program.ts` takes one there.
test('installs by the lockfile of npm where manifests differ', async () => {
  const lock = {
    name: 'base',
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { x: 'file:x' } },
      'node_modules/x': { resolved: 'x', link: true },
      x: { version: '1.0.0' },
    },
  };
  const base = temporaryRoot({
    'package.json': '{ "name": "base", "dependencies": { "x": "file:x" } }',
    'package-lock.json': JSON.stringify(lock),
    'x/package.json': '{ "name": "x", "version": "1.0.0" }',
  });
  const head = temporaryRoot({ 'package.json': '{ "name": "base" }' });
  const said: string[] = [];
  await installInRepository(base, head, { say: (line) => said.push(line) });
  expect(said).toEqual(['installing the dependencies of the base']);
  expect(realpathSync(join(base, 'node_modules/x'))).toBe(realpathSync(join(base, 'x')));
});
