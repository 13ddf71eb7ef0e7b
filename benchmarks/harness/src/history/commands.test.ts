// The three commands as a user runs them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { sampleResult } from '../sample-result.ts';
import { caseSource, temporaryRoot } from '../temporary-root.ts';

vi.setConfig({ testTimeout: 90_000 });

const run = (command: string, root: string, ...args: readonly string[]) =>
  runCommand(`./history/${command}.ts`, root, args);

test('a run is recorded from a file, shown as JSON and as a page, and converted', async () => {
  const root = temporaryRoot({});
  writeFileSync(join(root, 'run.json'), JSON.stringify(sampleResult));
  expect(await run('record', root, '--from', 'run.json')).toMatchObject({ code: 0, stderr: '' });
  expect((await run('record', root, '--from', 'run.json')).stdout).toContain('recorded json: 1 cases');
  const shown = await run('main', root, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ damaged: [], series: [{ measure: 'time' }, {}, {}] });
  expect(await run('main', root, 'json', '--out', 'page.html')).toMatchObject({ code: 0, stdout: 'wrote page.html\n' });
  expect(readFileSync(join(root, 'page.html'), 'utf8')).toContain('validate twitter.json');
  const converted = await run('convert', root, '--from', 'ndjson', '--to', 'bmf', '.bench-history/json.jsonl');
  expect(Object.keys(JSON.parse(converted.stdout))).toEqual(['json: validate twitter.json']);
});

test('a result without figures is a failure unless that is allowed', async () => {
  const root = temporaryRoot({});
  writeFileSync(join(root, 'run.json'), JSON.stringify({ environment: sampleResult.environment, evidence: [] }));
  expect(await run('record', root, '--from', 'run.json')).toMatchObject({ code: 1 });
  expect(await run('record', root, '--from', 'run.json', '--allow-empty')).toMatchObject({ code: 0 });
});

test('without a file the cases are measured', async () => {
  const root = temporaryRoot({ 'benchmarks/demo/a.bench.ts': caseSource({}) });
  const { code, stdout } = await run('record', root, 'demo', '--quick');
  expect(stdout).toContain('recorded demo: 1 cases');
  expect(code).toBe(0);
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
])('%s exits with 2 for %j', async (command, args, message) => {
  expect(await run(command, temporaryRoot({}), ...args)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(message),
  });
});

test('a store without a history is said to be one', async () => {
  expect(await run('main', temporaryRoot({}))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('has no history'),
  });
});
