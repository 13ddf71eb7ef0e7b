import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import type { CaseResult, Settings } from './result.ts';
import { measureCase, type Step } from './rounds.ts';
import { findCases } from './run.ts';
import { BRIEF, caseSource, launchOptions, temporaryRoot } from './temporary-root.ts';

// Each test starts several processes, which takes its time on a machine that does other work.
vi.setConfig({ testTimeout: 90_000 });

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Measured {
  readonly result: CaseResult;
  readonly steps: Step[];
  readonly root: string;
}

/** Measures the one case that the properties describe, in real child processes. */
async function measured(
  properties: Readonly<Record<string, string>>,
  change: { settings?: Partial<Settings>; signal?: AbortSignal; onStep?: () => void } = {},
): Promise<Measured> {
  const root = temporaryRoot({ 'benchmarks/demo/a.bench.ts': caseSource(properties) });
  const settings = { ...BRIEF, ...change.settings };
  const options = launchOptions(root, { limitMs: settings.limitMs, signal: change.signal });
  const { cases, broken } = await findCases(['demo'], '', launchOptions(root));
  expect(broken).toEqual([]);
  const steps: Step[] = [];
  const result = await measureCase(cases[0]!, settings, options, (step) => {
    steps.push(step);
    change.onStep?.();
  });
  return { result, steps, root };
}

const peer = (setup: string, more = ''): string => `[{ name: 'peer', setup: ${setup}, ${more} }]`;

describe('a case that works', () => {
  test('has figures of every contestant and a ratio for each peer', async () => {
    const { result } = await measured({
      input: 'seeded(42, (random) => Array.from({ length: 100 }, random))',
      units: `(input) => ({ name: 'numbers', count: input.length })`,
      answer: '(input) => input.length',
      ours: `{ name: 'ours', setup: (input) => () => input.map((x) => x).length }`,
      peers: peer('(input) => () => input.slice().length'),
    });
    expect(result).toMatchObject({
      package: 'demo',
      file: 'benchmarks/demo/a.bench.ts',
      name: 'a case',
      status: 'measured',
      input: { label: 'seed 42', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      units: { name: 'numbers', count: 100 },
    });
    const [ours, other] = result.contestants;
    expect(ours).toMatchObject({ role: 'ours', status: 'measured', version: `Node ${process.versions.node}` });
    expect(ours!.figures!.ratio).toBeUndefined();
    expect(ours!.figures!.unitsPerSecond).toBe((100 / ours!.figures!.runNs) * 1e9);
    expect(ours!.launches).toHaveLength(2);
    expect(ours!.launches[0]!.batch).toBeGreaterThan(1);
    expect(ours!.launches[0]!.maxRssBytes).toBeGreaterThan(10e6);
    expect(ours!.launches[0]!.cpuNs).toBeGreaterThan(0);
    const { value, low, high } = other!.figures!.ratio!;
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high!);
  });

  test('launches the contestants in an order that rotates from round to round', async () => {
    const { steps } = await measured(
      {
        peers: `[{ name: 'b', setup: (input) => () => input + 1 }, { name: 'c', setup: (input) => () => input + 1 }]`,
      },
      { settings: { launches: 3, timeMs: 1 } },
    );
    expect(steps.map(({ contestant }) => contestant).join(' ')).toBe('ours b c b c ours c ours b');
  });

  test('awaits an asynchronous run and says that only one side waits', async () => {
    const { result } = await measured({ peers: peer('async (input) => async () => input + 1') });
    expect(result.status).toBe('measured');
    expect(result.contestants[1]!.launches[0]!.async).toBe(true);
    expect(result.warnings).toContain('peer returns a promise, the others do not: the wait is in the time');
  });

  test('takes the version of a library that is no npm package from the case', async () => {
    const { result } = await measured({
      peers: peer('(input) => () => input + 1', `package: 'a-crate', version: '1.2.3'`),
    });
    expect(result.contestants[1]).toMatchObject({ status: 'measured', package: 'a-crate', version: '1.2.3' });
  });

  test('closes every contestant after it was timed, once per launch', async () => {
    const { root } = await measured({
      ours: `{ name: 'ours', setup: async (input) => {
        const { appendFileSync } = await import('node:fs');
        return { run: () => input + 1, close: async () => appendFileSync('closed', 'x') };
      } }`,
    });
    expect(readFileSync(join(root, 'closed'), 'utf8')).toBe('xx');
  });

  test('ends a launch whose contestant leaves a server open', async () => {
    const { result } = await measured({
      ours: `{ name: 'ours', setup: async (input) => {
        const { createServer } = await import('node:net');
        await new Promise((resolve) => createServer().listen(0, resolve));
        return () => input + 1;
      } }`,
    });
    expect(result.status).toBe('measured');
  });

  test('reads the version of a package from where the case file finds it', async () => {
    const root = temporaryRoot({
      'benchmarks/demo/a.bench.ts': caseSource({
        peers: peer(`async () => (await import('some-peer')).run`, `package: 'some-peer'`),
      }),
      'benchmarks/demo/node_modules/some-peer/package.json':
        '{ "name": "some-peer", "version": "4.5.6", "type": "module", "exports": "./index.js" }',
      'benchmarks/demo/node_modules/some-peer/index.js': 'export const run = () => 21;',
    });
    const { cases } = await findCases(['demo'], '', launchOptions(root));
    const result = await measureCase(cases[0]!, BRIEF, launchOptions(root), () => {});
    expect(result.contestants[1]).toMatchObject({ status: 'measured', version: '4.5.6', package: 'some-peer' });
  });
});

describe('a peer without figures', () => {
  test('is named when its package is not installed, and the case is measured', async () => {
    const { result, steps } = await measured({
      peers: peer(`async () => (await import('not-there')).run`, `package: 'not-there'`),
    });
    expect(result.status).toBe('measured');
    expect(result.contestants[1]).toMatchObject({ name: 'peer', status: 'missing', reason: 'not installed' });
    expect(steps.filter(({ contestant }) => contestant === 'peer')).toHaveLength(1);
  });

  test('is named with the cause when it cannot be loaded', async () => {
    const { result } = await measured({ peers: peer(`() => { throw new Error('needs AVX-512'); }`) });
    expect(result.status).toBe('measured');
    expect(result.contestants[1]).toMatchObject({ status: 'missing', reason: 'failed to load (needs AVX-512)' });
  });

  test('is told to be optional, with the reason that its setup gives', async () => {
    const notBuilt = `Object.assign(new Error('build it'), { code: 'MODULE_NOT_FOUND' })`;
    const { result } = await measured({
      peers: peer(`() => { throw ${notBuilt}; }`, `package: 'a-crate', version: '1.2.3', optional: true`),
    });
    expect(result.status).toBe('measured');
    expect(result.contestants[1]).toMatchObject({
      status: 'missing',
      reason: 'not installed (build it)',
      optional: true,
    });
  });

  test('fails the case when its run throws, and the others keep their figures', async () => {
    const { result } = await measured({ peers: peer(`() => () => { throw new Error('broken'); }`) });
    expect(result).toMatchObject({ status: 'failed', error: 'peer: run: broken' });
    expect(result.contestants[0]!.figures).toBeDefined();
    expect(result.contestants[1]!.figures).toBeUndefined();
  });

  test('fails the case when its process dies', async () => {
    const { result } = await measured({ peers: peer(`() => () => process.exit(9)`) });
    expect(result).toMatchObject({ status: 'failed', error: 'peer: launch: ended without a result (exit code 9)' });
  });

  test('fails the case when its promise never settles', async () => {
    const { result } = await measured({ peers: peer(`() => () => new Promise(() => {})`) });
    expect(result.error).toMatch(/a promise never settles/);
  });
});

describe('a case that is cut short', () => {
  test('ends at a wrong answer with what was expected and got, and without figures', async () => {
    const { result, steps } = await measured({ peers: peer('(input) => () => ({ value: input })') });
    expect(result).toMatchObject({
      status: 'failed',
      wrongAnswer: true,
      error: 'wrong answer of peer: expected 21, got { value: 20 }',
    });
    expect(result.contestants.every(({ figures }) => figures === undefined)).toBe(true);
    expect(steps).toHaveLength(2);
  });

  test('compares answers strictly', async () => {
    const { result } = await measured({ peers: peer('() => async () => "21"') });
    expect(result.error).toBe(`wrong answer of peer: expected 21, got '21'`);
  });

  test('is skipped when its corpus is missing', async () => {
    vi.stubEnv('PERF_CORPORA', '/no/such/folder');
    const { result } = await measured({ input: `corpus('json/a.json')` });
    expect(result.status).toBe('skipped');
    expect(result.error).toContain(join('/no/such/folder', 'json/a.json'));
  });

  test('fails when ours is missing', async () => {
    const { result } = await measured({ ours: `{ name: 'ours', package: 'not-there', setup: () => () => 21 }` });
    expect(result).toMatchObject({ status: 'failed', error: 'ours: not installed' });
  });

  test('fails when its input differs between launches', async () => {
    const { result } = await measured({
      input: 'seeded(1, () => process.pid)',
      answer: '() => 1',
      ours: `{ name: 'ours', setup: () => () => 1 }`,
    });
    expect(result.error).toMatch(/input is not the same in every launch/);
  });

  test('kills a run that never ends at the time limit', async () => {
    const { result } = await measured(
      { ours: `{ name: 'ours', setup: () => () => { for (;;); } }` },
      { settings: { limitMs: 1_500 } },
    );
    expect(result).toMatchObject({ status: 'failed', error: 'ours: launch: killed after the time limit of 1.5 s' });
  });

  test('kills the launch when it is interrupted', async () => {
    const interruption = new AbortController();
    const { result, root } = await measured(
      { ours: `{ name: 'ours', setup: () => () => { for (;;); } }` },
      { signal: interruption.signal, onStep: () => setImmediate(() => interruption.abort()) },
    );
    expect(result).toMatchObject({ status: 'failed', error: 'interrupted' });
    expect(existsSync(root)).toBe(true);
  });
});
