import { expect, test, vi } from 'vitest';

import type { CaseResult } from './result.ts';
import { exitCodeOf, findCases, runCases } from './run.ts';
import { BRIEF, caseSource, launchOptions, temporaryRoot } from './temporary-root.ts';

// Each test starts several processes, which takes its time on a machine that does other work.
vi.setConfig({ testTimeout: 90_000 });

const files = {
  'benchmarks/one/b.bench.ts': caseSource({ name: `'Second'` }),
  'benchmarks/one/a.bench.ts': caseSource({ name: `'first'` }),
  'benchmarks/one/broken.bench.ts': 'export default nothing;',
  'benchmarks/one/empty.bench.ts': 'export {};',
  'benchmarks/one/note.ts': 'throw new Error("not a case file");',
  'benchmarks/two/a.bench.ts':
    `${caseSource({ name: `'third'` })}`.replace('export default', 'const single =') +
    'export default [single, { ...single, name: "fourth" }];',
};

test('finds the cases of the chosen packages in the order of their files, several in one file included', async () => {
  const root = temporaryRoot(files);
  const { cases, broken } = await findCases(['one', 'two'], '', launchOptions(root));
  expect(cases.map(({ package: name, name: title, index }) => `${name} ${title} ${index}`)).toEqual([
    'one first 0',
    'one Second 0',
    'two third 0',
    'two fourth 1',
  ]);
  expect(broken.map(({ error }) => error)).toEqual([
    'cannot load benchmarks/one/broken.bench.ts: nothing is not defined',
    'cannot load benchmarks/one/empty.bench.ts: the default export must be a bench(), an instance of tinybench, or an array of them',
  ]);
});

test('filters by a part of the name in any case', async () => {
  const root = temporaryRoot(files);
  const { cases } = await findCases(['one', 'two'], 'SECO', launchOptions(root));
  expect(cases.map(({ name }) => name)).toEqual(['Second']);
});

test('runs the other cases when one fails', async () => {
  const root = temporaryRoot({
    'benchmarks/one/a.bench.ts': caseSource({ answer: '() => 0' }),
    'benchmarks/one/b.bench.ts': caseSource({}),
  });
  const options = launchOptions(root);
  const result = await runCases(await findCases(['one'], '', options), BRIEF, options);
  expect(result.cases.map(({ status }) => status)).toEqual(['failed', 'measured']);
  expect(result).toMatchObject({ schema: 1, settings: BRIEF, environment: { node: process.versions.node } });
  // Nothing that JSON cannot hold, such as NaN.
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});

test('a wrong answer outranks a failure in the exit code', () => {
  const measured = { status: 'measured' } as CaseResult;
  const failed = { status: 'failed' } as CaseResult;
  const skipped = { status: 'skipped' } as CaseResult;
  const wrong = { status: 'failed', wrongAnswer: true } as CaseResult;
  const codeOf = (...cases: CaseResult[]): number =>
    exitCodeOf({ cases } as unknown as Parameters<typeof exitCodeOf>[0]);
  expect([codeOf(measured), codeOf(measured, failed), codeOf(skipped), codeOf(failed, wrong)]).toEqual([0, 1, 1, 3]);
});
