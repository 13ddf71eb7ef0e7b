import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entry } from './mirror.fixture.mjs';
import { corporaFolder, corporaState, readManifest } from './state.mjs';

let root;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'perf-corpora-'));
  writeFileSync(
    path.join(root, 'corpora.json'),
    JSON.stringify({ licences: {}, files: [entry('feeds/a', '12'), entry('json/b', '345')] }),
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function fill(folder) {
  mkdirSync(path.join(folder, 'feeds'), { recursive: true });
  mkdirSync(path.join(folder, 'json'), { recursive: true });
  writeFileSync(path.join(folder, 'feeds/a'), '12');
  writeFileSync(path.join(folder, 'json/b'), '345');
}

test('finds the folder of PERF_CORPORA before .corpora', () => {
  fill(path.join(root, '.corpora'));
  const other = path.join(root, 'other');
  fill(other);
  expect(corporaFolder({}, root)).toBe(path.join(root, '.corpora'));
  expect(corporaFolder({ PERF_CORPORA: other }, root)).toBe(other);
  expect(corporaFolder({ PERF_CORPORA: 'other' }, root)).toBe(other);
});

test('does not fall back to .corpora when PERF_CORPORA names an empty place, as tests do not either', () => {
  fill(path.join(root, '.corpora'));
  expect(corporaFolder({ PERF_CORPORA: path.join(root, 'nowhere') }, root)).toBe(undefined);
  expect(corporaState({ PERF_CORPORA: path.join(root, 'nowhere') }, root)).toBe('none');
});

test('takes a folder for absent when one file is missing or has another size', () => {
  const folder = path.join(root, '.corpora');
  fill(folder);
  writeFileSync(path.join(folder, 'json/b'), '34');
  expect(corporaFolder({}, root)).toBe(undefined);
  rmSync(path.join(folder, 'json/b'));
  expect(corporaFolder({}, root)).toBe(undefined);
});

test('changes its state when a file comes, goes or is edited, and for nothing else', () => {
  const folder = path.join(root, '.corpora');
  expect(corporaState({}, root)).toBe('none');
  fill(folder);
  const full = corporaState({}, root);
  expect(full).toMatch(/^[0-9a-f]{16}$/);
  writeFileSync(path.join(folder, 'note.txt'), 'not in the manifest');
  expect(corporaState({}, root)).toBe(full);
  utimesSync(path.join(folder, 'json/b'), 1, 1);
  const edited = corporaState({}, root);
  rmSync(path.join(folder, 'json/b'));
  const fewer = corporaState({}, root);
  expect(new Set(['none', full, edited, fewer]).size).toBe(4);
});

test('refuses entries that would leave the folder', () => {
  for (const name of ['/etc/x', '../x', 'a/../x', 'a/..', '..', 'a//b', 'C:/x', 'a\\b', '']) {
    writeFileSync(path.join(root, 'corpora.json'), JSON.stringify({ files: [entry(name, '')] }));
    expect(() => readManifest(root)).toThrow(`the path ${JSON.stringify(name)} leaves the folder`);
  }
});

test('the manifest of this repository is sorted, complete and counts itself', () => {
  const manifest = readManifest(path.resolve(import.meta.dirname, '../..'));
  const names = manifest.files.map((file) => file.path);
  expect(names).toEqual([...new Set(names)].sort());
  expect(manifest.count).toBe(names.length);
  expect(manifest.bytes).toBe(manifest.files.reduce((sum, file) => sum + file.bytes, 0));
  for (const file of manifest.files) {
    expect(Object.keys(manifest.licences)).toContain(file.licence);
    expect(file.url).toMatch(/^https:\/\//);
  }
});
