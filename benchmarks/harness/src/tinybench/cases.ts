import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bench, NO_ANSWER, type BenchCase, type Setup } from '../case.ts';
import { value } from '../input.ts';
import { functionsOf, type HookMode, type Tinybench, type TinybenchTask } from './observe.ts';

/**
 * A case per task: what tinybench would run, with its hooks, as ours alone, and no answer to compare. Their names begin with that of the
 * file, because files of one folder tend to have tasks of the same names.
 */
export function casesOfTinybench(benches: readonly Tinybench[], caseFileUrl: string): BenchCase[] {
  const file = basename(fileURLToPath(caseFileUrl)).replace(/(?:\.bench)?\.[cm]?[jt]s$/, '');
  const used = new Map<string, number>();
  return benches.flatMap((each) =>
    each.tasks.map((task) => {
      const name = [file, each.name, task.name].filter((part) => part !== undefined && part !== '').join(' > ');
      const times = (used.get(name) ?? 0) + 1;
      used.set(name, times);
      return caseOfTask(times === 1 ? name : `${name} (${times})`, each, task);
    }),
  );
}

function caseOfTask(name: string, from: Tinybench, task: TinybenchTask): BenchCase {
  return bench<undefined, unknown>({
    name,
    input: { ...value(undefined), label: 'made by the file' },
    units: () => ({ name: 'runs', count: 1 }),
    answer: () => NO_ANSWER,
    ours: { name: task.name, setup: () => prepareTask(from, task) },
    peers: [],
  });
}

/** In tinybench's order: setup, beforeAll, runs between their own hooks, afterAll, teardown; all of it for the warm-up, then again. */
async function prepareTask(from: Tinybench, task: TinybenchTask): Promise<Setup<unknown>> {
  const functions = functionsOf(from, task);
  if (functions === undefined) throw new TypeError(`task "${task.name}" was added before its file was loaded`);
  const { fn, options } = functions;
  const begin = async (mode: HookMode): Promise<void> => {
    await from.setup?.(task, mode);
    await options.beforeAll?.call(task, mode);
  };
  const end = async (mode: HookMode): Promise<void> => {
    await options.afterAll?.call(task, mode);
    await from.teardown?.(task, mode);
  };
  const run = (): unknown => fn.call(task);
  const { beforeEach, afterEach } = options;
  if (from.warmup !== false) {
    await begin('warmup');
    await beforeEach?.call(task, 'warmup');
    await run();
    await afterEach?.call(task, 'warmup');
    await end('warmup');
  }
  await begin('run');
  return {
    run,
    close: () => end('run'),
    ...(beforeEach === undefined ? {} : { beforeEach: () => beforeEach.call(task, 'run') }),
    ...(afterEach === undefined ? {} : { afterEach: () => afterEach.call(task, 'run') }),
  };
}
