import { isMeasured, type CaseCounts, type Conditions, type Metric, type PackageCounts } from './counts.ts';

/** Share by which instructions may grow before a comparison fails. */
export const INSTRUCTION_BOUND = 0.005;

/** Changes from this share on are told; smaller ones are what the methods differ by themselves. Approximate figures need ten times as much. */
const WORDS_BOUND = 0.01;
const APPROXIMATE_FACTOR = 10;
/** Collections, resident memory and delays move by themselves. */
const COARSE_BOUND = 0.1;

export type CountMetric =
  | 'instructions'
  | 'allocatedBytes'
  | 'gcCount'
  | 'gcMs'
  | 'maxRssBytes'
  | 'loopDelayMs'
  | 'packedBytes';

/**
 * `worse` and `better` are beyond the metric's bound. `not compared`: a figure is missing on a side, or the conditions differ; `words`
 * say which.
 */
export type CountVerdict = 'worse' | 'better' | 'same' | 'not compared';

export interface CountChange {
  readonly package: string;
  /** The case's name, or the tarball's for `packedBytes`. */
  readonly name: string;
  readonly metric: CountMetric;
  readonly base?: number;
  readonly head?: number;
  /** head / base - 1; absent without two figures, and when the base is 0. */
  readonly change?: number;
  readonly verdict: CountVerdict;
  /** Fails a build: instructions alone do. */
  readonly fails: boolean;
  readonly words: string;
}

interface Rule {
  readonly label: string;
  readonly bound: number;
  readonly unit: string;
}

const RULES: Readonly<Record<CountMetric, Rule>> = {
  instructions: { label: 'instructions', bound: INSTRUCTION_BOUND, unit: 'per run' },
  allocatedBytes: { label: 'allocated bytes', bound: WORDS_BOUND, unit: 'per run' },
  gcCount: { label: 'collections', bound: COARSE_BOUND, unit: 'per 1,000 runs' },
  gcMs: { label: 'ms of collections', bound: 2 * COARSE_BOUND, unit: 'per 1,000 runs' },
  maxRssBytes: { label: 'peak resident bytes', bound: COARSE_BOUND, unit: '' },
  loopDelayMs: { label: 'ms of loop delay (p99)', bound: 5 * COARSE_BOUND, unit: '' },
  packedBytes: { label: 'packed bytes', bound: WORDS_BOUND, unit: '' },
};

const CASE_METRICS = ['instructions', 'allocatedBytes', 'gcCount', 'gcMs', 'maxRssBytes', 'loopDelayMs'] as const;

/**
 * Every metric of every case and tarball that is on both sides, in the order of the head; cases that are new or gone are the timing's to
 * tell. Instructions of different conditions (Node, valgrind, architecture, CPU path) are not compared: their difference says nothing
 * about the code.
 */
export function compareCounts(base: PackageCounts, head: PackageCounts): readonly CountChange[] {
  const differing = conditionsDiffer(base.conditions, head.conditions);
  const keyOf = ({ file, name }: CaseCounts): string => `${file}\n${name}`;
  const before = new Map(base.cases.map((each) => [keyOf(each), each]));
  const sizes = new Map(base.packed.map(({ name, bytes }) => [name, bytes]));
  const changes: CountChange[] = [];
  for (const now of head.cases) {
    const then = before.get(keyOf(now));
    if (then === undefined) continue;
    for (const metric of CASE_METRICS) {
      const why = differing ?? (metric === 'instructions' ? runsDiffer(then, now) : undefined);
      changes.push(compareMetric(head.package, now.name, metric, then[metric], now[metric], why));
    }
  }
  for (const { name, bytes } of head.packed) {
    const then = sizes.get(name);
    // Bytes are bytes under any conditions.
    if (then !== undefined) changes.push(compareMetric(head.package, name, 'packedBytes', then, bytes, undefined));
  }
  return changes;
}

/** What differs, in words; undefined when the counts are comparable. */
export function conditionsDiffer(base: Conditions, head: Conditions): string | undefined {
  const names = ['node', 'platform', 'arch', 'valgrind', 'nativeCpu'] as const;
  const name = names.find((each) => base[each] !== head[each]);
  return name === undefined ? undefined : `${name} ${base[name] ?? 'none'} against ${head[name] ?? 'none'}`;
}

/** When code is compiled and the heap collected depends on the number of runs. */
function runsDiffer({ instructions: base }: CaseCounts, { instructions: head }: CaseCounts): string | undefined {
  if (!isMeasured(base) || !isMeasured(head) || base.runs === head.runs) return undefined;
  return `${base.runs} runs against ${head.runs}: count again with --runs-from`;
}

function compareMetric(
  from: string,
  name: string,
  metric: CountMetric,
  base: Metric,
  head: Metric,
  differing: string | undefined,
): CountChange {
  const { label, bound, unit } = RULES[metric];
  const common = { package: from, name, metric };
  const figures = {
    ...(isMeasured(base) ? { base: base.value } : {}),
    ...(isMeasured(head) ? { head: head.value } : {}),
  };
  const notCompared = (why: string): CountChange => ({
    ...common,
    ...figures,
    verdict: 'not compared',
    fails: false,
    words: `${label} not compared: ${why}`,
  });
  if (!isMeasured(head)) return notCompared(head.notMeasured);
  if (!isMeasured(base)) return notCompared(`base ${base.notMeasured}`);
  if (differing !== undefined) return notCompared(differing);

  const approximate = base.approximate === true || head.approximate === true;
  const allowed = approximate ? bound * APPROXIMATE_FACTOR : bound;
  const verdict = verdictOf(base.value, head.value, allowed);
  const change = base.value === 0 ? {} : { change: head.value / base.value - 1 };
  const words = [
    `${shown(base.value)} → ${shown(head.value)} ${label}`,
    unit,
    change.change === undefined ? '' : `(${signed(change.change)}${approximate ? ', approximate' : ''})`,
  ];
  return {
    ...common,
    ...figures,
    ...change,
    verdict,
    fails: metric === 'instructions' && verdict === 'worse',
    words: words.filter((each) => each !== '').join(' '),
  };
}

/** From 0, anything is more. */
function verdictOf(base: number, head: number, allowed: number): CountVerdict {
  if (head > base * (1 + allowed)) return 'worse';
  return head < base * (1 - allowed) ? 'better' : 'same';
}

function shown(value: number): string {
  return value.toLocaleString('en-US', value < 1_000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}

function signed(share: number): string {
  const percent = Math.abs(share * 100);
  return `${share < 0 ? '−' : '+'}${percent < 1 ? percent.toFixed(3) : percent.toFixed(1)} %`;
}
