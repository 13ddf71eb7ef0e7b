import type { JsonError } from '../../errors.ts';

/** What an iteration gave before it ended, and how it ended. */
export interface Collected<T> {
  readonly items: T[];
  readonly error: JsonError | undefined;
}

/** Iterates to the end or the error. */
export async function collected<T>(stream: AsyncIterable<T>): Promise<Collected<T>> {
  const items: T[] = [];
  try {
    for await (const item of stream) items.push(item);
  } catch (error) {
    return { items, error: error as JsonError };
  }
  return { items, error: undefined };
}

/** The error as the tests compare it. */
export function brief(error: JsonError | undefined): string {
  return error === undefined ? 'ok' : `${error.code} ${error.byteOffset}`;
}
