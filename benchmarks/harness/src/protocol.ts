import type { Units } from './case.ts';
import type { InputIdentity } from './input.ts';

/** How a child process ends, beside its message: for a person who starts one by hand, and when no message arrives. */
export const ExitCode = {
  done: 0,
  failed: 1,
  wrongAnswer: 3,
  unavailable: 4,
  noInput: 5,
} as const;

/** What a child needs to know about timing. Sent as one argument, so that a child can be started by hand. */
export interface Timing {
  /** The timed section of a launch. */
  readonly timeMs: number;
  readonly warmupMs: number;
  /** All contestants of a round have their main thread on this CPU. */
  readonly cpu?: number;
}

/** What one launch measured. Times are of one `run()` unless they say otherwise. */
export interface Measurement {
  /** Median over the samples of the launch; a sample is one call, or one batch of calls divided by their number. */
  readonly medianNs: number;
  /** Collections and other pauses are in the mean and not in the median. */
  readonly meanNs: number;
  readonly samples: number;
  /** Calls per sample. More than 1 when a single call is too short for the clock. */
  readonly batch: number;
  /** User and system time of all threads of the process (collector and compiler included) over the timed section. */
  readonly cpuNs: number;
  /** Of the whole process, input and answer included. */
  readonly maxRssBytes: number;
  /** On the V8 heap; absent where Node does not count it. */
  readonly allocatedBytes?: number;
  /** `run()` returned a promise. */
  readonly async: boolean;
  /** The CPU of the main thread; absent where the system cannot bind it. */
  readonly cpu?: number;
}

export interface ListedContestant {
  readonly name: string;
  readonly package?: string;
  readonly optional?: true;
}

export interface ListedCase {
  readonly name: string;
  readonly input: string;
  readonly contestants: readonly ListedContestant[];
}

/** Child to parent; one per launch. */
export type ChildMessage =
  | { readonly kind: 'listed'; readonly cases: readonly ListedCase[] }
  | {
      readonly kind: 'measured';
      readonly input: InputIdentity;
      readonly units: Units;
      readonly version: string;
      readonly measurement: Measurement;
    }
  | { readonly kind: 'wrong-answer'; readonly expected: string; readonly got: string }
  /** The package is not there or cannot be loaded: the contestant is named, the case goes on. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** Its input is not there: no contestant of the case can run. */
  | { readonly kind: 'no-input'; readonly reason: string }
  | { readonly kind: 'failed'; readonly where: string; readonly reason: string };
