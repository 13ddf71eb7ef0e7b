import { task, type Task } from '@perf/concurrency';

/** A few microseconds of arithmetic. */
export function work(seed: number): number {
  let state = seed;
  for (let round = 0; round < 1_000; round++) state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state;
}

export function workMany(seeds: readonly number[]): number[] {
  return seeds.map(work);
}

export const workTask: Task<number, number> = task(import.meta.url, 'workTask', work);
