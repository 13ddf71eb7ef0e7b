import { numberWithin, outputOf, parseOptions, UsageError, wholeNumber, type Output } from '../command.ts';
import { inRepository, layout } from '../layout.ts';
import { LAUNCH } from './defaults.ts';
import type { LaunchSettings } from './lock-step.ts';
import { BUSY, type BusyLimits } from './suspicions.ts';

export interface CompareSettings extends LaunchSettings {
  /** Launches of every case in the first stage. Even: roles swap from launch to launch. */
  readonly screenLaunches: number;
  /** New launches of what the first stage did not clear, unless about half of them are enough. Even. */
  readonly launches: number;
  /** Launches of the canary in each stage, but for what is added to the second. Even. It is steadier than the cases, so that a few say enough. */
  readonly canaryLaunches: number;
  readonly seed: number;
  readonly busy: BusyLimits;
}

/** Head against itself, to see how often the verdicts are right. */
export interface TrialSettings {
  /** Head runs so many times the iterations that it is charged for. 1: nothing is different. */
  readonly ratio: number;
  /** Whole comparisons, each with another seed. */
  readonly repeat: number;
}

export interface CompareArguments {
  /** Empty for a trial. */
  readonly base: string;
  readonly trial?: TrialSettings;
  readonly packages: readonly string[];
  readonly filters: readonly string[];
  readonly output: Output;
  /** What builds a side in somebody else's repository. */
  readonly build?: string;
  /** Inconclusive cases fail. */
  readonly strict: boolean;
  /** Leaves the checkout of the base for the next run. */
  readonly keep: boolean;
  /** Instructions and packed sizes are counted too. */
  readonly counts: boolean;
  /** A file that gets the report as a page. */
  readonly html?: string;
  readonly help: boolean;
  readonly settings: CompareSettings;
}

const FULL: Omit<CompareSettings, 'seed'> = {
  screenLaunches: 6,
  launches: 20,
  canaryLaunches: 6,
  busy: BUSY,
  ...LAUNCH,
};
/** To see that it works, and large differences. */
const QUICK: Omit<CompareSettings, 'seed'> = {
  ...FULL,
  screenLaunches: 4,
  launches: 8,
  pairs: 12,
  mostPairs: 12,
  warmupMs: 60,
};

/** This repository's sides are built by turbo. */
const BUILD_HELP = inRepository()
  ? '  --build COMMAND builds both sides first, by a line for the shell: "npm run build"\n'
  : '';

export const HELP: string = `Usage: ${layout().command('compare')} --base BASE [package...] [options]

Runs the cases of ${layout().cases} against two versions of the packages, in turns, and says which became
slower or faster. Head is this checkout as it is now. Packages whose inputs are equal on both sides are not run.

  --base BASE     what to compare with: a commit, branch or tag; npm:<name>@<version>; or the folder of another checkout
  --filter TEXT   only cases whose name contains TEXT, in any case; more than once: any of them
  --launches N    new launches of each case that the first stage did not clear (default ${FULL.launches}, even); fewer
                  where some of them are enough, or where all would hardly decide anything
  --trial RATIO   instead of --base: head against itself, where head runs RATIO times the iterations that it is charged for. 1: is
                  equal code called equal? 1.05: is a slowdown of 5 % found?
  --repeat N      with --trial: N whole comparisons, each with the next seed; a line for each, and how many went as they should
  --quick         fewer and shorter launches: finds large differences only
  --strict        inconclusive cases fail too
  --seed N        order of the launches and resampling; the report names the one it used
  --limit SECONDS a launch that takes longer is killed (default ${FULL.limitMs / 1e3})
${BUILD_HELP}  --keep          leaves the checkout of the base in .perf/bases for the next run
  --counts        counts instructions too, where valgrind is installed, and packed sizes: 15 to 60 seconds for each synchronous case
                  that is run, less where a side was counted before. Off by default; on in the workflow of pull requests. Growth of more than 0.5 % fails as a regression does
  --html FILE     also writes one page with a plot of every case and its launches
  --json          one JSON object on stdout, with every launch
  --markdown      a report for a pull request, at most 60 kB
  --help          this text

Exit code: 0 nothing became slower; 1 a case regressed, or its instructions grew; 2 wrong usage; 3 invalid: the machine, an answer
or the base cannot be trusted; 4 inconclusive under --strict; 130 interrupted. Of trials: 0 all went as they should; 1 a change was
missed or one found that is none; 3 nothing worse than invalid ones.
`;

const LEAST_LAUNCHES = 4;

/** Throws UsageError. `chooseSeed` is asked when no seed is given. */
export function readArguments(argv: readonly string[], chooseSeed: () => number): CompareArguments {
  const { values, positionals } = parse(argv);
  const output = outputOf(values);
  if (values.build !== undefined && !inRepository()) throw new UsageError('--build: here turbo builds both sides');
  const trial = readTrial(values);
  if (!values.help && trial === undefined && (values.base === undefined || values.base === '')) {
    throw new UsageError('--base is missing: a commit, npm:<name>@<version>, or a folder');
  }
  const base = values.quick ? QUICK : FULL;
  const launches = wholeNumber('--launches', values.launches, base.launches, LEAST_LAUNCHES);
  if (launches % 2 !== 0)
    throw new UsageError(`--launches ${launches}: must be even, because roles swap from launch to launch`);
  return {
    base: values.base ?? '',
    ...(trial === undefined ? {} : { trial }),
    packages: positionals,
    filters: values.filter ?? [],
    output,
    ...(values.build === undefined ? {} : { build: values.build }),
    strict: values.strict ?? false,
    keep: values.keep ?? false,
    counts: values.counts ?? false,
    ...(values.html === undefined ? {} : { html: values.html }),
    help: values.help ?? false,
    settings: {
      ...base,
      ...(trial === undefined || trial.ratio === 1 ? {} : { headIterations: trial.ratio }),
      launches,
      screenLaunches: Math.min(base.screenLaunches, launches),
      limitMs: wholeNumber('--limit', values.limit, base.limitMs / 1e3, 1) * 1e3,
      seed: values.seed === undefined ? chooseSeed() : wholeNumber('--seed', values.seed, 0, 0),
    },
  };
}

/** Beyond this a block would not be one any more. */
const MOST_RATIO = 10;

function readTrial(values: ReturnType<typeof parse>['values']): TrialSettings | undefined {
  const { trial, repeat, base, markdown, counts, html } = values;
  if (trial === undefined) {
    if (repeat !== undefined) throw new UsageError('--repeat needs --trial');
    return undefined;
  }
  if (base !== undefined)
    throw new UsageError('--trial and --base exclude each other: a trial compares head with itself');
  for (const [name, given] of Object.entries({ markdown, counts, html })) {
    if (given !== undefined) throw new UsageError(`--trial and --${name} exclude each other`);
  }
  const ratio = numberWithin('--trial', trial, 1, 1 / MOST_RATIO, MOST_RATIO);
  return { ratio, repeat: wholeNumber('--repeat', repeat, 1, 1) };
}

function parse(argv: readonly string[]) {
  return parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      base: { type: 'string' },
      build: { type: 'string' },
      trial: { type: 'string' },
      repeat: { type: 'string' },
      filter: { type: 'string', multiple: true },
      launches: { type: 'string' },
      limit: { type: 'string' },
      seed: { type: 'string' },
      quick: { type: 'boolean' },
      strict: { type: 'boolean' },
      keep: { type: 'boolean' },
      counts: { type: 'boolean' },
      html: { type: 'string' },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
