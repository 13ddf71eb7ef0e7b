import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemContext } from '../concurrent-run.ts';
import { runConcurrent, runConcurrentSettled } from '../run-concurrent.ts';

/** How one item behaves: settles at once without a promise, or when the driver says so. */
export type Behaviour = 'returns' | 'throws' | 'resolves' | 'rejects';

export interface Scenario {
  readonly behaviours: readonly Behaviour[];
  readonly source: 'array' | 'generator' | 'async generator';
  readonly form: 'first error' | 'all errors' | 'settled';
  readonly maxWorkers: number;
  /** Which of the running items the driver settles next, modulo their number. */
  readonly choices: readonly number[];
  /** The driver aborts the caller's signal before this step. */
  readonly abortAtStep: number | undefined;
}

interface Running {
  readonly index: number;
  readonly signal: AbortSignal;
  settle(): void;
}

/**
 * Plays a scenario against the real thing and against a model that is a plain loop over the items: after every step of
 * the driver exactly the items that the model calls for have been started, no more, and the outcome is the model's.
 */
export async function checkScenario(scenario: Scenario): Promise<void> {
  const { behaviours, form, maxWorkers } = scenario;
  const started: number[] = [];
  const running: Running[] = [];
  let taken = 0;
  let sourceClosed = false;
  /** The model: what the call must come to, once something has stopped it. */
  let stoppedBy: unknown;
  const stopsOnError = form === 'first error';

  /** What fn saw that must not be; thrown there, it would only be one more failed item. */
  const violations: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) violations.push(what);
  };

  const fn = (item: number, { index, signal }: ItemContext): number | Promise<number> => {
    must(item === index && index === started.length, 'started in order, each once');
    started.push(index);
    must(stoppedBy === undefined, 'nothing is started after the end');
    must(running.length < maxWorkers, 'never more than maxWorkers');
    const behaviour = behaviours[index];
    if (behaviour === 'returns') return answer(index);
    if (behaviour === 'throws') {
      if (stopsOnError) stoppedBy ??= fault(index);
      throw fault(index);
    }
    return new Promise((resolve, reject) => {
      running.push({
        index,
        signal,
        settle: () => (behaviour === 'resolves' ? resolve(answer(index)) : reject(fault(index))),
      });
    });
  };

  function* generate(): Generator<number> {
    try {
      for (let index = 0; index < behaviours.length; index++) {
        taken++;
        yield index;
      }
    } finally {
      sourceClosed = true;
    }
  }
  async function* generateLater(): AsyncGenerator<number> {
    yield* generate();
  }
  const sources = {
    array: () => behaviours.map((_, index) => index),
    generator: generate,
    'async generator': generateLater,
  };

  const controller = new AbortController();
  const options = { maxWorkers, signal: controller.signal };
  const call: Promise<unknown> =
    form === 'settled'
      ? runConcurrentSettled(fn, sources[scenario.source](), options)
      : runConcurrent(fn, sources[scenario.source](), { ...options, stopOnError: stopsOnError });
  let outcome: { value: unknown } | { error: unknown } | undefined;
  const watched = call.then(
    (value) => (outcome = { value }),
    (error: unknown) => (outcome = { error }),
  );

  let settledItems = 0;
  for (let step = 0; ; step++) {
    await nextTurn();
    if (scenario.source !== 'array') ok(taken <= settledItems + started.length, 'not read ahead');
    if (running.length === 0) break;
    strictEqual(outcome, undefined, 'does not settle before the last running item');
    if (stoppedBy === undefined) {
      ok(running.length === maxWorkers || started.length === behaviours.length, 'no worker idles');
    } else {
      ok(
        running.every(({ signal }) => signal.aborted),
        'running items see the end',
      );
    }
    if (step === scenario.abortAtStep) {
      // Too late when an item has failed before: then its error stays.
      stoppedBy ??= 'aborted';
      controller.abort(new Error('enough'));
    }
    const choice = scenario.choices.length === 0 ? 0 : scenario.choices[step % scenario.choices.length];
    const [item] = running.splice(choice % running.length, 1);
    settledItems++;
    if (stopsOnError && behaviours[item.index] === 'rejects') stoppedBy ??= fault(item.index);
    item.settle();
  }
  await watched;
  deepStrictEqual(violations, []);

  if (scenario.source !== 'array') ok(sourceClosed, 'the source is closed');
  if (stoppedBy !== undefined) {
    ok(outcome !== undefined && 'error' in outcome);
    const error = outcome.error as Error & { code?: string };
    if (stoppedBy === 'aborted') strictEqual(error.code, 'ERR_PERF_CONCURRENCY_ABORTED');
    else strictEqual(error.message, (stoppedBy as Error).message);
    return;
  }
  strictEqual(started.length, behaviours.length, 'each item exactly once');
  deepStrictEqual(simplify(outcome), expected(behaviours, form));
}

const answer = (index: number): number => index * 10;
const fault = (index: number): Error => new Error(`item ${index}`);
const isFault = (behaviour: Behaviour): boolean => behaviour === 'throws' || behaviour === 'rejects';

/** The naive twin: one item after the other. */
function expected(behaviours: readonly Behaviour[], form: Scenario['form']): unknown {
  const outcomes = behaviours.map((behaviour, index) =>
    isFault(behaviour)
      ? { status: 'rejected', reason: `item ${index}` }
      : { status: 'fulfilled', value: answer(index) },
  );
  if (form === 'settled') return { value: outcomes };
  const errors = outcomes.flatMap((one) => ('reason' in one ? [one.reason] : []));
  if (errors.length > 0) return { code: 'ERR_PERF_CONCURRENCY_ITEMS_FAILED', errors };
  return { value: behaviours.map((_, index) => answer(index)) };
}

function simplify(outcome: { value: unknown } | { error: unknown } | undefined): unknown {
  if (outcome !== undefined && 'error' in outcome) {
    const { code, errors } = outcome.error as { code: string; errors: Error[] };
    return { code, errors: errors.map(({ message }) => message) };
  }
  const value = (outcome as { value: unknown[] }).value;
  return {
    value: value.map((one) =>
      typeof one === 'object' && one !== null && 'reason' in one
        ? { status: 'rejected', reason: (one.reason as Error).message }
        : one,
    ),
  };
}
