import { Histogram } from './histogram.ts';

/** What is kept under one name, whoever measures into it. */
export class LatencySeries {
  readonly name: string;
  /** 1: every call is timed. n: one in n, by chance. */
  readonly sampleEvery: number;
  readonly durationsNs: Histogram = new Histogram();
  /** Finished calls, timed or not. */
  calls = 0;
  /** Those of them that threw or rejected. */
  errors = 0;

  constructor(name: string, sampleEvery: number) {
    this.name = name;
    this.sampleEvery = sampleEvery;
  }

  /** Ends a timed call that began at `startMs` of `performance.now()`. */
  finish(startMs: number): void {
    // Whole nanoseconds: the product of a clock in milliseconds carries digits that were never measured.
    this.durationsNs.record(Math.round((performance.now() - startMs) * 1e6));
    this.calls++;
  }

  reset(): void {
    this.durationsNs.reset();
    this.calls = 0;
    this.errors = 0;
  }
}
