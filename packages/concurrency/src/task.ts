import { ConcurrencyError, optionError } from './errors.ts';

/**
 * A function that another thread can find: by the module it is exported from and the name of the export.
 * Calling it runs it here, in this thread.
 */
export interface Task<Argument, Result> {
  (argument: Argument): Result;
  readonly moduleUrl: string;
  readonly exportName: string;
}

/**
 * Names a function so that it can run in a worker thread. Functions cannot be sent between threads; a module can be
 * loaded in each. Therefore a task is an export of the module that defines it, under the name given here:
 *
 * @example
 * // price.js
 * export const price = task(import.meta.url, 'price', (option) => blackScholes(option));
 * // main.js
 * const prices = await runParallel(price, options);
 *
 * The argument and the result are copied by the structured clone algorithm: data, not functions or class instances.
 * Each thread loads the module once, so its top level runs in each; a module that is also the program must start its
 * work under `if (isMainThread)` (from `node:worker_threads`).
 *
 * Throws `ERR_PERF_CONCURRENCY_OPTION` for a wrong argument.
 */
export function task<Argument, Result>(
  moduleUrl: string | URL,
  exportName: string,
  fn: (argument: Argument) => Result,
): Task<Argument, Result> {
  const url = String(moduleUrl);
  if (!URL.canParse(url)) throw optionError(`task: the first argument must be import.meta.url or a URL, got "${url}"`);
  if (typeof exportName !== 'string' || exportName === '')
    throw optionError('task: the second argument must be the name of the export');
  if (typeof fn !== 'function') throw optionError(`task: the third argument must be a function, got ${typeof fn}`);
  return Object.assign((argument: Argument) => fn(argument), { moduleUrl: url, exportName });
}

export function checkTask(subject: string, given: unknown): void {
  const { moduleUrl, exportName } = (given ?? {}) as Partial<Task<unknown, unknown>>;
  if (typeof moduleUrl === 'string' && typeof exportName === 'string') return;
  throw optionError(`${subject}: not a task; make one with task(import.meta.url, 'name of the export', fn)`);
}

type TaskFunction = (argument: unknown) => unknown;

/** Grows with the exports that are tasks, like the module cache it stands before. */
const functions = new Map<string, TaskFunction>();
let loading: string | undefined;

/** The function behind a task, in the thread that is to run it. Synchronous once it has been loaded. */
export function taskFunction(moduleUrl: string, exportName: string): TaskFunction | Promise<TaskFunction> {
  return functions.get(`${moduleUrl}#${exportName}`) ?? loadTaskFunction(moduleUrl, exportName);
}

async function loadTaskFunction(moduleUrl: string, exportName: string): Promise<TaskFunction> {
  loading = moduleUrl;
  let exported: Record<string, unknown>;
  try {
    exported = (await import(moduleUrl)) as Record<string, unknown>;
  } finally {
    loading = undefined;
  }
  const found = exported[exportName];
  if (typeof found !== 'function') {
    throw new ConcurrencyError(
      'ERR_PERF_CONCURRENCY_TASK',
      `${moduleUrl} exports no function "${exportName}": a task must be exported under the name it was given ` +
        `(its exports: ${Object.keys(exported).join(', ') || 'none'})`,
    );
  }
  functions.set(`${moduleUrl}#${exportName}`, found as TaskFunction);
  return found as TaskFunction;
}

/**
 * Refuses to start threads from the top level of a module that is just being loaded as a task module: the new thread
 * would load the same module, which would start a thread, without end. Python's multiprocessing has the same check.
 */
export function refuseWhileLoading(): void {
  if (loading === undefined) return;
  throw new ConcurrencyError(
    'ERR_PERF_CONCURRENCY_TASK',
    `${loading} starts worker threads at its top level and is loaded in each of them: ` +
      `put that part under "if (isMainThread)" (from node:worker_threads), or the task into a module of its own`,
  );
}
