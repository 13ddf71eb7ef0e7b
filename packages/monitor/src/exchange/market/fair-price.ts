import type { Random } from './prng.ts';

/** Step of the walk. Finer than anything that is looked at, coarse enough to cost nothing. */
export const FAIR_STEP_US = 20_000;

const STEPS_PER_SECOND: number = 1_000_000 / FAIR_STEP_US;
// GARCH(1,1): after a large move, large moves are likelier for about 1 / (1 - SHOCK - MEMORY) steps, two seconds here.
const SHOCK = 0.06;
const MEMORY = 0.93;
const LARGEST_VARIANCE_RATIO = 40;
/** Pull towards the start, per step: half of a distance is gone after about 11 minutes. */
const REVERSION = 2e-5;

/** Where the price wants to be, in ticks: a random walk with clustered volatility that does not stray for ever. */
export class FairPrice {
  ticks: number;
  readonly #random: Random;
  readonly #anchorTicks: number;
  /** Variance of one step in the long run. */
  readonly #usualVariance: number;
  #variance: number;

  /** `volatility` is in ticks per square root of a second. */
  constructor(random: Random, startTicks: number, volatility: number) {
    this.#random = random;
    this.ticks = startTicks;
    this.#anchorTicks = startTicks;
    this.#usualVariance = (volatility * volatility) / STEPS_PER_SECOND;
    this.#variance = this.#usualVariance;
  }

  step(): void {
    const move = Math.sqrt(this.#variance) * this.#random.normal();
    this.ticks += move + (this.#anchorTicks - this.ticks) * REVERSION;
    const variance = this.#usualVariance * (1 - SHOCK - MEMORY) + SHOCK * move * move + MEMORY * this.#variance;
    this.#variance = Math.min(variance, this.#usualVariance * LARGEST_VARIANCE_RATIO);
    // Three quarters below the start, the far bids would end: a floor that no run of sensible length meets.
    if (this.ticks < this.#anchorTicks / 4) this.ticks = this.#anchorTicks / 4;
  }

  /** Volatility now against the usual one: about 0.4 to 6, one in the long run. */
  get agitation(): number {
    return Math.sqrt(this.#variance / this.#usualVariance);
  }
}
