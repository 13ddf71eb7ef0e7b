/// <reference lib="esnext.disposable" preserve="true" />
// For users without the types of Node: the declaration names Symbol.dispose.

import { integerOption, readOptions } from '@perf/internal';
import { argumentError, optionError } from './errors.ts';
import { HeapMeter } from './heap-meter.ts';

/** `process.memoryUsage()` with units. `external` is memory of C++ objects bound to JavaScript ones; it holds `arrayBuffers`. */
export interface MemoryReading {
  readonly rssBytes: number;
  readonly heapTotalBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly arrayBuffersBytes: number;
}

/** Slope of the least-squares line through the samples, per minute; NaN while there are fewer than ten. */
export interface MemoryGrowth {
  readonly rssBytesPerMinute: number;
  readonly heapUsedBytesPerMinute: number;
}

export interface MemorySnapshot {
  readonly current: MemoryReading;
  /** The highest reading of each field since `start`; short peaks between two samples are not seen. */
  readonly peak: MemoryReading;
  readonly growth: MemoryGrowth;
  /** How many samples `growth` is taken from, and how long they reach back. */
  readonly samples: number;
  readonly coveredMs: number;
}

export interface MemoryMeasurement<T> {
  readonly result: T;
  /** Bytes put on the JavaScript heap while it ran, whether or not they were collected since. */
  readonly allocatedBytes: number;
  /** The highest the heap stood above where it began: what it held at a collection or at the end. */
  readonly peakHeapBytes: number;
  /** End minus begin; negative when more was freed than made. */
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly rssBytes: number;
  /** Garbage collections while it ran. */
  readonly collections: number;
}

export interface MemoryTrackerOptions {
  /** From one sample to the next. Default 1,000. */
  readonly intervalMs?: number | undefined;
  /** How many samples the growth is taken from; the oldest go first. Default 600. */
  readonly maxSamples?: number | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const MS_PER_MINUTE = 60_000;
/** With fewer, one collection between two samples decides the slope. */
const LEAST_SAMPLES = 10;

/**
 * Watches the memory of the process: current and peak values, and whether it grows. Off until `start()`; the timer
 * does not keep the process alive. One sample costs about 8 µs and memory is fixed: 24 bytes for each of `maxSamples`.
 *
 * The figures are those of the process, so two things measured at the same time share them. In a worker the heap is
 * that thread's own, the resident set is everybody's.
 *
 * Errors: `ERR_PERF_PROFILING_OPTION`.
 *
 * @example
 * const memory = new MemoryTracker({ intervalMs: 500 }).start();
 * const { allocatedBytes } = memory.measure(() => JSON.parse('[1, 2, 3]'));
 * memory.stop().peak.rssBytes;
 */
export class MemoryTracker {
  readonly #intervalMs: number;
  readonly #window: SampleWindow;
  #peak: Mutable<MemoryReading> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options?: MemoryTrackerOptions) {
    const { intervalMs, maxSamples } = readOptions(
      'MemoryTracker',
      options,
      { intervalMs: integerOption(1_000, 1, 2 ** 31 - 1), maxSamples: integerOption(600, LEAST_SAMPLES, 1_000_000) },
      optionError,
    );
    this.#intervalMs = intervalMs;
    this.#window = new SampleWindow(maxSamples);
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Forgets earlier samples and the peak, takes the first sample, and goes on taking them. While running it does nothing. */
  start(): this {
    if (this.#timer !== undefined) return this;
    this.#window.clear();
    this.#peak = undefined;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), this.#intervalMs);
    this.#timer.unref();
    return this;
  }

  /** Takes the last sample, ends the sampling and returns what it saw. Stopping twice is fine. */
  stop(): MemorySnapshot {
    if (this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#sample();
    }
    return this.snapshot();
  }

  /** Reads the memory now; `peak` includes it, `growth` is that of the samples alone. */
  snapshot(): MemorySnapshot {
    const current = readMemory();
    this.#raisePeak(current);
    return {
      current,
      peak: { ...this.#peak! },
      growth: {
        rssBytesPerMinute: this.#window.slope('rss') * MS_PER_MINUTE,
        heapUsedBytesPerMinute: this.#window.slope('heapUsed') * MS_PER_MINUTE,
      },
      samples: this.#window.length,
      coveredMs: this.#window.coveredMs,
    };
  }

  /**
   * Runs a function and says what it allocated. Works without `start()`. Allocations are right to some kilobytes: enough
   * for work that makes thousands of objects, not for ten. What else runs in this
   * thread meanwhile is included. The report of every collection is held until the end: measure pieces of work, not hours.
   *
   * What the function throws is thrown on.
   */
  measure<T>(fn: () => Promise<T>): Promise<MemoryMeasurement<T>>;
  measure<T>(fn: () => T): MemoryMeasurement<T>;
  measure<T>(fn: () => T | Promise<T>): MemoryMeasurement<T> | Promise<MemoryMeasurement<T>> {
    if (typeof fn !== 'function') throw argumentError(`MemoryTracker.measure: expected a function, got ${typeof fn}`);
    const meter = new HeapMeter();
    let result: T | Promise<T>;
    try {
      result = fn();
    } catch (error) {
      meter.stop();
      throw error;
    }
    if (!(result instanceof Promise)) return { result, ...meter.stop() };
    return result.then(
      (value) => ({ result: value, ...meter.stop() }),
      (error: unknown) => {
        meter.stop();
        throw error;
      },
    );
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #sample(): void {
    const reading = readMemory();
    this.#raisePeak(reading);
    this.#window.add(performance.now(), reading.rssBytes, reading.heapUsedBytes);
  }

  #raisePeak(reading: MemoryReading): void {
    const peak = (this.#peak ??= { ...reading });
    for (const key of Object.keys(reading) as (keyof MemoryReading)[]) {
      if (reading[key] > peak[key]) peak[key] = reading[key];
    }
  }
}

function readMemory(): MemoryReading {
  const usage = process.memoryUsage();
  return {
    rssBytes: usage.rss,
    heapTotalBytes: usage.heapTotal,
    heapUsedBytes: usage.heapUsed,
    externalBytes: usage.external,
    arrayBuffersBytes: usage.arrayBuffers,
  };
}

/** The latest samples in a ring, and the line through them. */
class SampleWindow {
  readonly #timeMs: Float64Array;
  readonly #rss: Float64Array;
  readonly #heapUsed: Float64Array;
  #added = 0;

  constructor(size: number) {
    this.#timeMs = new Float64Array(size);
    this.#rss = new Float64Array(size);
    this.#heapUsed = new Float64Array(size);
  }

  get length(): number {
    return Math.min(this.#added, this.#timeMs.length);
  }

  get coveredMs(): number {
    if (this.#added === 0) return 0;
    const size = this.#timeMs.length;
    const oldest = this.#added <= size ? 0 : this.#added % size;
    return this.#timeMs[(this.#added - 1) % size] - this.#timeMs[oldest];
  }

  add(timeMs: number, rss: number, heapUsed: number): void {
    const at = this.#added++ % this.#timeMs.length;
    this.#timeMs[at] = timeMs;
    this.#rss[at] = rss;
    this.#heapUsed[at] = heapUsed;
  }

  clear(): void {
    this.#added = 0;
  }

  /** Bytes per millisecond. Deviations from the means are summed, not the values, whose squares would lose digits. */
  slope(field: 'rss' | 'heapUsed'): number {
    const values = field === 'rss' ? this.#rss : this.#heapUsed;
    const length = this.length;
    if (length < LEAST_SAMPLES) return Number.NaN;
    let timeSum = 0;
    let valueSum = 0;
    for (let index = 0; index < length; index++) {
      timeSum += this.#timeMs[index];
      valueSum += values[index];
    }
    let products = 0;
    let squares = 0;
    for (let index = 0; index < length; index++) {
      const time = this.#timeMs[index] - timeSum / length;
      products += time * (values[index] - valueSum / length);
      squares += time * time;
    }
    return squares === 0 ? Number.NaN : products / squares;
  }
}
