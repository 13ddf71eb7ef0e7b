// What a file adds to tinybench, without running it. Tasks keep their functions to themselves, so `add` is watched while the file is loaded.

/** The functions of a task, in every version of tinybench since 2. */
export interface TaskFunctions {
  readonly fn: (this: unknown) => unknown;
  readonly options: TaskOptions;
}

export type TaskHook = (this: unknown, mode: HookMode) => unknown;

export type HookMode = 'run' | 'warmup';

export interface TaskOptions {
  readonly beforeAll?: TaskHook | undefined;
  readonly afterAll?: TaskHook | undefined;
  readonly beforeEach?: TaskHook | undefined;
  readonly afterEach?: TaskHook | undefined;
}

export interface TinybenchTask {
  readonly name: string;
}

/** An instance of somebody's `Bench`. */
export interface Tinybench {
  readonly name?: string | undefined;
  readonly tasks: readonly TinybenchTask[];
  readonly warmup?: boolean | undefined;
  readonly setup?: ((task: unknown, mode: HookMode) => unknown) | undefined;
  readonly teardown?: ((task: unknown, mode: HookMode) => unknown) | undefined;
}

type Add = (this: Tinybench, name: string, fn: TaskFunctions['fn'], options?: TaskOptions) => unknown;

const added = new WeakMap<object, Map<string, TaskFunctions>>();

export interface Observation {
  /** In the order of their first task. */
  readonly benches: readonly Tinybench[];
  /** A file asked one of them to run. */
  readonly ran: boolean;
  end(): void;
}

/**
 * Remembers what is added to instances of `Bench`, and keeps those from running: for good, because a file may run them after it was loaded.
 * The class itself is as it was after `end`.
 */
export function observe(Bench: { readonly prototype: object }): Observation {
  const prototype = Bench.prototype as { add: Add };
  const { add } = prototype;
  const benches: Tinybench[] = [];
  const state = { ran: false };
  prototype.add = function (name, fn, options = {}) {
    if (!added.has(this)) {
      added.set(this, new Map());
      benches.push(this);
      silence(this, () => {
        state.ran = true;
      });
    }
    added.get(this)!.set(name, { fn, options });
    return add.call(this, name, fn, options);
  };
  return {
    benches,
    get ran() {
      return state.ran;
    },
    end: () => {
      prototype.add = add;
    },
  };
}

/** What `run` and `warmup` of any version return, without running. */
function silence(bench: Tinybench, onRun: () => void): void {
  const skip = (): readonly TinybenchTask[] => {
    onRun();
    return bench.tasks;
  };
  const replaced = {
    run: () => Promise.resolve(skip()),
    runSync: skip,
    warmup: () => Promise.resolve(),
    warmupSync: () => {},
    table: () => [],
  };
  for (const [name, value] of Object.entries(replaced)) {
    if (name !== 'warmup' || typeof (bench as unknown as Record<string, unknown>)[name] === 'function') {
      Object.defineProperty(bench, name, { value, configurable: true });
    }
  }
}

/** Undefined for a task of an instance that nobody watched and that keeps its functions private. */
export function functionsOf(bench: Tinybench, task: TinybenchTask): TaskFunctions | undefined {
  const noted = added.get(bench)?.get(task.name);
  if (noted !== undefined) return noted;
  const { fn, opts = {} } = task as { fn?: unknown; opts?: TaskOptions };
  return typeof fn === 'function' ? { fn: fn as TaskFunctions['fn'], options: opts } : undefined;
}

/** By what it can do: the file's tinybench need not be ours. */
export function isTinybench(value: unknown): value is Tinybench {
  const { tasks, add, run } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(tasks) && typeof add === 'function' && typeof run === 'function';
}
