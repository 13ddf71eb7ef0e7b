import { randomNumbers } from '../random.ts';
import { balance, type SwappedPair } from './estimate.ts';
import type { CaseEvidence, LaunchRecord, Look, Verdict, VerdictOptions } from './evidence.ts';
import { judge, undecided } from './judge.ts';
import { complete, DEFAULTS, SCREEN_LAUNCHES } from './options.ts';
import { errorShare, goesOn, looksFor, stepsOf, type Looks } from './looks.ts';
import type { LaunchPool } from './recorded-launches.ts';
import { logThreshold, seedOf } from './stage.ts';
import { typicalMean } from './typical-values.ts';

export interface ResampleOptions {
  readonly seed: number;
  /** Launches of the first stage. Default 6. */
  readonly screen?: number | undefined;
  /** Launches of a second stage that goes on to its end. Default 20. */
  readonly launches?: number | undefined;
  /** What the verdicts follow from. */
  readonly verdict?: VerdictOptions | undefined;
}

/** A share with its 95 % interval (Wilson's). The interval is that of the draw; it does not know how few launches were recorded. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface SuiteShares {
  /** Suites in which a case was called regressed. */
  readonly failed: Share;
  /** Suites in which a case was called regressed or improved. */
  readonly alarmed: Share;
  /** In the order of the pools. */
  readonly cases: readonly {
    readonly package: string;
    readonly case: string;
    /** How often the first stage was enough. */
    readonly cleared: number;
    /** How often the second stage was given up, and how often the first look that decides ended it. */
    readonly futile: number;
    readonly early: number;
    /** Launches of both stages, on average. */
    readonly launches: number;
    readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  }[];
}

/**
 * Whole comparisons drawn from recorded launches, judged by the code that judges live ones. Pairs of swapped launches are drawn with
 * replacement, as they were launched: what neighbours share stays together. Throws RangeError for a pool without a pair.
 */
export function resampleSuites(
  pools: readonly LaunchPool[],
  { suites, ...options }: ResampleOptions & { readonly suites: number },
): SuiteShares {
  const random = randomNumbers(options.seed);
  const drawn = pools.map(pairsOf);
  const counts = pools.map(() => ({
    cleared: 0,
    futile: 0,
    early: 0,
    launches: 0,
    verdicts: {} as Partial<Record<Verdict, number>>,
  }));
  let failed = 0;
  let alarmed = 0;
  for (let suite = 0; suite < suites; suite++) {
    const verdictOptions = { ...options.verdict, seed: suite + 1 };
    const cases = drawn.map((pairs, i): CaseEvidence => screenOf(pools[i]!, pairs, random, options));
    const open = new Set(undecided(cases, verdictOptions));
    const all = complete(verdictOptions);
    const looks = looksFor(open.size, options.launches ?? DEFAULTS.launches, all.familyError);
    const measured = cases.map((each, i) =>
      open.has(each) ? decideOf(each, drawn[i]!, random, looks, (so) => goesOn(so, looks, open.size, all)) : each,
    );
    const { cases: verdicts } = judge({ cases: measured }, verdictOptions);
    for (const [i, { verdict, stage }] of verdicts.entries()) {
      const count = counts[i]!;
      const { screen, decide, look } = measured[i]!;
      count.verdicts[verdict] = (count.verdicts[verdict] ?? 0) + 1;
      if (stage === 'screen') count.cleared++;
      if (look === 'futile') count.futile++;
      if (look === 'first') count.early++;
      count.launches += (screen.length + decide.length) / suites;
    }
    const regressed = verdicts.some(({ verdict }) => verdict === 'regressed');
    if (regressed) failed++;
    if (regressed || verdicts.some(({ verdict }) => verdict === 'improved')) alarmed++;
  }
  return {
    failed: shareOf(failed, suites),
    alarmed: shareOf(alarmed, suites),
    cases: pools.map(({ package: name, case: title }, i) => ({ package: name, case: title, ...counts[i]! })),
  };
}

export interface Power {
  /** Called regressed when no other case needs the second stage. */
  readonly alone: Share;
  /** The same beside the cases of `company` which the first stage did not clear. At Bonferroni's level, which Holm's never undercuts. */
  readonly inCompany: Share;
  /** In that company: how often the first look at the second stage was enough to find it. */
  readonly early: Share;
  /** Called the same by the first stage, which is a miss. */
  readonly cleared: Share;
}

/** How often a slowdown is found, drawn like `resampleSuites`. Throws RangeError for a pool without a pair. */
export function power(
  slower: LaunchPool,
  company: readonly LaunchPool[],
  { trials, ...options }: ResampleOptions & { readonly trials: number },
): Power {
  const random = randomNumbers(options.seed);
  const pairs = pairsOf(slower);
  const others = company.map(pairsOf);
  let alone = 0;
  let inCompany = 0;
  let early = 0;
  let cleared = 0;
  const all = complete(options.verdict ?? {});
  for (let trial = 0; trial < trials; trial++) {
    const evidence = screenOf(slower, pairs, random, options);
    const beside = others.map((each, i) => screenOf(company[i]!, each, random, options));
    const open = undecided([evidence, ...beside], options.verdict);
    if (open[0] !== evidence) {
      cleared++;
      continue;
    }
    const found = (family: number): Look | 'only' | undefined => {
      const looks = looksFor(family, options.launches ?? DEFAULTS.launches, all.familyError);
      const judged = decideOf(evidence, pairs, random, looks, (so) => goesOn(so, looks, family, all));
      const estimates = judged.decide.flatMap(({ blockLogRatios }) => blockLogRatios);
      const { mean, p } = typicalMean(estimates, { seed: seedOf(evidence, trial) });
      if (mean < logThreshold(evidence, all) || p > (errorShare(judged) * all.familyError) / family) return undefined;
      return judged.look ?? 'only';
    };
    if (found(1) !== undefined) alone++;
    const where = found(open.length);
    if (where !== undefined) inCompany++;
    if (where === 'first') early++;
  }
  return {
    alone: shareOf(alone, trials),
    inCompany: shareOf(inCompany, trials),
    early: shareOf(early, trials),
    cleared: shareOf(cleared, trials),
  };
}

/** The swapped pairs of a pool. */
export function pairsOf({ package: name, case: title, effect, launches }: LaunchPool): readonly SwappedPair[] {
  const { pairs } = balance(launches);
  if (pairs.length === 0) throw new RangeError(`${name}: ${title} (${effect}): no pair of launches with swapped roles`);
  return pairs;
}

function screenOf(
  pool: LaunchPool,
  pairs: readonly SwappedPair[],
  random: () => number,
  { screen = SCREEN_LAUNCHES }: ResampleOptions,
): CaseEvidence {
  return { package: pool.package, case: pool.case, screen: draw(pairs, screen, random), decide: [] };
}

/** The second stage: from look to look, as long as that is worth it. */
function decideOf(
  evidence: CaseEvidence,
  pairs: readonly SwappedPair[],
  random: () => number,
  looks: Looks,
  isWorth: (evidence: CaseEvidence) => boolean,
): CaseEvidence {
  const decide: LaunchRecord[] = [];
  let judged = evidence;
  for (const { upTo, look } of stepsOf(looks)) {
    decide.push(...draw(pairs, upTo - decide.length, random));
    judged = look === undefined ? { ...evidence, decide } : { ...evidence, decide, look };
    if (!isWorth(judged)) break;
  }
  return judged;
}

/** Pairs of launches as they were launched. */
function draw(pairs: readonly SwappedPair[], launches: number, random: () => number): LaunchRecord[] {
  return Array.from({ length: launches >> 1 }, () => {
    const [one, other] = pairs[Math.floor(random() * pairs.length)]!;
    return [
      { swapped: false, blockLogRatios: [one] },
      { swapped: true, blockLogRatios: [other] },
    ];
  }).flat();
}

/** Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927. */
export function shareOf(count: number, of: number): Share {
  const z = 1.959963984540054;
  const value = count / of;
  const scale = 1 + (z * z) / of;
  const centre = (value + (z * z) / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  // At the ends the bounds are exact, and the difference would round to something like 1e-19.
  return { count, of, value, low: count === 0 ? 0 : centre - half, high: count === of ? 1 : centre + half };
}
