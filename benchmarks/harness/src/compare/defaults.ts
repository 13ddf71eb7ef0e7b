import type { LaunchSettings } from './lock-step.ts';

/** How a launch is made when nobody says otherwise: the gate's figures were recorded like this. */
export const LAUNCH: LaunchSettings = {
  blockMs: 4,
  pairs: 20,
  mostPairs: 44,
  precision: 0.007,
  leastPairs: 6,
  budgetMs: 352,
  warmupMs: 120,
  limitMs: 60_000,
};
