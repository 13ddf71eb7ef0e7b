import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeTarball } from '../pack/tarball.fixture.mjs';
import { planProjects } from './plan.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'perf-plan-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function packed(name, { platform = false, binary = false } = {}) {
  const file = path.join(folder, `${name}.tgz`);
  writeTarball(file, { 'package.json': JSON.stringify({ name: `@perf/${name}`, exports: { '.': './index.js' } }) });
  return { name: `@perf/${name}`, file, platform, binary };
}
const plan = (all, options = {}) => planProjects(all, { folder, filter: [], requireNative: false, ...options });

test('installs each package alone, once with and once without the addon, and takes no @perf name from a registry', () => {
  const all = [packed('json'), packed('native'), packed('native-linux-x64-gnu', { platform: true, binary: true })];
  const projects = plan(all);
  expect(projects.map(({ name, native }) => `${name} ${native}`)).toEqual([
    '@perf/json true',
    '@perf/json false',
    '@perf/native true',
    '@perf/native false',
  ]);
  for (const { packageJson } of projects) {
    const mapped = { ...packageJson.dependencies, ...packageJson.overrides };
    expect(Object.keys(mapped).sort()).toEqual(all.map(({ name }) => name).sort());
    for (const spec of Object.values(mapped)) expect(spec).toMatch(/^file:.*\.tgz$/);
  }
  expect(Object.keys(projects[0].packageJson.dependencies)).toEqual(['@perf/json', '@perf/native']);
  expect(Object.keys(projects[1].packageJson.dependencies)).toEqual(['@perf/json']);
  expect(projects[3].installArgs).toEqual(['--omit=optional']);
});

test('skips the projects with the addon where none was built, unless it is required', () => {
  const all = [packed('json'), packed('native'), packed('native-linux-x64-gnu', { platform: true })];
  const skipped = (options) =>
    plan(all, options)
      .filter((project) => project.skipped)
      .map(({ native }) => native);
  expect(skipped()).toEqual([true, true]);
  expect(skipped({ requireNative: true })).toEqual([]);
});

test('plans only what is asked for', () => {
  const all = [packed('json'), packed('http'), packed('native')];
  expect(plan(all, { filter: ['http'] }).map(({ name }) => name)).toEqual(['@perf/http', '@perf/http']);
});
