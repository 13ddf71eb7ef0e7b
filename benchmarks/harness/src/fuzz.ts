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
import { fuzzFile, fuzzFiles, type FuzzResult } from './fuzz-run.ts';

const HELP = `Usage: npm run fuzz -- [options]

Runs every packages/*/src/**/*.fuzz.ts, each in a process of its own, with fresh seeds.

  --seconds N      for all targets together (default 20); every target runs at least one round
  --filter TEXT    only files whose path contains TEXT
  --seed N         repeats one round: with the --iterations of the failure and a --filter for its file
  --iterations N
  --help           this text

Exit code: 0 no mismatch; 1 a target failed, with the seed that repeats it; 2 wrong usage; 130 interrupted.
`;

const DEFAULT_SECONDS = 20;

interface Arguments {
  readonly help: boolean;
  readonly filter: string;
  readonly seconds: number;
  /** Only this round. */
  readonly only: { readonly seed: number; readonly iterations: number } | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseOptions({
    args: argv,
    options: {
      seconds: { type: 'string' },
      filter: { type: 'string' },
      seed: { type: 'string' },
      iterations: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { seed, iterations } = values;
  if ((seed === undefined) !== (iterations === undefined)) {
    throw new UsageError('--seed and --iterations belong together');
  }
  return {
    help: values.help ?? false,
    filter: values.filter ?? '',
    seconds: numberWithin('--seconds', values.seconds, DEFAULT_SECONDS, 0),
    only:
      seed === undefined
        ? undefined
        : {
            seed: wholeNumber('--seed', seed, 0, 0),
            iterations: wholeNumber('--iterations', iterations, 0, 0),
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
    const result = await fuzzFile(file, { root, budgetMs, only, signal });
    if (signal.aborted) return INTERRUPTED;
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
