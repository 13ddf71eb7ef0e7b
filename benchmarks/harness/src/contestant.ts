// What every child process does with a contestant before it is timed: load, set up, compare the answer.
import { inspect, isDeepStrictEqual } from 'node:util';

import { NO_ANSWER, type BenchCase, type Contestant, type Setup } from './case.ts';
import { MissingCorpus } from './input.ts';
import type { ChildMessage } from './protocol.ts';
import { loadCaseFile } from './tinybench/load.ts';
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
  const cases = await loadCaseFile(url);
  if (cases.length === 0) {
    throw new Error('the default export must be a bench(), an instance of tinybench, or an array of them');
  }
  return cases;
}

/** What surrounds every run, untimed. */
export interface Around {
  before(): unknown;
  after(): unknown;
}

export interface Prepared {
  readonly run: () => unknown;
  readonly close: () => unknown;
  readonly around: Around | undefined;
}

export async function prepare(contestant: Contestant<unknown, unknown>, input: unknown): Promise<Prepared> {
  let made: Setup<unknown>;
  try {
    made = await contestant.setup(input);
  } catch (error) {
    const reason = isNotFound(error) ? `not installed (${messageOf(error)})` : `failed to load (${messageOf(error)})`;
    throw new Ended({ kind: 'unavailable', reason });
  }
  if (typeof made === 'function') return { run: made, close: () => undefined, around: undefined };
  const { run, beforeEach, afterEach } = made ?? {};
  if (typeof run !== 'function') throw new TypeError('setup must return a function, or { run, close }');
  const around =
    beforeEach === undefined && afterEach === undefined
      ? undefined
      : { before: () => made.beforeEach?.(), after: () => made.afterEach?.() };
  return { run, close: () => made.close?.(), around };
}

/** A run together with what surrounds it, for what cannot be counted apart. */
export function surrounded(run: () => unknown, around: Around | undefined, async: boolean): () => unknown {
  if (around === undefined) return run;
  if (!async) {
    return () => {
      around.before();
      const returned = run();
      around.after();
      return returned;
    };
  }
  return async () => {
    await around.before();
    const returned = await run();
    await around.after();
    return returned;
  };
}

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/**
 * Runs once and compares. Returns whether the contestant is asynchronous: it or what surrounds its runs. The answers are garbage before
 * anything is timed.
 */
export async function checkAnswer(run: () => unknown, expected: unknown, around?: Around): Promise<boolean> {
  const before = around?.before();
  await before;
  const returned = run();
  const got = await returned;
  const after = around?.after();
  await after;
  if (expected !== NO_ANSWER && !isDeepStrictEqual(got, expected)) {
    throw new Ended({ kind: 'wrong-answer', expected: shown(expected), got: shown(got) });
  }
  return [before, returned, after].some(isPromise);
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
