import { expect, test } from 'vitest';

import { lockEntries } from './lockfile.ts';

const lock = (changes: Readonly<Record<string, string>> = {}): string => {
  const text = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: false

importers:

  .:
    devDependencies:
      turbo:
        specifier: 'catalog:'
        version: 2.0.0

  benchmarks/json:
    dependencies:
      '@perf/json':
        specifier: workspace:*
        version: link:../../packages/json
      '@scope/peer':
        specifier: 1.0.0
        version: 1.0.0(leaf@3.0.0)

packages:

  '@scope/peer@1.0.0':
    resolution: {integrity: sha512-peer}
    engines: {node: '>=18'}
    peerDependencies:
      leaf: '*'

  leaf@3.0.0:
    resolution: {integrity: sha512-leaf}
    cpu: [x64]

  turbo@2.0.0:
    resolution: {integrity: sha512-turbo}

snapshots:

  '@scope/peer@1.0.0(leaf@3.0.0)':
    dependencies:
      leaf: 3.0.0
    transitivePeerDependencies:
      - supports-color

  leaf@3.0.0: {}

  turbo@2.0.0: {}
`;
  return Object.entries(changes).reduce((all, [from, to]) => all.replaceAll(from, to), text);
};

const json = (text: string): string => lockEntries(text, ['benchmarks/json']);

test('is the same when something changes that the folder does not use', () => {
  expect(json(lock({ 'sha512-turbo': 'sha512-other', 'turbo@2.0.0': 'turbo@2.0.1' }))).toBe(json(lock()));
});

test.each([
  ['its own entry', { 'specifier: 1.0.0': 'specifier: ^1.0.0' }],
  ['what it depends on', { 'sha512-peer': 'sha512-other' }],
  ['what that depends on', { 'sha512-leaf': 'sha512-other' }],
  ['the version of that', { 'leaf@3.0.0': 'leaf@3.0.1', 'leaf: 3.0.0': 'leaf: 3.0.1' }],
])('differs when %s changes', (_what, changes) => {
  expect(json(lock(changes))).not.toBe(json(lock()));
});

test('takes only the entries of the folder and what they reach', () => {
  expect(json(lock())).toContain('sha512-leaf');
  expect(json(lock())).not.toContain('turbo');
});

test('is the whole file in a format that it does not know', () => {
  const other = lock({ "'9.0'": "'6.0'" });
  expect(json(other)).toBe(other);
});
