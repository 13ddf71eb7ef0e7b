// The command as a user runs it: a process in a folder that looks like the repository.
import { describe, expect, test, vi } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { sampleResult } from '../sample-result.ts';
import { caseSource, temporaryRoot } from '../temporary-root.ts';

vi.setConfig({ testTimeout: 90_000 });

const run = (root: string, ...args: readonly string[]) => runCommand('./targets/main.ts', root, args);

const target = { case: 'validate twitter.json', peer: 'JSON.parse', metric: 'time', atLeast: 2 };

function recordedRoot(...targets: object[]): string {
  return temporaryRoot({
    'benchmarks/json/targets.json': JSON.stringify(targets),
    'benchmarks/json/recorded.json': JSON.stringify(sampleResult),
    'benchmarks/other/a.bench.ts': caseSource({}),
  });
}

describe('bench:targets', () => {
  test('exits with 0 when all are met, with 1 when one is missed', async () => {
    const met = await run(recordedRoot(target));
    expect(met).toMatchObject({ code: 0, stdout: expect.stringContaining('1 met, 0 missed, 0 undecided') });
    const missed = await run(recordedRoot(target, { ...target, peer: 'faster | peer' }), 'json', '--json');
    expect(missed.code).toBe(1);
    expect(JSON.parse(missed.stdout)).toMatchObject({ targets: [{ verdict: 'met' }, { verdict: 'missed' }] });
  });

  test.each([
    [[{ ...target, case: 'gone' }], [], 'no case "gone"'],
    [[{ ...target, peer: 'gone' }], [], 'no peer "gone"'],
    [[{ ...target, metric: 'gone' }], [], 'unknown metric "gone"'],
    [[target], ['nowhere'], 'no benchmarks of nowhere'],
    [[target], ['other'], 'benchmarks/other has no targets.json'],
    [[target], ['--nope'], '--nope'],
    [[target], ['--run', '--recorded'], 'exclude each other'],
    [[target], ['--quick'], '--quick goes with --run'],
  ])('exits with 2 for %j %j', async (targets, args, message) => {
    const { code, stdout, stderr } = await run(recordedRoot(...targets), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('runs the cases that have goals with --run, and checks the names before', async () => {
    const goal = { case: 'a case', peer: 'peer', metric: 'time', atLeast: 1e-6 };
    const root = (change: object): string =>
      temporaryRoot({
        'benchmarks/demo/targets.json': JSON.stringify([{ ...goal, ...change }]),
        'benchmarks/demo/a.bench.ts': caseSource({ peers: `[{ name: 'peer', setup: (input) => () => input + 1 }]` }),
      });
    const done = await run(root({}), '--run', '--quick', '--markdown');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('a case | peer | time') });
    expect(await run(root({ peer: 'gone' }), '--run')).toMatchObject({ code: 2, stdout: '' });
  });
});
