export { bench } from './case.ts';
export type { BenchCase, CaseDefinition, Contestant, Run, Setup, Units } from './case.ts';
export { corpus, seeded, value } from './input.ts';
export type { InputSource } from './input.ts';
