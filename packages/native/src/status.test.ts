import { describe, expect, test } from 'vitest';
import { nativeStatus } from './status.ts';
import { hasAddon } from './testing/addon.ts';
import { node, statusOf } from './testing/child.ts';

hasAddon();
// Of a process without switches, so that the tests hold whatever this one was started with.
const plain = await statusOf({});
const supported = plain.available === true ? (plain.cpu as { supported: string[] }).supported : [];
const foreign = process.arch === 'arm64' ? 'avx2' : 'neon';

describe('without the addon', () => {
  test('says that PERF_NATIVE=0 turned it off', async () => {
    expect(await statusOf({ PERF_NATIVE: '0' })).toEqual({
      available: false,
      target: nativeStatus().target,
      reason: 'PERF_NATIVE=0 turns it off',
    });
  });

  test('refuses a PERF_NATIVE that means nothing', async () => {
    const { available, reason } = await statusOf({ PERF_NATIVE: 'off' });
    expect([available, reason]).toEqual([false, 'PERF_NATIVE must be 0 or 1, got "off"']);
  });
});

describe.skipIf(supported.length === 0)('with the addon', () => {
  test('uses the best CPU path and lists the others, scalar last', () => {
    expect(plain).toMatchObject({ available: true, cpu: { path: supported[0] } });
    expect(supported.at(-1)).toBe('scalar');
    expect(plain.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test.for(supported.map((path) => ({ path })))('uses $path when PERF_NATIVE_CPU says so', async ({ path }) => {
    expect(await statusOf({ PERF_NATIVE_CPU: path, PERF_NATIVE: '1' })).toEqual({
      ...plain,
      cpu: { path, supported },
    });
  });

  test('is unavailable with a CPU path that the machine lacks, instead of using another', async () => {
    const { available, reason } = await statusOf({ PERF_NATIVE_CPU: foreign });
    expect(available).toBe(false);
    expect(reason).toBe(`PERF_NATIVE_CPU=${foreign} is not among what this CPU has (${supported.join(', ')})`);
  });

  test('is unavailable with a CPU path that nobody knows', async () => {
    const { available, reason } = await statusOf({ PERF_NATIVE_CPU: 'mmx' });
    expect(available).toBe(false);
    expect(reason).toBe('PERF_NATIVE_CPU must be one of avx512, avx2, sse42, neon, scalar, got "mmx"');
  });

  test('keeps the path that the process chose first, and says so to a thread that wants another', async () => {
    const source = `
      process.env.PERF_NATIVE_CPU = 'scalar';
      import('@perf/native').then(({ nativeStatus }) => {
        nativeStatus();
        const { Worker } = process.getBuiltinModule('node:worker_threads');
        const inside = "import('@perf/native').then((native) => process.stdout.write(JSON.stringify(native.nativeStatus())))";
        new Worker(inside, { eval: true, env: { ...process.env, PERF_NATIVE_CPU: '${supported[0]}' } });
      });`;
    const status = JSON.parse(await node(['--eval', source])) as object;
    expect(status).toMatchObject(
      supported[0] === 'scalar'
        ? { available: true }
        : {
            available: false,
            reason: expect.stringContaining('another thread of this process chose scalar') as string,
          },
    );
  });

  test('loads the addon on first use, not at import', async () => {
    const source = `
      const loaded = () => Object.keys(process.getBuiltinModule('node:module')._cache).filter((file) => file.endsWith('.node'));
      import('@perf/native').then(({ nativeStatus }) => {
        const before = loaded().length;
        nativeStatus();
        process.stdout.write(before + ' ' + loaded().length);
      })`;
    expect(await node(['--eval', source])).toBe('0 1');
  });
});
