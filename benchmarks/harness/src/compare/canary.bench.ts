import { bench, seeded } from '../index.ts';
import type { BenchCase } from '../index.ts';

const NUMBERS = 16_000;
/** Numbers that one call takes. The loop is in a function that is called often: one long loop would be replaced on the stack, differently in every launch. */
const AT_ONCE = 64;
const FNV_PRIME = 16_777_619;

/**
 * The same code on both sides in every run: whatever difference is found here is the machine's. Each multiplication waits for the one
 * before, so that the time is that of the chain, wherever the code lies and whatever V8 has inlined. No package, so that no change of the
 * repository can reach it.
 */
const canary: BenchCase = bench({
  name: 'canary',
  input: seeded(42, (random) => Int32Array.from({ length: NUMBERS }, () => random() * 2 ** 31)),
  units: (input) => ({ name: 'numbers', count: input.length }),
  answer: (input) => hashOf(input),
  ours: { name: 'hash', setup: (input) => () => hashOf(input) },
  peers: [],
});
export default canary;

function hashOf(numbers: Int32Array): number {
  let hash = 0;
  for (let from = 0; from < numbers.length; from += AT_ONCE) hash = hashOn(hash, numbers, from);
  return hash;
}

/** FNV-1a over 32-bit numbers. */
function hashOn(before: number, numbers: Int32Array, from: number): number {
  let hash = before;
  for (let i = from; i < from + AT_ONCE; i++) hash = Math.imul(hash ^ numbers[i]!, FNV_PRIME);
  return hash;
}
