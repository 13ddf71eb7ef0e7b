import { inspect } from 'node:util';
import { integerBelow, seededRandom } from './testing/random.ts';
import { checkScenario } from './testing/scenario.ts';
import type { Scenario } from './testing/scenario.ts';

const BEHAVIOURS = ['returns', 'throws', 'resolves', 'rejects'] as const;
const SOURCES = ['array', 'generator', 'async generator'] as const;
const FORMS = ['first error', 'all errors', 'settled'] as const;

/** Random items, orders of completion and aborts against a plain loop. */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'runConcurrent against a plain loop',
  async run(seed, iterations) {
    const random = seededRandom(seed);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const scenario = randomScenario(random);
      try {
        await checkScenario(scenario);
      } catch (error) {
        throw new Error(`seed ${seed}, iteration ${iteration}: ${inspect(scenario, { depth: 3 })}`, { cause: error });
      }
    }
  },
};

function randomScenario(random: () => number): Scenario {
  const size = integerBelow(random, 30);
  // Mostly good items, or hardly a run would get past its first ones.
  const faulty = random() < 0.5 ? 0.02 : 0.2;
  return {
    behaviours: Array.from({ length: size }, () => {
      const fails = random() < faulty ? 1 : 0;
      return BEHAVIOURS[(random() < 0.2 ? 0 : 2) + fails];
    }),
    source: SOURCES[integerBelow(random, SOURCES.length)],
    form: FORMS[integerBelow(random, FORMS.length)],
    maxWorkers: 1 + integerBelow(random, 8),
    choices: Array.from({ length: 1 + integerBelow(random, 20) }, () => integerBelow(random, 8)),
    abortAtStep: random() < 0.2 ? integerBelow(random, 20) : undefined,
  };
}
