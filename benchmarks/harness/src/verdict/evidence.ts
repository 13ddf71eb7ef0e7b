import type { Interval } from '../statistics.ts';

/** One launch of both sides in lock-step. What a comparison measures in a launch may have more fields than these. */
export interface LaunchRecord {
  /** Head started first and had the first block. Consecutive launches of a case take turns. */
  readonly swapped: boolean;
  /** Natural logarithms of head's time over base's, one per pair of blocks. Above 0, head is slower. */
  readonly blockLogRatios: readonly number[];
  readonly base?: SideMetrics;
  readonly head?: SideMetrics;
}

/**
 * When the second stage of a case ended: early, because it would hardly have decided anything; at the first of two looks that decide, when
 * more than half of its launches are made; or at its end. See `looks.ts`.
 */
export type Look = 'futile' | 'first' | 'last';

/** What one side used in one launch beside time. Per run, except for the peak of memory. */
export interface SideMetrics {
  readonly cpuNs?: number;
  readonly usage?: {
    readonly maxRssBytes?: number;
    readonly allocatedBytes?: number;
    /** Per 1,000 runs. */
    readonly gcCount?: number;
    /** Per 1,000 runs. */
    readonly gcMs?: number;
    readonly loopDelayMs?: number;
  };
}

/** All that is known about a case when verdicts are given. */
export interface CaseEvidence {
  readonly package: string;
  readonly case: string;
  /** Launches of the first stage. They only say what need not be measured again; no other verdict rests on them. */
  readonly screen: readonly LaunchRecord[];
  /** Fresh launches of the second stage; none where the first cleared the case. */
  readonly decide: readonly LaunchRecord[];
  /** Which look at the launches of the second stage ended it. Absent where it was planned to be looked at once. */
  readonly look?: Look;
  /** The inputs of both sides hash equal: nothing was run. */
  readonly identical?: boolean;
  /** Why its figures cannot be trusted, one sentence each. */
  readonly invalid?: readonly string[];
  readonly onlyIn?: 'base' | 'head';
  /** δ: changes smaller than this factor minus 1 do not matter for this case. Default: that of the options, 0.02. */
  readonly threshold?: number;
  /** Where both sides count the same work by instructions. */
  readonly instructions?: InstructionEvidence;
}

export interface InstructionEvidence {
  /** Head's instructions per run over base's. */
  readonly ratio: number;
  /** A ratio further from 1 than this is a change, and growth beyond it fails the run as a regression does. Default 0.005. */
  readonly threshold?: number;
}

/** A whole comparison, as it was measured. */
export interface RunEvidence {
  readonly cases: readonly CaseEvidence[];
  /** Head against head. The launches of both stages are judged together. */
  readonly canary?: CaseEvidence;
  /** Why nothing in this run can be trusted, one sentence each: a busy machine, for instance. */
  readonly invalid?: readonly string[];
}

export type Verdict =
  /** Equal inputs: not run. */
  | 'identical'
  /** The adjusted interval lies wholly above 1 and the ratio is at least 1 + δ. */
  | 'regressed'
  /** The mirror image. */
  | 'improved'
  /** The interval lies wholly within [1/(1+δ), 1+δ]: shown to be equal, not merely not shown to differ. */
  | 'same'
  /** None of these: too few launches for this noise. */
  | 'inconclusive'
  /** The figures cannot be trusted. */
  | 'invalid'
  /** Only head has the case. */
  | 'new'
  /** Only base has the case. */
  | 'removed';

export interface CaseVerdict {
  readonly package: string;
  readonly case: string;
  readonly verdict: Verdict;
  /** Which launches the figures come from. Absent where none were judged. */
  readonly stage?: 'screen' | 'decide';
  /** Launches that count: those that found a partner with swapped roles. */
  readonly launches: number;
  readonly threshold: number;
  /** Head's time over base's, at the confidence of the options: 99 %, or that of the screen. Null bounds: unbounded. */
  readonly ratio?: Interval;
  /** The same at the level that Holm leaves to this case; what `regressed` and `improved` rest on. Second stage only. */
  readonly adjusted?: Interval;
  /** Two-sided, that the ratio is 1; adjusted for looking twice, not for the family. Absent where nothing was to be decided any more. */
  readonly p?: number;
  /** Between launches, of the logarithm. */
  readonly launchDeviation?: number;
  /** The smallest slowdown, as a ratio minus 1, that the default number of launches finds in 95 % of comparisons. */
  readonly detectable?: number;
  /** `inconclusive` only: about so many launches beside those made. Null where no practical number would do. */
  readonly moreLaunches?: number | null;
  /** Likely a real change although it does not fail the build. */
  readonly watch: boolean;
  /** `invalid` only. */
  readonly reasons: readonly string[];
  /** One sentence where time and instructions disagree. */
  readonly disagreement?: string;
}

/** The verdict on a whole comparison. */
export interface RunVerdict {
  /** The run as a whole cannot be trusted: why. Cases keep their figures, and nothing is concluded from them. */
  readonly invalid: readonly string[];
  readonly canary?: CaseVerdict;
  /** In the order of the evidence. */
  readonly cases: readonly CaseVerdict[];
  /** `regressed`: a case did, or its instructions grew. */
  readonly verdict: 'regressed' | 'invalid' | 'inconclusive' | 'fine';
  /** 0 fine, 1 regressed, 3 invalid, 4 inconclusive where that was asked to fail. */
  readonly exitCode: 0 | 1 | 3 | 4;
}

/** What verdicts follow from, beside the evidence. */
export interface VerdictOptions {
  /** δ of cases that state none. Default 0.02. */
  readonly threshold?: number;
  /** Share of families in which some equal case is called regressed or improved, at most. Default 0.01. */
  readonly familyError?: number;
  /** Share of false entries of the watch list. Default 0.10. */
  readonly watchRate?: number;
  /** Of the interval that is shown, and that `same` rests on. Default 0.99. */
  readonly confidence?: number;
  /** Of the interval with which the first stage clears a case. Default 0.95. */
  readonly screenConfidence?: number;
  /** Launches of a second stage that goes on to its end: what the detectable difference is computed for. Default 20. */
  readonly launches?: number;
  /** Half-width of the canary's interval, as a ratio minus 1, beyond which the run is invalid. Default 0.02. */
  readonly canaryHalfWidth?: number;
  /** `inconclusive` fails the run. Default false. */
  readonly strict?: boolean;
  /** Of the subsets that are drawn of many launches. The same evidence and seed give the same verdicts. Default 1. */
  readonly seed?: number;
}
