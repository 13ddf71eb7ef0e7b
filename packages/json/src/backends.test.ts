import { beforeAll, describe, expect, test } from 'vitest';
import { cpuPaths, node, program } from './testing/child.ts';
import { whyNoCorpora } from './testing/corpora.ts';
import type { Verdicts } from './testing/verdicts.ts';

function verdicts(env: Record<string, string>): Promise<Verdicts> {
  return program('verdicts.ts', env);
}

const missing = whyNoCorpora();
const paths = await cpuPaths();
if (missing !== undefined) process.stderr.write(`backends.test.ts without real data: ${missing}\n`);
if (paths.length === 0) process.stderr.write('backends.test.ts without native code: the addon is not built\n');

describe('every backend', () => {
  let javascript: Verdicts;
  beforeAll(async () => {
    javascript = await verdicts({ PERF_NATIVE: '0' });
  }, 120_000);

  test('gives the verdicts of the engine in JavaScript', () => {
    expect(javascript).toMatchObject({ backend: 'javascript', mismatches: [] });
  });

  test.skipIf(missing !== undefined)('passes the conformance suite', () => {
    expect(javascript.conformance).toEqual({ accepted: 95, refused: 188 });
  });

  test.for(paths.map((path) => ({ path })))(
    'gives the same verdicts, offsets, lines and columns on $path',
    { timeout: 120_000 },
    async ({ path }) => {
      const native = await verdicts({ PERF_NATIVE_CPU: path, PERF_REQUIRE_NATIVE: '1' });
      expect(native).toEqual({ ...javascript, backend: 'native' });
    },
  );
});

describe('the choice of a backend', () => {
  const backend = `import('@perf/json').then(({ isValid, jsonBackend }) => {
    try {
      isValid('[]');
      process.stdout.write(jsonBackend());
    } catch (error) {
      process.stdout.write(error.code + ' ' + error.message);
    }
  })`;

  test('is JavaScript where native code is turned off, required or not', async () => {
    expect(await node(['--eval', backend], { PERF_NATIVE: '0' })).toBe('javascript');
    expect(await node(['--eval', backend], { PERF_NATIVE: '0', PERF_REQUIRE_NATIVE: '1' })).toBe('javascript');
  });

  test('is JavaScript where native code is not available, unless it is required', async () => {
    expect(await node(['--eval', backend], { PERF_NATIVE_CPU: 'mmx' })).toBe('javascript');
    const refused = await node(['--eval', backend], { PERF_NATIVE_CPU: 'mmx', PERF_REQUIRE_NATIVE: '1' });
    expect(refused).toMatch(/^ERR_PERF_JSON_NATIVE native code is required .*(PERF_NATIVE_CPU|not installed)/);
  });

  test('happens on first use, not at import', async () => {
    const source = `
      const loaded = () => Object.keys(process.getBuiltinModule('node:module')._cache).filter((file) => file.endsWith('.node'));
      import('@perf/json').then(({ isValid }) => {
        const before = loaded().length;
        isValid('[]');
        process.stdout.write(before + ' ' + loaded().length);
      })`;
    expect(await node(['--eval', source], {})).toBe(`0 ${paths.length === 0 ? 0 : 1}`);
  });
});
