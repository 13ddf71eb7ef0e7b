import type { Units } from '../case.ts';
import type { InputIdentity } from '../input.ts';
import type { ChildMessage } from '../protocol.ts';

/** The two versions that are compared. The canary runs head on both sides. */
export type SideName = 'base' | 'head';

/** Parent to child. One request at a time, on one side at a time. */
export type SideRequest =
  /** Run until warm, on this CPU from now on where the system can bind. */
  | { readonly kind: 'warm'; readonly warmupMs: number; readonly blockMs: number; readonly cpu?: number }
  /** A timed block of so many runs. */
  | { readonly kind: 'block'; readonly iterations: number }
  /** The untimed pass that observes the process, because observing costs. */
  | { readonly kind: 'usage'; readonly iterations: number }
  /** Close the contestant and end. */
  | { readonly kind: 'end' };

/** Child to parent: once when the answer was compared, then one answer per request; or why there is none. */
export type SideMessage =
  | {
      readonly kind: 'ready';
      readonly input: InputIdentity;
      readonly units: Units;
      readonly version: string;
      readonly async: boolean;
    }
  /** `callNs`: what a run takes in the quickest batch. `bound`: to the CPU that was asked for. */
  | { readonly kind: 'warm'; readonly callNs: number; readonly bound: boolean }
  /** `waitedNs`: of `ns`, how long another process had the CPU; absent where the system does not tell. */
  | { readonly kind: 'block'; readonly ns: number; readonly cpuNs: number; readonly waitedNs?: number }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | Exclude<ChildMessage, { readonly kind: 'listed' | 'measured' }>;

/** What one side used in one launch beside time. Per run, unless it says otherwise. */
export interface Usage {
  /** Peak of the whole process. On Linux VmHWM: `ru_maxrss` is inherited from the parent through exec. */
  readonly maxRssBytes: number;
  /** On the V8 heap; absent where Node does not count it. */
  readonly allocatedBytes?: number;
  /** Collections per 1,000 runs. */
  readonly gcCount: number;
  /** Milliseconds of collections per 1,000 runs. */
  readonly gcMs: number;
  /** 99th percentile of how late a timer was; asynchronous cases only. */
  readonly loopDelayMs?: number;
}
