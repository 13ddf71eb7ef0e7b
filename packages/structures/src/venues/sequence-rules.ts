import { StructuresError } from '../errors.ts';
import { binanceUsdm } from './binance-usdm.ts';
import type { SequenceRule } from './sequence-rule.ts';
import type { VenueId } from './venue.ts';

const rules: ReadonlyMap<string, SequenceRule> = new Map([[binanceUsdm.venue, binanceUsdm]]);

/** The rule of a venue; `ERR_PERF_STRUCTURES_VENUE` where there is none. */
export function sequenceRule(venue: VenueId): SequenceRule {
  const rule = rules.get(venue);
  if (rule !== undefined) return rule;
  throw new StructuresError(
    'ERR_PERF_STRUCTURES_VENUE',
    `no sequence rules for venue ${JSON.stringify(venue)}: known are ${[...rules.keys()].join(', ')}`,
  );
}
