import { bench, seeded } from '../index.ts';
import type { BenchCase } from '../index.ts';

const NUMBERS = 2_000;

/**
 * The same code on both sides in every run: whatever difference is found here is the machine's. Numbers and small objects, so that both the
 * processor and the collector have a say; no package, so that no change of the repository can reach it.
 */
const canary: BenchCase = bench({
  name: 'canary',
  input: seeded(42, (random) => Float64Array.from({ length: NUMBERS }, random)),
  units: (input) => ({ name: 'numbers', count: input.length }),
  answer: (input) => sumOfPoints(input),
  ours: { name: 'sum of points', setup: (input) => () => sumOfPoints(input) },
  peers: [],
});
export default canary;

function sumOfPoints(numbers: Float64Array): number {
  const points: { readonly x: number; readonly y: number }[] = [];
  for (let i = 0; i < numbers.length; i += 8) points.push({ x: numbers[i]!, y: numbers[i + 1]! });
  let sum = 0;
  for (const { x, y } of points) sum += Math.sqrt(x * x + y * y);
  for (const x of numbers) sum += x * x;
  return sum;
}
