import { compareCounts, type CountChange } from '../metrics/compare-counts.ts';
import {
  COUNTS_SCHEMA,
  notMeasured,
  type Conditions,
  type InstructionCount,
  type Metric,
  type NotMeasured,
  type PackageCounts,
} from '../metrics/counts.ts';
import { median } from '../statistics.ts';
import type { ComparedEvidence } from './compare.ts';
import type { SideName } from './protocol.ts';

/** Instructions of a case on both sides, or why there are none. */
export type CountedSides = Readonly<Record<SideName, InstructionCount | NotMeasured>>;

/** What launches observe beside time. */
const OBSERVED = ['allocatedBytes', 'gcCount', 'gcMs', 'maxRssBytes', 'loopDelayMs'] as const;

/**
 * What a case does beside time, by the rules of `compareCounts`: its counted instructions, and what its launches observed, each side by the
 * median of its launches. These move from launch to launch, so where the launches of the two sides overlap the verdict is `same`.
 * Without `counted` there are no instructions; a metric that neither side has is left out.
 */
export function caseChanges(
  evidence: ComparedEvidence,
  counted: CountedSides | undefined,
  conditions: Conditions,
): CountChange[] {
  const launches = [...evidence.screen, ...evidence.decide];
  const observed = new Map(
    OBSERVED.map((metric) => {
      const of = (side: SideName): number[] => launches.flatMap((launch) => launch[side].usage?.[metric] ?? []);
      return [metric, { base: of('base'), head: of('head') }];
    }),
  );
  const side = (name: SideName): PackageCounts => {
    const metric = (key: (typeof OBSERVED)[number]): Metric => {
      const values = observed.get(key)![name];
      return values.length === 0 ? notMeasured('not observed') : { value: median(values) };
    };
    return {
      schema: COUNTS_SCHEMA,
      package: evidence.package,
      conditions,
      cases: [
        {
          file: evidence.file,
          name: evidence.case,
          async: launches.some((launch) => launch.async),
          instructions: counted?.[name] ?? notMeasured('not asked for'),
          allocatedBytes: metric('allocatedBytes'),
          gcCount: metric('gcCount'),
          gcMs: metric('gcMs'),
          maxRssBytes: metric('maxRssBytes'),
          loopDelayMs: metric('loopDelayMs'),
        },
      ],
      failures: [],
      packed: [],
    };
  };
  return compareCounts(side('base'), side('head')).flatMap((change) => {
    if (change.metric === 'instructions') return counted === undefined ? [] : [change];
    const values = observed.get(change.metric as (typeof OBSERVED)[number])!;
    if (values.base.length + values.head.length === 0) return [];
    return [overlap(values.base, values.head) ? { ...change, verdict: 'same' as const } : change];
  });
}

function overlap(base: readonly number[], head: readonly number[]): boolean {
  return Math.min(...base) <= Math.max(...head) && Math.min(...head) <= Math.max(...base);
}
