// One fuzz target in a process of its own: node fuzz-child.ts <file> <budget ms> [<seed> <iterations> [<last seed>]]
import { randomInt } from 'node:crypto';
import { pathToFileURL } from 'node:url';

/** What a `*.fuzz.ts` exports as `fuzz`: throws when the fast path and its naive twin disagree. */
interface FuzzTarget {
  readonly name: string;
  run(seed: number, iterations: number): void | Promise<void>;
}

/** Before every round, so that the seed is known even when the process dies in it. */
export interface FuzzRound {
  readonly kind: 'round';
  readonly name: string;
  readonly seed: number;
  readonly iterations: number;
  /** Iterations that passed before this round. */
  readonly passed: number;
}

export type FuzzMessage =
  | FuzzRound
  | { readonly kind: 'passed'; readonly name: string; readonly passed: number }
  | { readonly kind: 'failed'; readonly reason: string };

const FIRST_ITERATIONS = 16;
/** Rounds grow to this length: long enough to work, short enough for many seeds and for a failure that is quick to repeat. */
const ROUND_MS = 250;
/** However quick an iteration is: the total stays a safe integer. */
const MOST_ITERATIONS = 2 ** 22;
const SEEDS = 2 ** 32;

/** Resolves when the message has left the process. */
function tell(message: FuzzMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

async function main(): Promise<void> {
  const [file = '', budget, firstSeed, iterationsPerSeed, lastSeed = firstSeed] = process.argv.slice(2);
  const { fuzz } = (await import(pathToFileURL(file).href)) as { fuzz?: FuzzTarget };
  if (typeof fuzz?.run !== 'function') throw new Error('exports no "fuzz" with a run(seed, iterations)');
  const { name } = fuzz;
  let passed = 0;
  const round = async (seed: number, iterations: number): Promise<void> => {
    await tell({ kind: 'round', name, seed, iterations, passed });
    await fuzz.run(seed, iterations);
    passed += iterations;
  };

  if (firstSeed === undefined) {
    const deadline = performance.now() + Number(budget);
    let iterations = FIRST_ITERATIONS;
    do {
      const start = performance.now();
      await round(randomInt(SEEDS), iterations);
      if (performance.now() - start < ROUND_MS / 2) iterations = Math.min(iterations * 2, MOST_ITERATIONS);
    } while (performance.now() < deadline);
  } else {
    for (let seed = Number(firstSeed); seed <= Number(lastSeed); seed++) await round(seed, Number(iterationsPerSeed));
  }
  await tell({ kind: 'passed', name, passed });
}

process.once('disconnect', () => process.exit(1));
process.channel?.unref();

main()
  .catch((error: unknown) =>
    tell({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
  .finally(() => process.exit());
