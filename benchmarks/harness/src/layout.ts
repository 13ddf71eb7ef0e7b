// Whose repository the commands are in. The command lines of this repository leave it as it is; `perf-bench` sets it once, before it loads
// a command.

/** How cases lie, and what people type. */
export interface Layout {
  /** `workspace`: `benchmarks/<package>/*.bench.ts` here. `repository`: case files anywhere in somebody else's repository. */
  readonly kind: 'workspace' | 'repository';
  /** For help texts: where cases are. */
  readonly cases: string;
  /** `npm run bench:compare --` or `perf-bench compare`. */
  command(name: string): string;
}

const WORKSPACE: Layout = {
  kind: 'workspace',
  cases: 'benchmarks/<package>/*.bench.ts',
  command: (name) => `npm run ${name === 'run' ? 'bench' : `bench:${name}`} --`,
};

const REPOSITORY: Layout = {
  kind: 'repository',
  cases: '**/*.bench.{js,mjs,ts,mts}',
  command: (name) => `perf-bench ${name}`,
};

let current = WORKSPACE;

export function layout(): Layout {
  return current;
}

export function inRepository(): boolean {
  return current === REPOSITORY;
}

/** From now on this process works in somebody else's repository. */
export function useRepository(): void {
  current = REPOSITORY;
}
