import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

import { peakResident } from '../peak-resident.ts';
import type { Usage } from './protocol.ts';

const LOOP_RESOLUTION_MS = 5;

/** Observes `work`, which does `runs` runs. Costs time, so nothing else is timed meanwhile. */
export async function observeUsage(work: () => void | Promise<void>, runs: number, async: boolean): Promise<Usage> {
  let gcCount = 0;
  let gcMs = 0;
  const take = (entries: readonly { readonly duration: number }[]): void => {
    gcCount += entries.length;
    for (const { duration } of entries) gcMs += duration;
  };
  globalThis.gc?.();
  // Observers are told of the forced collection a turn later, and it must not be counted.
  await turns();
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: 'gc' });
  const loop = async ? monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS }) : undefined;
  loop?.enable();
  const before = allocatedBytes();
  if (async) await work();
  else void work();
  const allocated = allocatedBytes() - before;
  loop?.disable();
  await turns();
  take(observer.takeRecords());
  observer.disconnect();
  return {
    maxRssBytes: peakResident().bytes,
    ...(Number.isNaN(allocated) ? {} : { allocatedBytes: allocated / runs }),
    gcCount: (gcCount * 1_000) / runs,
    gcMs: (gcMs * 1_000) / runs,
    ...(loop === undefined || loop.count === 0
      ? {}
      : { loopDelayMs: Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS) }),
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function allocatedBytes(): number {
  return (getHeapStatistics() as { total_allocated_bytes?: number }).total_allocated_bytes ?? Number.NaN;
}
