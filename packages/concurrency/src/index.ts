export { ConcurrencyError } from './errors.ts';
export type { ConcurrencyErrorCode } from './errors.ts';
export type { ItemContext, ItemFunction, Source } from './concurrent-run.ts';
export { runConcurrent, runConcurrentSettled } from './run-concurrent.ts';
export type { Progress, RunConcurrentOptions, RunConcurrentSettledOptions } from './run-concurrent.ts';
export { timeoutAfter } from './timeout-after.ts';
export type { TimeoutAfterOptions, TimeoutAfterWithDefault } from './timeout-after.ts';
