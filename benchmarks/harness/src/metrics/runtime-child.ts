// What one process can tell about ours of a case beside time and instructions:
//   node --conditions=@perf/source --expose-gc runtime-child.ts <case file> <case index>
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';

import { call, keepCallsApart } from '../call.ts';
import type { Run } from '../case.ts';
import { checkAnswer, Ended, loadCases, messageOf, prepare, surrounded } from '../contestant.ts';
import { peakResident } from '../peak-resident.ts';
import { notMeasured, type Metric } from './counts.ts';
import type { RuntimeChildMessage, RuntimeMeasurement } from './protocol.ts';

const WARMUP_MS = 400;
/** Each pass takes this long, or `LEAST_RUNS` runs. */
const PASS_MS = 400;
const LEAST_RUNS = 3;
/** Batches whose quickest tells the time of a run. */
const BATCHES = 10;
/** Where Node does not count allocations: single runs whose median growth is taken. */
const GROWTH_RUNS = 21;
const LOOP_RESOLUTION_MS = 5;

export let sink: unknown;

async function main(): Promise<RuntimeChildMessage> {
  const [file = '', index = ''] = process.argv.slice(2);
  const definition = (await loadCases(pathToFileURL(file).href))[Number(index)]!;
  const input = await definition.input.load();
  // Before setup, which may change the input.
  const expected = await definition.answer(input);
  const { run, close, around } = await prepare(definition.ours, input);
  const async = await checkAnswer(run, expected, around);
  keepCallsApart();
  const measurement = await measure(surrounded(run, around, async), async);
  await close();
  return { kind: 'measured', measurement };
}

async function measure(run: Run<unknown>, async: boolean): Promise<RuntimeMeasurement> {
  const runNs = await timeOfRun(run, async);
  const runs = Math.max(LEAST_RUNS, Math.ceil((PASS_MS * 1e6) / runNs));
  const allocatedBytes = await allocated(run, runs, async);
  const { bytes, approximate } = peakResident();
  const maxRssBytes = { value: bytes, ...(approximate ? { approximate } : {}) };
  const gc = await collections(run, runs, async);
  const loopDelayMs = async ? await loopDelay(run, runs) : notMeasured('synchronous');
  return { async, allocatedBytes, maxRssBytes, ...gc, loopDelayMs };
}

/** Loops without `await` for what returns no promise: each `await` would allocate. */
async function repeat(run: Run<unknown>, times: number, async: boolean): Promise<void> {
  if (async) await repeatAsync(run, times);
  else repeatSync(run, times);
}

function repeatSync(run: Run<unknown>, times: number): void {
  const targets = [run, run];
  for (let i = 0; i < times; i++) sink = call(targets, i);
}

async function repeatAsync(run: Run<unknown>, times: number): Promise<void> {
  const targets = [run, run];
  for (let i = 0; i < times; i++) sink = await call(targets, i);
}

/** Warms up, and returns the time of a run in the quickest of some batches: others on the machine only make them slower. */
async function timeOfRun(run: Run<unknown>, async: boolean): Promise<number> {
  const timed = async (times: number): Promise<number> => {
    const start = performance.now();
    await repeat(run, times, async);
    return performance.now() - start;
  };
  let times = 1;
  let lastMs = 0;
  for (let sumMs = 0; sumMs < WARMUP_MS; sumMs += lastMs) {
    lastMs = await timed(times);
    if (lastMs < WARMUP_MS / (2 * BATCHES)) times *= 2;
  }
  let quickestMs = lastMs;
  for (let batch = 0; batch < BATCHES; batch++) quickestMs = Math.min(quickestMs, await timed(times));
  return (quickestMs * 1e6) / times;
}

async function allocated(run: Run<unknown>, runs: number, async: boolean): Promise<Metric> {
  const counter = (): number | undefined =>
    (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes;
  globalThis.gc!();
  const before = counter();
  if (before === undefined) return { value: await growth(run, async), approximate: true };
  await repeat(run, runs, async);
  return { value: (counter()! - before) / runs };
}

/** Median growth of the heap by one run, collected before each. A run that collects itself shows less than it allocates. */
async function growth(run: Run<unknown>, async: boolean): Promise<number> {
  const grown: number[] = [];
  for (let i = 0; i < GROWTH_RUNS; i++) {
    globalThis.gc!();
    const before = getHeapStatistics().used_heap_size;
    await repeat(run, 1, async);
    grown.push(Math.max(0, getHeapStatistics().used_heap_size - before));
  }
  return grown.sort((a, b) => a - b)[GROWTH_RUNS >> 1]!;
}

async function collections(
  run: Run<unknown>,
  runs: number,
  async: boolean,
): Promise<{ gcCount: Metric; gcMs: Metric }> {
  let count = 0;
  let totalMs = 0;
  globalThis.gc!();
  // The forced collection is told to observers a turn later: it must not be counted.
  await turns();
  const take = (entries: readonly { readonly duration: number }[]): void => {
    count += entries.length;
    for (const { duration } of entries) totalMs += duration;
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'gc' });
  await repeat(run, runs, async);
  await turns();
  take(observer.takeRecords());
  observer.disconnect();
  return { gcCount: { value: (count * 1_000) / runs }, gcMs: { value: (totalMs * 1_000) / runs } };
}

/** Until observers have been told. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The histogram holds the time between two ticks of a timer: what exceeds the timer's own length is delay. */
async function loopDelay(run: Run<unknown>, runs: number): Promise<Metric> {
  const histogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  histogram.enable();
  await repeatAsync(run, runs);
  histogram.disable();
  if (histogram.count === 0) return notMeasured('the loop never turned');
  return { value: Math.max(0, histogram.percentile(99) / 1e6 - LOOP_RESOLUTION_MS) };
}

function endedBy(told: Ended['told']): string {
  return 'reason' in told ? told.reason : told.kind.replace('-', ' ');
}

function finish(message: RuntimeChildMessage): void {
  process.send!(message, () => process.exit(0));
}

process.once('disconnect', () => process.exit(1));
process.channel?.unref();

main().then(finish, (error: unknown) => {
  finish({ kind: 'failed', reason: error instanceof Ended ? endedBy(error.told) : messageOf(error) });
});
