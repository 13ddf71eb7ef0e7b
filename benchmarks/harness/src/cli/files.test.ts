import { afterEach, expect, test } from 'vitest';

import { benchmarkPackages, caseFiles, packageFolder } from '../discover.ts';
import { useRepository } from '../layout.ts';
import { temporaryRoot } from '../temporary-root.ts';
import { chooseInRepository } from './choose.ts';
import { onlyFiles } from './files.ts';

useRepository();
afterEach(() => onlyFiles([]));

const tree = (): string =>
  temporaryRoot({
    'all.bench.js': '',
    'bench/b.bench.ts': '',
    'bench/a.bench.mjs': '',
    'bench/helper.js': '',
    'packages/@json/src/parse.bench.mts': '',
    'node_modules/x/x.bench.js': '',
    'packages/one/node_modules/x/x.bench.js': '',
    'dist/d.bench.js': '',
    '.perf/bases/1/bench/a.bench.mjs': '',
    'perf/old.js': '',
  });

test('finds case files anywhere but in what is made or installed, and names packages by their folders', () => {
  const root = tree();
  expect(benchmarkPackages(root)).toEqual(['bench', 'packages-_json-src', 'root']);
  expect(caseFiles(root, ['bench', 'root']).map(({ package: from, file }) => `${from} ${file}`)).toEqual([
    'bench bench/a.bench.mjs',
    'bench bench/b.bench.ts',
    'root all.bench.js',
  ]);
  expect(packageFolder(root, 'packages-_json-src')).toBe('packages/@json/src');
  expect(packageFolder(root, 'root')).toBe('.');
});

test('arguments choose packages, files, folders or globs', () => {
  const root = tree();
  const files = (...given: string[]): string[] => {
    onlyFiles([]);
    return caseFiles(root, chooseInRepository(root, given)).map(({ file }) => file);
  };
  expect(files()).toHaveLength(4);
  expect(files('root')).toEqual(['all.bench.js']);
  expect(files('perf/*.js')).toEqual(['perf/old.js']);
  expect(files('packages/@json', 'all.bench.js')).toEqual(['packages/@json/src/parse.bench.mts', 'all.bench.js']);
  expect(files('**/x.bench.js', 'bench/a.bench.mjs')).toEqual(['bench/a.bench.mjs']);
  expect(() => files('nothing')).toThrow('there are bench, packages-_json-src, root');
  expect(() => files('root', 'perf/*.js')).toThrow('not both');
  expect(() => files('perf/*.ts')).toThrow('no case files: perf/*.ts');
});
