// node --conditions=@perf/source benchmarks/harness/src/fuzz.ts [options], from the root of the repository.
import { parseArgs } from 'node:util';

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

class UsageError extends Error {}

function readArguments(): { help: boolean; filter: string; seconds: number; seed?: number; iterations?: number } {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string' },
        filter: { type: 'string' },
        seed: { type: 'string' },
        iterations: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if ((values.seed === undefined) !== (values.iterations === undefined)) {
      throw new UsageError('--seed and --iterations belong together');
    }
    return {
      help: values.help ?? false,
      filter: values.filter ?? '',
      seconds: numberOf('--seconds', values.seconds ?? String(DEFAULT_SECONDS), false),
      ...(values.seed === undefined ? {} : { seed: numberOf('--seed', values.seed, true) }),
      ...(values.iterations === undefined ? {} : { iterations: numberOf('--iterations', values.iterations, true) }),
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message.split('. ', 1)[0]);
  }
}

function numberOf(option: string, text: string, whole: boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    throw new UsageError(`${option} ${text}: must be a ${whole ? 'whole ' : ''}number from 0`);
  }
  return value;
}

async function main(): Promise<number> {
  const { help, filter, seconds, seed, iterations } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const root = process.cwd();
  const files = fuzzFiles(root, filter);
  if (files.length === 0)
    throw new UsageError(`no packages/*/src/**/*.fuzz.ts${filter === '' ? '' : ` with "${filter}"`} here`);
  const only = seed === undefined || iterations === undefined ? undefined : { seed, iterations };
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

  const results: FuzzResult[] = [];
  const start = performance.now();
  for (const [index, file] of files.entries()) {
    // What one target leaves of its time, the ones after it may use.
    const budgetMs = Math.max(0, (seconds * 1e3 - (performance.now() - start)) / (files.length - index));
    const result = await fuzzFile(file, { root, budgetMs, only, signal: interruption.signal });
    if (interruption.signal.aborted) return 130;
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError;
    process.stderr.write(usage ? `${error.message}\nSee --help.\n` : `${(error as Error).stack}\n`);
    process.exitCode = usage ? 2 : 1;
  },
);
