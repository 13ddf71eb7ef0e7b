// node --conditions=@perf/source benchmarks/harness/src/fuzz.ts [options], from the root of the repository.
import {
  INTERRUPTED,
  interruption,
  numberWithin,
  parseOptions,
  runCommand,
  UsageError,
  wholeNumber,
} from './command.ts';
import type { FuzzRound } from './fuzz-child.ts';
import { fuzzFile, fuzzFiles, type FuzzResult, type FuzzRounds } from './fuzz-run.ts';

const HELP = `Usage: npm run fuzz -- [options]

Runs every packages/*/src/**/*.fuzz.ts, each in a process of its own, with fresh seeds.

  --seconds N      for all targets together (default 20); every target runs at least one round
  --filter TEXT    only files whose path contains TEXT
  --seed N         repeats one round: with the --iterations of the failure and a --filter for its file
  --seeds A..B     a round for each seed from A to B, however long that takes; an interrupted run says how to go on
  --iterations N   of each round, with --seed or --seeds
  --help           this text

Exit code: 0 no mismatch; 1 a target failed, with the seed that repeats it; 2 wrong usage; 130 interrupted.
`;

const DEFAULT_SECONDS = 20;
/** How often a range of seeds says where it is. */
const PROGRESS_MS = 10_000;

interface Arguments {
  readonly help: boolean;
  readonly filter: string;
  readonly seconds: number;
  /** Only these rounds. */
  readonly only: FuzzRounds | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseOptions({
    args: argv,
    options: {
      seconds: { type: 'string' },
      filter: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      iterations: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return {
    help: values.help ?? false,
    filter: values.filter ?? '',
    seconds: numberWithin('--seconds', values.seconds, DEFAULT_SECONDS, 0),
    only: readRounds(values),
  };
}

function readRounds({
  seed,
  seeds,
  iterations,
}: Partial<Record<'seed' | 'seeds' | 'iterations', string>>): FuzzRounds | undefined {
  if (seed !== undefined && seeds !== undefined) throw new UsageError('--seed and --seeds exclude each other');
  if ((seed ?? seeds) === undefined && iterations === undefined) return undefined;
  if ((seed ?? seeds) === undefined || iterations === undefined) {
    throw new UsageError('--seed or --seeds and --iterations belong together');
  }
  const of = { iterations: wholeNumber('--iterations', iterations, 0, 0) };
  if (seeds === undefined) return { seed: wholeNumber('--seed', seed, 0, 0), ...of };
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(seeds) ?? [];
  if (first === undefined || Number(last) < Number(first)) {
    throw new UsageError(`--seeds ${seeds}: must be the first and the last seed, as 0..99`);
  }
  return { seed: wholeNumber('--seeds', first, 0, 0), lastSeed: wholeNumber('--seeds', last, 0, 0), ...of };
}

/** Says now and then where a range of seeds is, and remembers it. */
function progressOf(only: FuzzRounds | undefined): { seed: number | undefined; onRound(round: FuzzRound): void } {
  let told = performance.now();
  return {
    seed: undefined,
    onRound({ name, seed, passed }) {
      this.seed = seed;
      if (only?.lastSeed === undefined || performance.now() - told < PROGRESS_MS) return;
      told = performance.now();
      const iterations = passed.toLocaleString('en-US');
      process.stderr.write(`${name}: at seed ${seed} of ${only.seed}..${only.lastSeed}, ${iterations} iterations\n`);
    },
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const { help, filter, seconds, only } = readArguments(argv);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = process.cwd();
  const files = fuzzFiles(root, filter);
  if (files.length === 0)
    throw new UsageError(`no packages/*/src/**/*.fuzz.ts${filter === '' ? '' : ` with "${filter}"`} here`);
  const signal = interruption();

  const results: FuzzResult[] = [];
  const start = performance.now();
  for (const [index, file] of files.entries()) {
    // What one target leaves of its time, the ones after it may use.
    const budgetMs = Math.max(0, (seconds * 1e3 - (performance.now() - start)) / (files.length - index));
    const progress = progressOf(only);
    const result = await fuzzFile(file, { root, budgetMs, only, signal, onRound: (round) => progress.onRound(round) });
    if (signal.aborted) {
      if (only?.lastSeed !== undefined && progress.seed !== undefined) {
        process.stderr.write(
          `go on with --filter ${file} --seeds ${progress.seed}..${only.lastSeed} --iterations ${only.iterations}\n`,
        );
      }
      return INTERRUPTED;
    }
    results.push(result);
    process.stdout.write(`${lineOf(result)}\n`);
  }
  const failures = results.filter((result) => result.failure !== undefined).length;
  const total = results.reduce((sum, result) => sum + result.iterations, 0);
  process.stdout.write(
    `fuzz: ${results.length} targets, ${total.toLocaleString('en-US')} iterations in ${((performance.now() - start) / 1e3).toFixed(1)} s, ${failures} failed\n`,
  );
  return failures === 0 ? 0 : 1;
}

function lineOf({ file, name, iterations, failure }: FuzzResult): string {
  if (failure === undefined) return `ok      ${name}: ${iterations.toLocaleString('en-US')} iterations`;
  const repeat =
    failure.seed === undefined
      ? ''
      : `\n        repeat: npm run fuzz -- --filter ${file} --seed ${failure.seed} --iterations ${failure.iterations}`;
  return `FAILED  ${name}: ${failure.reason.replaceAll('\n', '\n        ')}${repeat}`;
}

runCommand(main);
