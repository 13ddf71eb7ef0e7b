import { getHeapStatistics } from 'node:v8';

import { Bench, type FnOptions, type FnReturnedObject } from 'tinybench';

import { call, keepCallsApart } from './call.ts';
import type { Run } from './case.ts';
import type { Around } from './contestant.ts';
import { peakResident } from './peak-resident.ts';
import type { Measurement, Timing } from './protocol.ts';

/**
 * A sample must last this long. Reading the clock twice costs about 0.1 µs, so that the clock is 0.2 % of a sample; shorter
 * calls are timed in batches.
 */
const SAMPLE_NS = 50_000;

/** Calibration doubles the number of calls until they take this long together: long enough for the optimising compiler to start. */
const CALIBRATION_NS = 10_000_000;

/** A launch of slow calls takes at least this many samples, whatever the time. */
const LEAST_SAMPLES = 3;

/** Holds every result, so that no call is dropped because nobody looks at it. */
export let sink: unknown;

/**
 * Warms up and times `run` in this process. `async`: whether it, or what is around it, returns a promise. What is around a run is not in its
 * time, so such runs are never batched; it is in the CPU time and the allocations. Rejects with what `run` throws.
 */
export async function measure(
  run: Run<unknown>,
  async: boolean,
  timing: Timing,
  around?: Around,
): Promise<Measurement> {
  keepCallsApart();
  const batch = around !== undefined ? 1 : async ? await calibrateAsync(run) : calibrate(run);
  let calls = 0;
  const cpu = { start: process.cpuUsage(), usedUs: 0 };
  const heap = { start: 0, allocated: 0 };
  const harness = new Bench({
    time: timing.timeMs,
    iterations: LEAST_SAMPLES,
    warmupTime: timing.warmupMs,
    warmupIterations: 1,
    throws: true,
    // Both hooks run once for the warm-up and once for the timed section; what the warm-up set is overwritten.
    setup: () => {
      globalThis.gc?.();
      calls = 0;
      heap.start = allocatedBytes();
      cpu.start = process.cpuUsage();
    },
    teardown: () => {
      const used = process.cpuUsage(cpu.start);
      cpu.usedUs = used.user + used.system;
      heap.allocated = allocatedBytes() - heap.start;
    },
  });

  const count = (): void => {
    calls += batch;
  };
  const options = { async, ...(around === undefined ? {} : tinybenchHooks(around)) };
  if (async) harness.add('run', batch === 1 ? oneAsync(run, count) : manyAsync(run, batch, count), options);
  else harness.add('run', batch === 1 ? one(run, count) : many(run, batch, count), options);
  const [task] = async ? await harness.run() : harness.runSync();

  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended in state "${result?.state ?? 'none'}"`);
  return {
    medianNs: result.latency.p50 * 1e6,
    meanNs: result.latency.mean * 1e6,
    samples: result.latency.samplesCount,
    batch,
    cpuNs: (cpu.usedUs * 1e3) / calls,
    maxRssBytes: peakResident().bytes,
    ...(Number.isNaN(heap.allocated) ? {} : { allocatedBytes: heap.allocated / calls }),
    async,
  };
}

function tinybenchHooks({ before, after }: Around): Pick<FnOptions, 'beforeEach' | 'afterEach'> {
  return { beforeEach: () => before() as void, afterEach: () => after() as void };
}

function one(run: Run<unknown>, count: () => void): () => void {
  return () => {
    sink = run();
    count();
  };
}

function oneAsync(run: Run<unknown>, count: () => void): () => Promise<void> {
  return async () => {
    sink = await run();
    count();
  };
}

function many(run: Run<unknown>, batch: number, count: () => void): () => FnReturnedObject {
  const targets = [run, run];
  return () => {
    const start = performance.now();
    for (let i = 0; i < batch; i++) sink = call(targets, i);
    const elapsedMs = performance.now() - start;
    count();
    return { overriddenDuration: elapsedMs / batch, overriddenIterationCost: elapsedMs };
  };
}

function manyAsync(run: Run<unknown>, batch: number, count: () => void): () => Promise<FnReturnedObject> {
  const targets = [run, run];
  return async () => {
    const start = performance.now();
    for (let i = 0; i < batch; i++) sink = await call(targets, i);
    const elapsedMs = performance.now() - start;
    count();
    return { overriddenDuration: elapsedMs / batch, overriddenIterationCost: elapsedMs };
  };
}

/**
 * The numbers of calls that calibration times, told the nanoseconds of each in turn; returns what a call takes. One call twice, then
 * twice as many until they should take `CALIBRATION_NS`. The quickest counts: a process that was set aside in the middle
 * of a few calls would make them look so slow that they were not batched.
 */
function* calibration(): Generator<number, number, number> {
  let callNs = Math.min(yield 1, yield 1);
  for (let calls = 2; callNs * calls < CALIBRATION_NS; calls *= 2) callNs = Math.min(callNs, (yield calls) / calls);
  return callNs;
}

function calibrate(run: Run<unknown>): number {
  const targets = [run, run];
  const steps = calibration();
  let step = steps.next();
  while (step.done !== true) {
    const calls = step.value;
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) sink = call(targets, i);
    step = steps.next(Number(process.hrtime.bigint() - start));
  }
  return batchFor(step.value);
}

async function calibrateAsync(run: Run<unknown>): Promise<number> {
  const targets = [run, run];
  const steps = calibration();
  let step = steps.next();
  while (step.done !== true) {
    const calls = step.value;
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) sink = await call(targets, i);
    step = steps.next(Number(process.hrtime.bigint() - start));
  }
  return batchFor(step.value);
}

/** Calls per sample for calls of this length. */
export function batchFor(callNs: number): number {
  return Math.max(1, Math.ceil(SAMPLE_NS / callNs));
}

/** Bytes ever allocated on the V8 heap, or NaN where Node does not count them. */
function allocatedBytes(): number {
  return (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes ?? Number.NaN;
}
