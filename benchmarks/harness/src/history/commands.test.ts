// The three commands as a user runs them.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test, vi } from 'vitest';

import { sampleResult } from '../sample-result.ts';
import { caseSource, temporaryRoot } from '../temporary-root.ts';

vi.setConfig({ testTimeout: 90_000 });

function run(command: string, root: string, ...args: string[]) {
  const file = fileURLToPath(new URL(`./${command}.ts`, import.meta.url));
  const argv = ['--conditions=@perf/source', '--disable-warning=ExperimentalWarning', file, ...args];
  return spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
}

test('a run is recorded from a file, shown as JSON and as a page, and converted', () => {
  const root = temporaryRoot({});
  writeFileSync(join(root, 'run.json'), JSON.stringify(sampleResult));
  expect(run('record', root, '--from', 'run.json')).toMatchObject({ status: 0, stderr: '' });
  expect(run('record', root, '--from', 'run.json').stdout).toContain('recorded json: 1 cases');
  const shown = run('main', root, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ damaged: [], series: [{ measure: 'time' }, {}, {}] });
  expect(run('main', root, 'json', '--out', 'page.html')).toMatchObject({ status: 0, stdout: 'wrote page.html\n' });
  expect(readFileSync(join(root, 'page.html'), 'utf8')).toContain('validate twitter.json');
  const converted = run('convert', root, '--from', 'ndjson', '--to', 'bmf', '.bench-history/json.jsonl');
  expect(Object.keys(JSON.parse(converted.stdout))).toEqual(['json: validate twitter.json']);
});

test('a result without figures is a failure unless that is allowed', () => {
  const root = temporaryRoot({});
  writeFileSync(join(root, 'run.json'), JSON.stringify({ environment: sampleResult.environment, evidence: [] }));
  expect(run('record', root, '--from', 'run.json')).toMatchObject({ status: 1 });
  expect(run('record', root, '--from', 'run.json', '--allow-empty')).toMatchObject({ status: 0 });
});

test('without a file the cases are measured', () => {
  const root = temporaryRoot({ 'benchmarks/demo/a.bench.ts': caseSource({}) });
  const { status, stdout } = run('record', root, 'demo', '--quick');
  expect(stdout).toContain('recorded demo: 1 cases');
  expect(status).toBe(0);
});

test.each([
  ['record', ['--zzz'], /zzz/],
  ['record', ['--from', 'nothing.json'], /nothing\.json/],
  ['record', ['--format', 'x'], /--format x/],
  ['record', ['--push'], /--push needs/],
  ['record', ['--from', 'a', 'json'], /leave out packages/],
  ['main', ['--store'], /store/],
  ['convert', ['--from', 'bmf', '--to', 'csv', 'a'], /--from bmf/],
  ['convert', ['--from', 'mitata', '--to', 'csv'], /one FILE/],
])('%s exits with 2 for %j', (command, args, message) => {
  expect(run(command, temporaryRoot({}), ...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
});

test('a store without a history is said to be one', () => {
  expect(run('main', temporaryRoot({}))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('has no history'),
  });
});
