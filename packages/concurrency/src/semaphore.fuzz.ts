import { integerBelow, seededRandom } from './testing/random.ts';
import { checkSemaphore } from './testing/semaphore-model.ts';

const STEPS = ['acquire', 'acquire', 'acquire', 'try', 'release', 'release', 'release twice', 'abort'];

/** Random steps against two arrays. */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'Semaphore against two arrays',
  async run(seed, iterations) {
    const random = seededRandom(seed);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const steps = Array.from(
        { length: integerBelow(random, 100) },
        () => [STEPS[integerBelow(random, STEPS.length)], integerBelow(random, 10)] as const,
      );
      try {
        await checkSemaphore(1 + integerBelow(random, 4), integerBelow(random, 6), steps);
      } catch (error) {
        throw new Error(`seed ${seed}, iteration ${iteration}: ${JSON.stringify(steps)}`, { cause: error });
      }
    }
  },
};
