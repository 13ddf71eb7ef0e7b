import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { printReport } from './report.mjs';

let printed;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

test('prints what failed with its output, one row for each project, and the count last', () => {
  const project = { name: '@perf/json', native: true };
  const skipped = { name: '@perf/http', native: true, skipped: 'no addon was built here' };
  const checks = ['install', 'types nodenext', 'types bundler', 'import 22.19.0', 'import 26.10.0', 'example 26.10.0'];
  const results = checks.map((check) => ({ project, check, ok: true, output: 'quiet' }));
  results.push({ project, check: 'example 22.19.0', ok: false, output: 'Error: broken\n    at x\n' });
  results.push({ project: skipped, check: 'skipped', ok: true, output: '' });
  const failed = printReport(results, [{ version: '22.19.0' }, { version: '26.10.0' }]);
  vi.restoreAllMocks();
  expect(failed).toBe(1);
  expect(printed).toMatchInlineSnapshot(`
    "
    failed: @perf/json with the addon: example 22.19.0
        Error: broken
            at x

    package     addon  install  types  22.19.0          26.10.0
    @perf/json  with   ok       ok     failed: example  ok
    @perf/http  with   no addon was built here
    6 passed, 1 failed
    "
  `);
});
