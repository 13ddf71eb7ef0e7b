import { outputOf, parseOptions, positiveNumber, UsageError, wholeNumber, type Output } from './command.ts';
import { layout } from './layout.ts';
import type { Settings } from './result.ts';

export interface Arguments {
  readonly packages: readonly string[];
  readonly filter: string;
  readonly output: Output;
  /** Where the page is written, beside what is printed. */
  readonly html: string | undefined;
  readonly list: boolean;
  readonly record: boolean;
  /** Only the answers matter: every contestant must be there and right. */
  readonly check: boolean;
  readonly help: boolean;
  readonly settings: Settings;
}

const FULL: Settings = { launches: 6, timeMs: 500, warmupMs: 250, limitMs: 60_000 };
/** To see whether a case works and roughly where it stands; too short to quote. */
const QUICK: Settings = { launches: 2, timeMs: 60, warmupMs: 30, limitMs: 60_000 };
/** One launch each, hardly timed: the answer is compared before. */
const CHECK: Settings = { launches: 1, timeMs: 1, warmupMs: 1, limitMs: 60_000 };

export const HELP: string = `Usage: ${layout().command('run')} [package...] [options]

Times the cases of ${layout().cases} against their peers, every contestant in its own processes.
Without a package: all of them.

  --filter TEXT   only cases whose name contains TEXT, in any case
  --launches N    rounds of launches, one process per contestant and round (default ${FULL.launches})
  --check         times nothing worth printing: every contestant must be installed and give the answer (for CI)
  --quick         short and few launches: shows that the cases work; not for quoting
  --limit SECONDS a launch that takes longer is killed (default ${FULL.limitMs / 1e3})
  --list          lists the cases and their contestants, runs nothing
  --json          one JSON object on stdout
  --markdown      Markdown tables on stdout
  --html FILE     also writes one page with plots, which needs no network
  --record        also writes recorded.json beside the cases of each package, from which tables in READMEs are printed
  --help          this text

Exit code: 0 all cases measured; 1 a case failed or its input is missing; 2 wrong usage; 3 a wrong answer; 130 interrupted.
`;

/** Throws UsageError. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      filter: { type: 'string' },
      launches: { type: 'string' },
      limit: { type: 'string' },
      quick: { type: 'boolean' },
      list: { type: 'boolean' },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
      html: { type: 'string' },
      record: { type: 'boolean' },
      check: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const output = outputOf(values);
  if (values.record && (values.quick || values.filter !== undefined)) {
    throw new UsageError('--record needs whole packages at full length: leave out --quick and --filter');
  }
  if (values.check && (values.record || values.json || values.markdown || values.html !== undefined)) {
    throw new UsageError('--check prints no figures: leave out --record, --json, --markdown and --html');
  }
  const base = values.check ? CHECK : values.quick ? QUICK : FULL;
  return {
    packages: positionals,
    filter: values.filter ?? '',
    output,
    html: values.html,
    list: values.list ?? false,
    record: values.record ?? false,
    check: values.check ?? false,
    help: values.help ?? false,
    settings: {
      ...base,
      launches: wholeNumber('--launches', values.launches, base.launches, 1),
      limitMs: positiveNumber('--limit', values.limit, base.limitMs / 1e3) * 1e3,
    },
  };
}
