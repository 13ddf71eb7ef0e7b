// The three commands as a user runs them: real processes in a folder that looks like the repository.
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { run, start } from './command.fixture.ts';
import { recordedPath } from './record.ts';
import type { RunResult } from './result.ts';
import { caseSource, temporaryRoot } from './temporary-root.ts';

// Each test starts several processes, which takes its time on a machine that does other work.
vi.setConfig({ testTimeout: 90_000 });

const good = {
  'benchmarks/demo/a.bench.ts': caseSource({ peers: `[{ name: 'peer', setup: (input) => () => input + 1 }]` }),
};

describe('bench', () => {
  test('prints a table without colour to a pipe, and exits with 0', async () => {
    const { code, stdout } = await run('./main.ts', temporaryRoot(good), ['demo', '--quick', '--launches', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('demo: a case\n  input value');
    expect(stdout).toMatch(/\n {2}peer .*× \(one launch\)/);
    expect(stdout).not.toContain('\u001B');
  });

  test('keeps to ASCII where the locale is not UTF-8', async () => {
    const { stdout } = await run('./main.ts', temporaryRoot(good), ['--quick', '--launches', '1'], { LC_ALL: 'C' });
    // oxlint-disable-next-line no-control-regex -- all of ASCII is what is meant
    expect(stdout).toMatch(/^[\x00-\x7F]+$/);
  });

  test('prints one JSON object and nothing else with --json', async () => {
    const { code, stdout } = await run('./main.ts', temporaryRoot(good), ['--json', '--quick', '--launches', '1']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as RunResult;
    expect(result.cases[0]!.contestants.map(({ status }) => status)).toEqual(['measured', 'measured']);
  });

  test('writes a page beside what it prints with --html, and refuses a folder that is not there', async () => {
    const root = temporaryRoot(good);
    const { code, stdout } = await run('./main.ts', root, ['--quick', '--launches', '1', '--html', 'page.html']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}peer .*× \(one launch\)/);
    expect(readFileSync(join(root, 'page.html'), 'utf8')).toContain('<h2>demo: a case</h2>');
    expect((await run('./main.ts', root, ['--html', 'gone/page.html'])).code).toBe(2);
  });

  test('lists without running', async () => {
    const { code, stdout } = await run('./main.ts', temporaryRoot(good), ['--list']);
    expect(code).toBe(0);
    expect(stdout).toBe('demo: a case (value): ours against peer\n');
  });

  test('exits with 1 after a missing corpus and measures the other cases', async () => {
    const root = temporaryRoot({ ...good, 'benchmarks/demo/b.bench.ts': caseSource({ input: `corpus('x.json')` }) });
    const { code, stdout } = await run('./main.ts', root, ['--quick', '--launches', '1'], { PERF_CORPORA: root });
    expect(code).toBe(1);
    expect(stdout).toContain(`no corpus file ${join(root, 'x.json')}`);
    expect(stdout).toContain('× (one launch)');
  });

  test('exits with 3 after a wrong answer', async () => {
    const root = temporaryRoot({ 'benchmarks/demo/a.bench.ts': caseSource({ answer: '() => 0' }) });
    const { code, stdout } = await run('./main.ts', root, ['--quick', '--launches', '1']);
    expect(code).toBe(3);
    expect(stdout).toContain('ERROR wrong answer of ours: expected 0, got 21');
  });

  test.each([
    [['--nope'], /--nope/],
    [['other'], /no benchmarks of other; there are demo/],
    [['--filter', 'zzz'], /no case in benchmarks\/ has "zzz" in its name/],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stdout, stderr } = await run('./main.ts', temporaryRoot(good), args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  test('exits with 2 outside a repository, and prints its help', async () => {
    const root = temporaryRoot({});
    expect(await run('./main.ts', root, [])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('root of the repository'),
    });
    expect(await run('./main.ts', root, ['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--record'),
    });
  });

  // Windows has no SIGINT to send.
  test.skipIf(process.platform === 'win32')('kills its children and exits with 130 on Ctrl-C', async () => {
    const root = temporaryRoot({
      'benchmarks/demo/a.bench.ts': caseSource({
        ours: `{ name: 'ours', setup: async () => {
          const { writeFileSync } = await import('node:fs');
          writeFileSync('pid', String(process.pid));
          return () => { for (;;); };
        } }`,
      }),
    });
    const watcher = watch(root);
    const { child, ended } = start('./main.ts', root, []);
    const pidFile = join(root, 'pid');
    while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await once(watcher, 'change');
    watcher.close();
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});

describe('recording', () => {
  test('writes the record, prints the table from it, and finds a table edited by hand', async () => {
    const readme = 'packages/demo/README.md';
    const root = temporaryRoot({ ...good, [readme]: '<!-- bench:start -->\n<!-- bench:end -->\n' });
    // The shortest run that may be recorded.
    const recorded = await run('./main.ts', root, ['--record', '--launches', '1']);
    expect(recorded).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('recorded benchmarks/demo/recorded.json'),
    });
    const result = JSON.parse(readFileSync(recordedPath(root, 'demo'), 'utf8')) as RunResult;
    expect(result.cases).toHaveLength(1);

    expect(await run('./readme.ts', root, ['--check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(readme),
    });
    expect(await run('./readme.ts', root, [])).toMatchObject({ code: 0, stdout: `wrote ${readme}\n` });
    expect(readFileSync(join(root, readme), 'utf8')).toContain('| a case | ours:');
    expect(await run('./readme.ts', root, ['--check'])).toMatchObject({ code: 0, stderr: '' });
    const printed = readFileSync(join(root, readme), 'utf8');
    writeFileSync(join(root, readme), printed.replace('| ours: ', '| ours: 9'));
    const edited = await run('./readme.ts', root, ['--check']);
    expect(edited.code).toBe(1);
    expect(edited.stderr).toMatch(/ {2}line \d+\n {2}- \| a case \| ours: 9.*\n {2}\+ \| a case \| ours: /);
    writeFileSync(join(root, readme), printed);
  });

  test('keeps the older record when a case was not measured', async () => {
    const root = temporaryRoot({
      ...good,
      'benchmarks/demo/b.bench.ts': caseSource({ answer: '() => 0' }),
      'benchmarks/demo/recorded.json': 'older',
    });
    const { code, stderr } = await run('./main.ts', root, ['--record', '--launches', '1']);
    expect(code).toBe(3);
    expect(stderr).toContain('not recorded: a case of demo was not measured');
    expect(readFileSync(recordedPath(root, 'demo'), 'utf8')).toBe('older');
  });

  test('refuses to print from a record of another schema, and a README without markers', async () => {
    const other = temporaryRoot({ 'benchmarks/demo/recorded.json': '{"schema":0}' });
    expect(await run('./readme.ts', other, [])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has schema 0'),
    });
    const empty = { schema: 1, cases: [], warnings: [] };
    const bare = temporaryRoot({ 'benchmarks/demo/recorded.json': JSON.stringify(empty) });
    expect(await run('./readme.ts', bare, [])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('two bench markers'),
    });
  });
});

describe('fuzz', () => {
  const target = (body: string): string => `export const fuzz = { name: 'demo', run(seed, iterations) { ${body} } };`;

  test('counts what passed', async () => {
    const root = temporaryRoot({ 'packages/demo/src/a.fuzz.ts': target('') });
    const { code, stdout } = await run('./fuzz.ts', root, ['--seconds', '0.1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ok {6}demo: [\d,]+ iterations\nfuzz: 1 targets, [\d,]+ iterations in [\d.]+ s, 0 failed\n$/,
    );
  });

  test('prints the command that repeats a failure, and goes on with the other targets', async () => {
    const root = temporaryRoot({
      'packages/demo/src/a.fuzz.ts': target(`throw new Error('mismatch');`),
      'packages/demo/src/b.fuzz.ts': target(''),
    });
    const { code, stdout } = await run('./fuzz.ts', root, ['--seconds', '0']);
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED  demo: Error: mismatch');
    expect(stdout).toMatch(/npm run fuzz -- --filter packages\/demo\/src\/a\.fuzz\.ts --seed \d+ --iterations 16/);
    expect(stdout).toMatch(/fuzz: 2 targets, .* 1 failed\n$/);
  });

  test.each([
    [['--seed', '1'], /belong together/],
    [['--seconds', 'x'], /--seconds x/],
    [['--filter', 'zzz'], /with "zzz"/],
    [['extra'], /extra/],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stderr } = await run('./fuzz.ts', temporaryRoot({}), args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
