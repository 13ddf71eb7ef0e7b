import type { JsonError } from '../errors.ts';

/** What a function throws. Fails the test when it throws nothing. */
export function thrown(run: () => unknown): JsonError {
  try {
    run();
  } catch (error) {
    return error as JsonError;
  }
  throw new Error('nothing was thrown');
}
