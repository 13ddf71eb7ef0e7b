// What every child process does with a contestant before it is timed: load, set up, compare the answer.
import { inspect, isDeepStrictEqual } from 'node:util';

import type { BenchCase, Contestant, Setup } from './case.ts';
import { MissingCorpus } from './input.ts';
import type { ChildMessage } from './protocol.ts';
import { isNotFound } from './versions.ts';

/** Thrown to leave a launch from any depth with what the parent is to be told. */
export class Ended extends Error {
  readonly told: ChildMessage;
  constructor(told: ChildMessage) {
    super(told.kind);
    this.told = told;
  }
}

export async function loadCases(url: string): Promise<readonly BenchCase[]> {
  const loaded = (await import(url)) as { default?: BenchCase | readonly BenchCase[] };
  const cases = loaded.default === undefined ? [] : [loaded.default].flat();
  if (cases.length === 0) throw new Error('the default export must be a bench() or an array of them');
  return cases;
}

export async function prepare(
  contestant: Contestant<unknown, unknown>,
  input: unknown,
): Promise<{ run: () => unknown; close: () => unknown }> {
  let made: Setup<unknown>;
  try {
    made = await contestant.setup(input);
  } catch (error) {
    const reason = isNotFound(error) ? `not installed (${messageOf(error)})` : `failed to load (${messageOf(error)})`;
    throw new Ended({ kind: 'unavailable', reason });
  }
  const run = typeof made === 'function' ? made : made?.run;
  if (typeof run !== 'function') throw new TypeError('setup must return a function, or { run, close }');
  return { run, close: () => (typeof made === 'function' ? undefined : made.close?.()) };
}

/** Runs once and compares. Returns whether the contestant is asynchronous. The answers are garbage before anything is timed. */
export async function checkAnswer(run: () => unknown, expected: unknown): Promise<boolean> {
  const returned = run();
  const async = typeof (returned as PromiseLike<unknown> | null | undefined)?.then === 'function';
  const got = await returned;
  if (!isDeepStrictEqual(got, expected)) {
    throw new Ended({ kind: 'wrong-answer', expected: shown(expected), got: shown(got) });
  }
  return async;
}

/** Says where a failure happened, in the words of the case file. */
export async function step<Result>(where: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Ended) throw error;
    if (error instanceof MissingCorpus) throw new Ended({ kind: 'no-input', reason: error.message });
    throw new Ended({ kind: 'failed', where, reason: messageOf(error) });
  }
}

function shown(answer: unknown): string {
  const text = inspect(answer, { depth: 4, maxArrayLength: 20, maxStringLength: 200, breakLength: 100 });
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}

export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : inspect(error);
  return text.split('\n', 1)[0] ?? text;
}
