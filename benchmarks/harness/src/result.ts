import type { Units } from './case.ts';
import type { Environment } from './environment.ts';
import type { InputIdentity } from './input.ts';
import type { Measurement, Timing } from './protocol.ts';
import type { Interval } from './statistics.ts';

/** Grows when a reader of older results would misread newer ones. */
export const SCHEMA = 1;

/** A whole run: what `--json` prints and `--record` keeps. Plain JSON, no NaN. */
export interface RunResult {
  readonly schema: typeof SCHEMA;
  readonly environment: Environment;
  readonly settings: Settings;
  /** About the machine and the run as a whole. */
  readonly warnings: readonly string[];
  readonly cases: readonly CaseResult[];
}

export interface Settings extends Timing {
  /** Rounds; each launches every contestant once. */
  readonly launches: number;
  /** A launch that takes longer is killed and its contestant fails. */
  readonly limitMs: number;
}

export interface CaseResult {
  /** The folder under `benchmarks/`. */
  readonly package: string;
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly name: string;
  /**
   * `measured`: ours has figures, and no contestant failed.
   * `failed`: a wrong answer, a failure, or a file that cannot be loaded.
   * `skipped`: its input is not there.
   */
  readonly status: 'measured' | 'failed' | 'skipped';
  /** Why it was not measured. */
  readonly error?: string;
  /** The failure is an answer that differs from the expected one. */
  readonly wrongAnswer?: boolean;
  readonly input?: InputIdentity;
  readonly units?: Units;
  readonly contestants: readonly ContestantResult[];
  readonly warnings: readonly string[];
}

export interface ContestantResult {
  readonly name: string;
  readonly role: 'ours' | 'peer';
  /** Absent for what is part of Node. */
  readonly package?: string;
  readonly version?: string;
  /** Needs a step of its own before it is there. */
  readonly optional?: true;
  /** `missing`: not installed, or it cannot be loaded. */
  readonly status: 'measured' | 'missing' | 'failed';
  /** Why there are no figures. */
  readonly reason?: string;
  readonly figures?: Figures;
  /** In the order of the rounds. */
  readonly launches: readonly Launch[];
}

export interface Launch extends Measurement {
  readonly round: number;
  /** Place within the round, from 0. */
  readonly place: number;
}

/** What the launches say together. */
export interface Figures {
  /** Median of the launches' medians. */
  readonly runNs: number;
  readonly unitsPerSecond: number;
  readonly cpuNsPerUnit: number;
  readonly maxRssBytes: number;
  /** How many times as long as ours this peer takes: above 1, ours is faster. Absent for ours. */
  readonly ratio?: Interval;
}
