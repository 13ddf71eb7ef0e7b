import { bench, seeded } from '../index.ts';
import type { BenchCase } from '../index.ts';

const NUMBERS = 16_000;

/**
 * The same code on both sides in every run: whatever difference is found here is the machine's. Numbers alone: with objects it deviated by
 * 3 % from itself, by how its own collections fell, which says nothing about the machine. No package, so that no change of the repository can reach it.
 */
const canary: BenchCase = bench({
  name: 'canary',
  input: seeded(42, (random) => Float64Array.from({ length: NUMBERS }, random)),
  units: (input) => ({ name: 'numbers', count: input.length }),
  answer: (input) => sumOfDistances(input),
  ours: { name: 'sum of distances', setup: (input) => () => sumOfDistances(input) },
  peers: [],
});
export default canary;

// The inner loop in a function that is called often: one long loop would be replaced on the stack, differently in every launch.
function sumOfDistances(numbers: Float64Array): number {
  let sum = 0;
  for (let from = 0; from < numbers.length; from += 8) sum += distances(numbers, from);
  return sum;
}

function distances(numbers: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < from + 8; i += 2)
    sum += Math.sqrt(numbers[i]! * numbers[i]! + numbers[i + 1]! * numbers[i + 1]!);
  return sum;
}
