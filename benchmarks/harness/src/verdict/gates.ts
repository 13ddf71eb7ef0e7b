import { columnsOf, markdownTable, type Table } from '../table.ts';
import { percent } from './agreement.ts';
import { LOOK_SHARE } from './looks.ts';
import { DEFAULTS } from './options.ts';
import { detectable } from './planning.ts';
import { NO_EFFECT, type LaunchPool } from './recorded-launches.ts';
import { pairsOf, power, resampleSuites, type Power, type Share } from './resample.ts';
import { typicalMean } from './typical-values.ts';

/** What the gate must show before it may fail a build. */
export const GOALS = {
  falseAlarms: { share: 0.01, cases: 8, launches: 60 },
  /** The cases of the recorded evidence that the goals of power are judged on. */
  named: [
    'native: validate twitter.json',
    'profiling: record 10,000 durations',
    'json: parse github_events.json',
    'monitor: decode 2000 recorded book tickers',
  ] as readonly string[],
  /** By injected ratio. `steadiest`: only of so many cases, those with the least noise. */
  power: [
    { ratio: 1.03, share: 0.95, steadiest: 2 },
    { ratio: 1.05, share: 0.95 },
    { ratio: 1.1, share: 0.99 },
  ] as readonly { ratio: number; share: number; steadiest?: number }[],
} as const;

export interface GateSettings {
  readonly suites: number;
  readonly trials: number;
  readonly screen: number;
  readonly launches: number;
  readonly seed: number;
  /** Goals of power are judged on these cases, `package: case`; others are shown. Default: on all. */
  readonly named?: readonly string[] | undefined;
}

export interface GateReport {
  readonly lines: readonly string[];
  readonly met: boolean;
}

/** The share of equal suites that fail, with a row per case. `pools`: those without an effect. */
export function falseAlarmReport(pools: readonly LaunchPool[], settings: GateSettings): GateReport {
  const equal = pools.filter((pool) => pool.effect === NO_EFFECT);
  if (equal.length === 0) return { lines: ['No launches of equal code are recorded.'], met: false };
  const { failed, alarmed, cases } = resampleSuites(equal, { ...settings, verdict: { launches: settings.launches } });
  const counted = (count: number | undefined): string => shareText((count ?? 0) / settings.suites);
  const table: Table = {
    columns: columnsOf(
      ['case'],
      [
        ...['launches', 'equal code', '99 % interval', 'deviation of a launch', 'detectable'],
        ...[
          'cleared at once',
          'given up',
          'first look enough',
          'launches made',
          'same',
          'inconclusive',
          'improved',
          'regressed',
        ],
      ],
    ),
    rows: equal.map((pool, i) => {
      const { verdicts, cleared, futile, early, launches } = cases[i]!;
      return [
        nameOf(pool),
        String(pool.launches.length),
        ...estimateCells(pool, settings),
        counted(cleared),
        counted(futile),
        counted(early),
        launches.toFixed(1),
        ...(['same', 'inconclusive', 'improved', 'regressed'] as const).map((verdict) => counted(verdicts[verdict])),
      ];
    }),
  };
  const goal = GOALS.falseAlarms;
  const short = equal.filter((pool) => pool.launches.length < goal.launches);
  const lacks = [
    ...(equal.length < goal.cases ? [`${equal.length} of ${goal.cases} cases are recorded`] : []),
    ...(short.length > 0 ? [`fewer than ${goal.launches} launches of ${short.map(nameOf).join(', ')}`] : []),
    ...(failed.value > goal.share ? [`more than ${shareText(goal.share)} fail`] : []),
  ];
  return {
    lines: [
      `${settings.suites.toLocaleString('en-US')} suites of ${equal.length} cases of equal code, ${stagesText(settings)}: ` +
        `${failed.count} failed, ${withInterval(failed)}; ${alarmed.count} had a case called regressed or improved.`,
      '',
      ...markdownTable(table),
      '',
      `Goal, at most ${shareText(goal.share)} of suites from at least ${goal.launches} launches of ${goal.cases} cases: ${outcome(lacks)}`,
    ],
    met: lacks.length === 0,
  };
}

/** How often each injected slowdown is found, with a row per case and effect. */
export function powerReport(pools: readonly LaunchPool[], settings: GateSettings): GateReport {
  const slower = pools.filter((pool) => pool.effect !== NO_EFFECT);
  const equal = pools.filter((pool) => pool.effect === NO_EFFECT);
  if (slower.length === 0) return { lines: ['No launches with a slowdown are recorded.'], met: false };
  const found = slower.map((pool) =>
    power(
      pool,
      equal.filter((each) => nameOf(each) !== nameOf(pool)),
      { ...settings, verdict: { launches: settings.launches } },
    ),
  );
  const named = slower.filter((pool) => settings.named?.includes(nameOf(pool)) ?? true);
  const goals = slower.map((pool) => (named.includes(pool) ? goalOf(pool, named, equal) : undefined));
  const table: Table = {
    columns: columnsOf(
      ['case', 'slowdown'],
      [
        ...['launches', 'measured', '99 % interval', 'deviation of a launch', 'detectable'],
        ...['found alone', 'found in a suite', '95 % interval', 'at the first look', 'cleared at once', 'goal'],
      ],
    ),
    rows: slower.map((pool, i) => {
      const { alone, inCompany, early, cleared } = found[i]!;
      const goal = goals[i];
      return [
        nameOf(pool),
        pool.ratio === undefined ? pool.effect : `${percent(pool.ratio)} (${pool.effect})`,
        String(pool.launches.length),
        ...estimateCells(pool, settings),
        shareText(alone.value),
        shareText(inCompany.value),
        interval(inCompany),
        shareText(early.value),
        shareText(cleared.value),
        goal === undefined ? '' : `${shareText(goal)}: ${inCompany.value >= goal ? 'met' : 'missed'}`,
      ];
    }),
  };
  const lacks = missing(slower, found, goals);
  return {
    lines: [
      `${settings.trials.toLocaleString('en-US')} comparisons drawn of each, ${stagesText(settings)}; ` +
        `in a suite: beside ${equal.length} cases of equal code at most.`,
      '',
      ...markdownTable(table),
      '',
      `Goals: ${outcome(lacks)}`,
    ],
    met: lacks.length === 0,
  };
}

/** Of the suite, which is the harder one. */
function missing(
  slower: readonly LaunchPool[],
  found: readonly Power[],
  goals: readonly (number | undefined)[],
): string[] {
  const missed = slower.filter((_pool, i) => goals[i] !== undefined && found[i]!.inCompany.value < goals[i]!);
  const unrecorded = GOALS.power.filter(({ ratio }) => !slower.some((pool) => pool.ratio === ratio));
  return [
    ...missed.map((pool) => `${percent(pool.ratio!)} of ${nameOf(pool)} is found too rarely`),
    ...unrecorded.map(({ ratio }) => `no launches with ${percent(ratio)} are recorded`),
  ];
}

function goalOf(pool: LaunchPool, slower: readonly LaunchPool[], equal: readonly LaunchPool[]): number | undefined {
  const goal = GOALS.power.find(({ ratio }) => ratio === pool.ratio);
  if (goal?.steadiest === undefined) return goal?.share;
  // Steadiness is judged on equal code where that is recorded: an effect may add noise of its own.
  const noise = (each: LaunchPool): number => {
    const calm = equal.find((other) => nameOf(other) === nameOf(each)) ?? each;
    return typicalMean(pairsOf(calm).flat(), { seed: 1 }).deviation;
  };
  const rivals = slower.filter((each) => each.ratio === pool.ratio).toSorted((a, b) => noise(a) - noise(b));
  return rivals.indexOf(pool) < goal.steadiest ? goal.share : undefined;
}

/** Ratio, interval, deviation, detectable difference. */
function estimateCells(pool: LaunchPool, { launches, seed }: GateSettings): string[] {
  const { mean, deviation, interval } = typicalMean(pairsOf(pool).flat(), { seed });
  const { low, high } = interval(1 - DEFAULTS.confidence);
  const found = detectable(deviation, launches, DEFAULTS.familyError * LOOK_SHARE, Math.log1p(DEFAULTS.threshold));
  return [
    Math.exp(mean).toFixed(4),
    Number.isFinite(low) ? `${Math.exp(low).toFixed(4)}–${Math.exp(high).toFixed(4)}` : 'unbounded',
    Number.isNaN(deviation) ? '' : `${(deviation * 100).toFixed(2)} %`,
    Number.isFinite(found) ? percent(Math.exp(found)) : '',
  ];
}

function stagesText({ screen, launches }: GateSettings): string {
  return `${screen} launches and then up to ${launches}`;
}

function outcome(lacks: readonly string[]): string {
  return lacks.length === 0 ? 'met.' : `not met: ${lacks.join('; ')}.`;
}

function withInterval(share: Share): string {
  return `${shareText(share.value)} (95 % interval ${interval(share)})`;
}

function interval({ low, high }: Share): string {
  return `${shareText(low)}–${shareText(high)}`;
}

/** `0.15 %`, `12.3 %`; what is not 0 never looks like 0, and what is not all never looks like 100 %. */
function shareText(share: number): string {
  const rounded = (share * 100).toFixed(share < 0.1 ? 2 : 1);
  if (share > 0 && Number(rounded) === 0) return '< 0.01 %';
  if (share < 1 && Number(rounded) === 100) return '> 99.9 %';
  return `${Number(rounded)} %`;
}

function nameOf(pool: LaunchPool): string {
  return `${pool.package}: ${pool.case}`;
}
