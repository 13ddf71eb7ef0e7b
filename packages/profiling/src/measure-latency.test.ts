import { once } from 'node:events';
import { expectTypeOf, describe, expect, test } from 'vitest';
import { LatencyRegistry, getStats, measureLatency } from './index.ts';
import type { LatencyStats } from './index.ts';

/** Each test has a registry of its own, so that tests do not see each other's figures. */
function statsOf(registry: LatencyRegistry, name: string): LatencyStats {
  const stats = registry.getStats().get(name);
  if (stats === undefined) throw new Error(`nothing was measured as ${name}`);
  return stats;
}

describe('a measured function', () => {
  test('returns what the function returns and is counted', () => {
    const registry = new LatencyRegistry();
    const add = registry.measureLatency('add')((a: number, b: number) => a + b);
    expect([add(1, 2), add(3, 4)]).toEqual([3, 7]);
    const stats = statsOf(registry, 'add');
    expect(stats).toMatchObject({ name: 'add', calls: 2, errors: 0, timed: 2 });
    expect(stats.minNs).toBeGreaterThanOrEqual(0);
    expect(stats.p50Ns).toBeLessThanOrEqual(stats.maxNs);
    expect(stats.totalNs).toBeGreaterThanOrEqual(stats.maxNs);
  });

  test('measures the time that passes inside', () => {
    const registry = new LatencyRegistry();
    const busy = registry.measureLatency('busy')(() => {
      const begin = performance.now();
      while (performance.now() - begin < 5);
    });
    busy();
    expect(statsOf(registry, 'busy').minNs).toBeGreaterThanOrEqual(5e6);
  });

  test('keeps name, arity, this and every argument', () => {
    const counter = {
      total: 10,
      add: new LatencyRegistry().measureLatency('m')(function add(this: { total: number }, a: number, b: number) {
        return this.total + a + b;
      }),
    };
    expect([counter.add(1, 2), counter.add.name, counter.add.length]).toEqual([13, 'add', 2]);
    const all = new LatencyRegistry().measureLatency('m')((...args: number[]) => args);
    expect(all(1, 2, 3)).toEqual([1, 2, 3]);
  });

  test('keeps its type, with generics and overloads', () => {
    const measure = new LatencyRegistry().measureLatency('m');
    const identity = measure(<T>(value: T): T => value);
    expectTypeOf(identity('x')).toEqualTypeOf<string>();
    const load = measure(async (id: number) => ({ id }));
    expectTypeOf(load).toEqualTypeOf<(id: number) => Promise<{ id: number }>>();
    // @ts-expect-error a measured function refuses what the function refuses
    void load('1');
    expect(identity(5)).toBe(5);
  });

  test('throws the same error and counts it apart', () => {
    const registry = new LatencyRegistry();
    const failure = new Error('no');
    const fail = registry.measureLatency('fail')((wanted: boolean) => {
      if (wanted) throw failure;
    });
    fail(false);
    expect(() => fail(true)).toThrow(failure);
    expect(statsOf(registry, 'fail')).toMatchObject({ calls: 2, errors: 1, timed: 2 });
  });

  test('counts a promise when it settles', async () => {
    const registry = new LatencyRegistry();
    let resolve: (value: string) => void = () => undefined;
    const promise = new Promise<string>((settle) => {
      resolve = settle;
    });
    const wait = registry.measureLatency('wait')(() => promise);
    const result = wait();
    expect(statsOf(registry, 'wait').calls).toBe(0);
    resolve('done');
    await expect(result).resolves.toBe('done');
    expect(statsOf(registry, 'wait')).toMatchObject({ calls: 1, errors: 0 });
  });

  test('rejects with the same error and counts it apart', async () => {
    const registry = new LatencyRegistry();
    const failure = new Error('no');
    const fail = registry.measureLatency('fail')(async () => {
      throw failure;
    });
    await expect(fail()).rejects.toBe(failure);
    expect(statsOf(registry, 'fail')).toMatchObject({ calls: 1, errors: 1 });
  });

  test('leaves a rejection that nobody handles visible', async () => {
    const fail = new LatencyRegistry().measureLatency('fail')(() => Promise.reject(new Error('unseen')));
    // The test runner listens too, and would fail the run.
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      const seen = once(process, 'unhandledRejection');
      void fail();
      await expect(seen).resolves.toMatchObject([{ message: 'unseen' }, expect.anything()]);
    } finally {
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
  });

  test('does not start a lazy thenable', () => {
    let started = false;
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- what query builders are
      then() {
        started = true;
      },
    };
    const registry = new LatencyRegistry();
    expect(registry.measureLatency('query')(() => query)()).toBe(query);
    expect([started, statsOf(registry, 'query').calls]).toEqual([false, 1]);
  });

  test('may call itself', () => {
    const registry = new LatencyRegistry();
    const factorial: (n: number) => number = registry.measureLatency('f')((n: number) =>
      n < 2 ? 1 : n * factorial(n - 1),
    );
    expect(factorial(5)).toBe(120);
    expect(statsOf(registry, 'f').calls).toBe(5);
  });

  test('shares the figures of its name with others', () => {
    const registry = new LatencyRegistry();
    registry.measureLatency('same')(() => 1)();
    registry.measureLatency('same')(() => 2)();
    expect(statsOf(registry, 'same').calls).toBe(2);
  });
});

describe('sampling', () => {
  test('counts calls and errors exactly and times about one in n', () => {
    const registry = new LatencyRegistry();
    const work = registry.measureLatency('work', { sampleEvery: 16 })((index: number) => {
      if (index % 100 === 0) throw new RangeError('every hundredth');
      return index;
    });
    for (let index = 0; index < 32_000; index++) {
      try {
        work(index);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    const stats = statsOf(registry, 'work');
    expect(stats).toMatchObject({ calls: 32_000, errors: 320 });
    // Binomial(32,000, 1/16): mean 2,000, standard deviation 43. Ten of them do not happen.
    expect(Math.abs(stats.timed - 2_000)).toBeLessThan(430);
    expect(stats.totalNs).toBeCloseTo(stats.meanNs * 32_000, 0);
  });

  test('is blind to patterns in the calls', () => {
    const registry = new LatencyRegistry();
    const work = registry.measureLatency('work', { sampleEvery: 16 })((phase: number) => phase);
    const timed = new Array<number>(16).fill(0);
    let before = 0;
    for (let index = 0; index < 16_000; index++) {
      work(index % 16);
      const now = statsOf(registry, 'work').timed;
      timed[index % 16] += now - before;
      before = now;
    }
    // A fixed gap of 16 would time one phase a thousand times and the others never. Each has mean 62.5, deviation 7.7.
    for (const times of timed) expect(Math.abs(times - 62.5)).toBeLessThan(62);
  });

  test('counts promises and rejections exactly', async () => {
    const registry = new LatencyRegistry();
    const load = registry.measureLatency('load', { sampleEvery: 1_000 })(async (ok: boolean) => {
      if (!ok) throw new Error('no');
      return 'yes';
    });
    const results = await Promise.allSettled([load(true), load(false), load(true)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(statsOf(registry, 'load')).toMatchObject({ calls: 3, errors: 1 });
  });

  test('takes over the rate of a name that is sampled already, and refuses another', () => {
    const registry = new LatencyRegistry();
    registry.measureLatency('x', { sampleEvery: 8 });
    expect(() => registry.measureLatency('x')).not.toThrow();
    expect(() => registry.measureLatency('x', { sampleEvery: 4 })).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_OPTION', option: 'sampleEvery' }),
    );
  });
});

describe('the limit on names', () => {
  test('counts what comes after it together', () => {
    const registry = new LatencyRegistry({ maxNames: 2 });
    for (const name of ['a', 'b', 'c', 'd']) registry.measureLatency(name)(() => name)();
    expect(
      registry
        .getStats()
        .toJSON()
        .latencies.map(({ name, calls }) => [name, calls])
        .sort(),
    ).toEqual([
      ['(other)', 2],
      ['a', 1],
      ['b', 1],
    ]);
    expect(registry.getStats().get('c')).toBeUndefined();
    expect(registry.getStats().get('(other)')?.calls).toBe(2);
  });
});

describe('what cannot be measured', () => {
  test.each([[''], [5], [undefined], ['x'.repeat(201)]])('the name %j is refused', (name) => {
    expect(() => measureLatency(name as string)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
  });

  test.each([[undefined], [null], [{}], ['f']])('the value %j is refused', (value) => {
    expect(() => new LatencyRegistry().measureLatency('x')(value as never)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }),
    );
  });

  test.each([[{ sampleEvery: 0 }], [{ sampleEvery: 1.5 }], [{ sampelEvery: 2 }], [7]])(
    'the options %j are refused',
    (options) => {
      expect(() => new LatencyRegistry().measureLatency('x', options as never)).toThrow(
        expect.objectContaining({ code: 'ERR_PERF_PROFILING_OPTION' }),
      );
    },
  );

  test('a registry without room for a name is refused', () => {
    expect(() => new LatencyRegistry({ maxNames: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_OPTION', option: 'maxNames' }),
    );
  });
});

test('the process-wide registry is what getStats shows', () => {
  const name = 'measure-latency.test.ts';
  measureLatency(name)(() => 1)();
  expect(getStats().get(name)?.calls).toBe(1);
  expect(getStats()).toBe(getStats());
});
