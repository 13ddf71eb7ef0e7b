interface Command {
  readonly about: string;
  /** Loading a command runs it. */
  load(): Promise<unknown>;
}

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['run', { about: 'time the cases, each contestant in its own processes', load: () => import('../main.ts') }],
  [
    'compare',
    { about: 'time two versions against each other; say what regressed', load: () => import('../compare/main.ts') },
  ],
  [
    'count',
    { about: 'instructions, allocations, collections, memory per run', load: () => import('../metrics/main.ts') },
  ],
  ['record', { about: 'append a run or a comparison to the history', load: () => import('../history/record.ts') }],
  ['history', { about: 'write the history as one HTML page', load: () => import('../history/main.ts') }],
  [
    'convert',
    { about: "turn another tool's result into a third tool's format", load: () => import('../history/convert.ts') },
  ],
  ['targets', { about: 'say which goals beside the cases are met', load: () => import('../targets/main.ts') }],
]);

const WIDTH = Math.max(...[...COMMANDS.keys()].map((name) => name.length));

export const HELP: string = `Usage: perf-bench <command> [arguments]

${[...COMMANDS].map(([name, { about }]) => `  ${name.padEnd(WIDTH)}  ${about}`).join('\n')}

Cases are in **/*.bench.{js,mjs,ts,mts}: the default export is an instance of tinybench's Bench, a bench() of
@perf/bench, or an array of them; without one, every Bench that the file makes. Arguments that are paths or globs
choose other files.

perf-bench <command> --help describes a command; --version prints the version.
`;
