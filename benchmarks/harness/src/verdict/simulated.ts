// Launches with known truth, for tests.
import { randomNumbers } from '../random.ts';
import type { CaseEvidence, LaunchRecord } from './evidence.ts';

export type Noise = (random: () => number) => number;

/** Box and Muller. */
export const normal: Noise = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Deviation 1, mean 0, skewness 1.75. */
export const lognormal: Noise = (random) =>
  (Math.exp(0.5 * normal(random)) - Math.exp(0.125)) / Math.sqrt((Math.exp(0.25) - 1) * Math.exp(0.25));

/** Student's t with three degrees of freedom: finite variance, no finite kurtosis. Deviation √3. */
export const heavyTailed: Noise = (random) => {
  const chi = (normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3;
  return normal(random) / Math.sqrt(chi);
};

/** Skewness 6. */
export const veryLognormal: Noise = (random) => Math.exp(normal(random)) - Math.exp(0.5);

export interface Truth {
  /** Head's time over base's. */
  readonly ratio?: number;
  /** Deviation between launches, as a share. */
  readonly deviation?: number;
  /** What the side that starts second gains. */
  readonly orderBias?: number;
  readonly noise?: Noise;
}

/** So many launches whose roles take turns, with three blocks each. */
export function simulateLaunches(count: number, truth: Truth, random: () => number): LaunchRecord[] {
  const { ratio = 1, deviation = 0.01, orderBias = 0, noise = normal } = truth;
  return Array.from({ length: count }, (_each, i) => {
    const swapped = i % 2 === 1;
    const launch = Math.log(ratio) + deviation * noise(random) + (swapped ? orderBias : -orderBias);
    return { swapped, blockLogRatios: [launch - 0.01, launch, launch + 0.03] };
  });
}

export function simulateCase(name: string, truth: Truth, seed: number, launches = 24): CaseEvidence {
  const random = randomNumbers(seed);
  return {
    package: 'simulated',
    case: name,
    screen: simulateLaunches(8, truth, random),
    decide: simulateLaunches(launches, truth, random),
  };
}
