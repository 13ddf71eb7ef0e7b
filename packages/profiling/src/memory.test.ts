import { execFileSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MemoryTracker, ProcessUsage } from './index.ts';
import type { MemoryMeasurement } from './index.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Runs a module in a process of its own, where no garbage of other tests is freed in the middle of a measurement. */
function inChild(file: string, program: string): unknown {
  const imports = `import * as module from ${JSON.stringify(new URL(file, import.meta.url).href)};`;
  const output = `process.stdout.write(JSON.stringify(await (async () => { ${program} })()));`;
  const args = [
    '--expose-gc',
    '--conditions=@perf/source',
    '--no-warnings',
    '--input-type=module',
    '-e',
    imports + output,
  ];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 }));
}

/** `process.memoryUsage` that follows a function of the fake clock. */
function script(heapUsed: (nowMs: number) => number): void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  const begin = performance.now();
  vi.spyOn(process, 'memoryUsage').mockImplementation(() => {
    const used = heapUsed(performance.now() - begin);
    return { rss: 2 * used, heapTotal: used + 1, heapUsed: used, external: 7, arrayBuffers: 3 };
  });
}

describe('MemoryTracker', () => {
  test('does nothing until it is started', () => {
    script(() => 100);
    const tracker = new MemoryTracker();
    expect([tracker.running, vi.getTimerCount(), tracker.snapshot().samples]).toEqual([false, 0, 0]);
  });

  test('samples at its interval, from the start to the stop', () => {
    script(() => 100);
    const tracker = new MemoryTracker({ intervalMs: 250 }).start();
    vi.advanceTimersByTime(1_000);
    expect(tracker.snapshot()).toMatchObject({ samples: 5, coveredMs: 1_000 });
    expect(tracker.stop().samples).toBe(6);
    vi.advanceTimersByTime(1_000);
    expect(tracker.snapshot().samples).toBe(6);
    expect([tracker.running, vi.getTimerCount()]).toEqual([false, 0]);
  });

  test('keeps the peak of every field and shows the current value', () => {
    script((nowMs) => (nowMs === 500 ? 900 : 100));
    const tracker = new MemoryTracker({ intervalMs: 100 }).start();
    vi.advanceTimersByTime(1_000);
    const { current, peak } = tracker.snapshot();
    expect(peak).toEqual({
      rssBytes: 1_800,
      heapTotalBytes: 901,
      heapUsedBytes: 900,
      externalBytes: 7,
      arrayBuffersBytes: 3,
    });
    expect(current.heapUsedBytes).toBe(100);
  });

  test('finds the growth per minute under a saw-tooth', () => {
    // 600 bytes a minute under a saw of 50 bytes with a period of 700 ms.
    script((nowMs) => 1_000 + nowMs / 100 + (nowMs % 700) / 14);
    const tracker = new MemoryTracker({ intervalMs: 100 }).start();
    vi.advanceTimersByTime(50_000);
    const { growth } = tracker.snapshot();
    expect(Math.abs(growth.heapUsedBytesPerMinute - 600)).toBeLessThan(20);
    expect(Math.abs(growth.rssBytesPerMinute - 1_200)).toBeLessThan(40);
  });

  test('says no growth before there are ten samples', () => {
    script((nowMs) => 1_000 + nowMs);
    const tracker = new MemoryTracker({ intervalMs: 100 }).start();
    vi.advanceTimersByTime(800);
    expect(tracker.snapshot().growth.heapUsedBytesPerMinute).toBeNaN();
    vi.advanceTimersByTime(100);
    expect(tracker.snapshot().growth.heapUsedBytesPerMinute).toBeCloseTo(60_000);
  });

  test('takes the growth from the latest samples when there are more than it keeps', () => {
    script((nowMs) => (nowMs < 5_000 ? 1_000 : 1_000 + (nowMs - 5_000)));
    const tracker = new MemoryTracker({ intervalMs: 100, maxSamples: 20 }).start();
    vi.advanceTimersByTime(10_000);
    const { growth, samples, coveredMs } = tracker.snapshot();
    expect(growth.heapUsedBytesPerMinute).toBeCloseTo(60_000);
    expect([samples, coveredMs]).toEqual([20, 1_900]);
  });

  test('forgets the run before when it is started again, and starts only once', () => {
    script((nowMs) => 1_000 - nowMs / 10);
    const tracker = new MemoryTracker({ intervalMs: 100 }).start();
    vi.advanceTimersByTime(500);
    tracker.start();
    expect([vi.getTimerCount(), tracker.snapshot().peak.heapUsedBytes]).toEqual([1, 1_000]);
    tracker.stop();
    tracker.start();
    expect(tracker.snapshot()).toMatchObject({ samples: 1, peak: { heapUsedBytes: 950 } });
    tracker[Symbol.dispose]();
    expect(tracker.running).toBe(false);
  });

  test('does not keep the process alive', () => {
    const program = `new module.MemoryTracker({ intervalMs: 100_000 }).start(); return 'left';`;
    expect(inChild('./memory-tracker.ts', program)).toBe('left');
  });

  test.each([[{ intervalMs: 0 }], [{ maxSamples: 9 }], [{ interval: 5 }]])('refuses the options %j', (options) => {
    expect(() => new MemoryTracker(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_OPTION' }),
    );
  });
});

describe('measure', () => {
  const tracker = new MemoryTracker();

  test('counts what was allocated, also what was collected meanwhile', () => {
    // An array of 1,000 doubles takes 8,016 bytes and its header.
    const { result, allocatedBytes, peakHeapBytes } = tracker.measure(() => {
      let last = 0;
      for (let index = 0; index < 20_000; index++) last += new Array<number>(1_000).fill(index + 0.5).length;
      return last;
    });
    expect(result).toBe(20_000_000);
    expect(allocatedBytes).toBeGreaterThan(160e6);
    expect(allocatedBytes).toBeLessThan(260e6);
    expect(peakHeapBytes).toBeLessThan(allocatedBytes);
  });

  test('sees what is kept, on the heap and outside of it', () => {
    // What loading the modules left behind must not be freed meanwhile; outside of the heap some megabytes still are.
    const program = `
      gc();
      const { result, ...measured } = new module.MemoryTracker().measure(() => [
        Array.from({ length: 100_000 }, (_, index) => ({ index })),
        new ArrayBuffer(100_000_000),
      ]);
      return measured;
    `;
    const measured = inChild('./memory-tracker.ts', program) as MemoryMeasurement<unknown>;
    expect(measured.heapUsedBytes).toBeGreaterThan(2e6);
    expect(measured.peakHeapBytes).toBeGreaterThanOrEqual(measured.heapUsedBytes);
    expect(measured.allocatedBytes).toBeGreaterThanOrEqual(measured.heapUsedBytes);
    expect(measured.externalBytes).toBeGreaterThan(50_000_000);
  });

  test('waits for a promise', async () => {
    const measured = await tracker.measure(async () => {
      await new Promise(setImmediate);
      return Array.from({ length: 100_000 }, (_, index) => ({ index })).length;
    });
    expect(measured.result).toBe(100_000);
    expect(measured.allocatedBytes).toBeGreaterThan(2e6);
  });

  test('is not misled by what is swept late after a collection', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const garbage = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    collect();
    garbage.length = 0;
    collect();
    const { allocatedBytes } = tracker.measure(() => new Array(50_000).fill(0.5).length);
    // Twice 400 kB: filling it with a fraction turns an array made for small integers into one of doubles.
    expect(allocatedBytes).toBeGreaterThanOrEqual(800_000);
    expect(allocatedBytes).toBeLessThan(1_000_000);
  });

  test('lets two measurements overlap', async () => {
    const work = (): Promise<number> => new Promise<void>(setImmediate).then(() => new Array(50_000).fill(0.5).length);
    const [first, second] = await Promise.all([tracker.measure(work), tracker.measure(work)]);
    expect(first.allocatedBytes).toBeGreaterThan(400_000);
    expect(second.allocatedBytes).toBeGreaterThan(400_000);
  });

  test('throws what the function throws', async () => {
    const failure = new Error('no');
    const fail = (): never => {
      throw failure;
    };
    expect(() => tracker.measure(fail)).toThrow(failure);
    await expect(tracker.measure(async () => fail())).rejects.toBe(failure);
    expect(() => tracker.measure(5 as never)).toThrow(expect.objectContaining({ code: 'ERR_PERF_PROFILING_ARGUMENT' }));
  });
});

describe('ProcessUsage', () => {
  test('counts the processor time of busy work', () => {
    const usage = new ProcessUsage();
    const begin = process.cpuUsage();
    // Until the process has really worked for 50 ms, however busy the machine is.
    for (let cpu = process.cpuUsage(begin); cpu.user + cpu.system < 50_000; cpu = process.cpuUsage(begin))
      JSON.parse('[1, 2, 3]');
    const reading = usage.read();
    expect(reading.userMs + reading.systemMs).toBeGreaterThanOrEqual(50);
    expect(reading.cpuPercent).toBeCloseTo(((reading.userMs + reading.systemMs) / reading.elapsedMs) * 100, 5);
    usage.reset();
    expect(usage.read().elapsedMs).toBeLessThan(reading.elapsedMs);
  });

  test('knows a peak that is no less than the present', () => {
    const { rssBytes, rssMaxBytes } = new ProcessUsage().read();
    expect(rssMaxBytes).toBeGreaterThanOrEqual(rssBytes);
    expect(rssBytes).toBeGreaterThan(10e6);
  });

  test.runIf(process.platform === 'linux')('does not take the peak of the process that started this one', () => {
    const ballast = Buffer.alloc(200e6, 1);
    const peak = inChild('./process-usage.ts', 'return new module.ProcessUsage().read().rssMaxBytes;');
    expect(peak).toBeLessThan(ballast.length);
  });
});
