import type { InputSource } from './input.ts';

/** The work that one `run()` does: `{ name: 'bytes', count: 631_515 }`. Rates and CPU are given per unit. */
export interface Units {
  /** Plural. `bytes` is shown as MB/s, anything else as `<name>/s`. */
  readonly name: string;
  readonly count: number;
}

/** The work itself. A promise is awaited, and the wait is part of the time. */
export type Run<Answer> = () => Answer | Promise<Answer>;

/** What `setup` returns: the work, and how to release what it needed once it is timed. */
export type Setup<Answer> =
  | Run<Answer>
  | {
      readonly run: Run<Answer>;
      close?(): unknown;
      /** Before and after every run, not in its time. Each run is then timed by itself: it should last 10 µs or more. */
      beforeEach?(): unknown;
      afterEach?(): unknown;
    };

/** The expected answer of a case that has none to compare. */
export const NO_ANSWER: unique symbol = Symbol('no answer');

export interface Contestant<Input, Answer> {
  /** What is called, as the reader knows it: `JSON.parse`, `isValid`. */
  readonly name: string;
  /** Whose version is shown: an npm package, or with `version` any other library. Absent: part of Node. */
  readonly package?: string | undefined;
  /** Of a `package` that npm does not install, such as a library inside an addon. */
  readonly version?: string | undefined;
  /** Needs a step of its own before it is there, such as a compiler: missing is said in every report, but is no failure of `--check`. */
  readonly optional?: boolean | undefined;
  /** Not timed. Imports the package here, not at the top of the file: a peer that is missing then costs only its own row. */
  setup(input: Input): Setup<Answer> | Promise<Setup<Answer>>;
}

export interface CaseDefinition<Input, Answer> {
  readonly name: string;
  readonly input: InputSource<Input>;
  units(input: Input): Units;
  /** What the first `run()` of every contestant must return, by `util.isDeepStrictEqual`, before any of them is timed. */
  answer(input: Input): Answer | Promise<Answer>;
  readonly ours: Contestant<Input, Answer>;
  readonly peers: readonly Contestant<Input, Answer>[];
}

/** A case whose types no longer matter: what the runner works with, and what a case file exports. */
export type BenchCase = CaseDefinition<unknown, unknown>;

/**
 * Declares a case; the file's default export is one case or an array of them.
 *
 * Checks the shape at once, so that a mistake names the case instead of failing in a child process. Throws TypeError.
 *
 * ```ts
 * const cases: BenchCase = bench({
 *   name: 'sum of 1,000 numbers',
 *   input: seeded(42, (random) => Float64Array.from({ length: 1_000 }, random)),
 *   units: (input) => ({ name: 'numbers', count: input.length }),
 *   answer: (input) => input.reduce((sum, x) => sum + x, 0),
 *   ours: { name: 'reduce', setup: (input) => () => input.reduce((sum, x) => sum + x, 0) },
 *   peers: [{ name: 'a for loop', setup: (input) => () => { let sum = 0; for (const x of input) sum += x; return sum; } }],
 * });
 * export default cases;
 * ```
 */
export function bench<Input, Answer>(definition: CaseDefinition<Input, Answer>): BenchCase {
  checkCase(definition);
  return Object.freeze(definition) as BenchCase;
}

function checkCase(definition: unknown): void {
  const { name, input, units, answer, ours, peers } = (definition ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name !== 'string' || name.trim() === '') throw new TypeError('a benchmark case needs a name');
  const fault = (what: string): never => {
    throw new TypeError(`benchmark case "${name}": ${what}`);
  };
  if (typeof (input as { load?: unknown } | undefined)?.load !== 'function') {
    fault('input must be made by corpus(), seeded() or value()');
  }
  if (typeof units !== 'function') fault('units must be a function of the input');
  if (typeof answer !== 'function') fault('answer must be a function of the input');
  if (!Array.isArray(peers)) fault('peers must be an array (empty when there are none)');
  const names = new Set<string>();
  for (const contestant of [ours, ...(peers as unknown[])]) {
    const { name: who, setup, package: from, version } = (contestant ?? {}) as Partial<Record<string, unknown>>;
    if (typeof who !== 'string' || who.trim() === '') fault('every contestant needs a name');
    if (typeof setup !== 'function') fault(`setup of "${String(who)}" must be a function`);
    if (from !== undefined && (typeof from !== 'string' || from === '')) {
      fault(`package of "${String(who)}" must be the name of a package, or absent for what is part of Node`);
    }
    if (version !== undefined && (typeof version !== 'string' || version === '' || from === undefined)) {
      fault(`version of "${String(who)}" must be text, and goes with a package`);
    }
    if (names.has(who as string)) fault(`two contestants are called "${String(who)}"`);
    names.add(who as string);
  }
}

/** The contestants in the order in which child processes address them: ours is 0. */
export function contestantsOf(definition: BenchCase): readonly Contestant<unknown, unknown>[] {
  return [definition.ours, ...definition.peers];
}
