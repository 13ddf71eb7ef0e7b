// node --conditions=@perf/source benchmarks/harness/src/verdict/evidence-report.ts [options], from the root of the repository.
// Says from recorded launches how often the comparison is wrong about equal code, and how often it finds a slowdown.
import { existsSync, globSync, readFileSync } from 'node:fs';

import { parseOptions, runCommand, UsageError, wholeNumber } from '../command.ts';
import { falseAlarmReport, GOALS, powerReport, type GateSettings } from './gates.ts';
import { DEFAULTS, SCREEN_LAUNCHES } from './options.ts';
import { DamagedEvidence, poolsOf, readLaunches } from './recorded-launches.ts';

const EVIDENCE = 'benchmarks/harness/evidence/launches*.jsonl';

const HELP = `Usage: node --conditions=@perf/source benchmarks/harness/src/verdict/evidence-report.ts [options]

Draws whole comparisons from recorded launches and prints, as Markdown, how many of those of equal code fail (gate 1) and how often
injected slowdowns are found (gate 2).

  --data FILE...   files of recorded launches; a pattern may be quoted (default ${EVIDENCE})
  --suites N       suites drawn of equal code (default 2000)
  --trials N       comparisons drawn of every slowdown (default 2000)
  --screen N       launches of the first stage (default ${SCREEN_LAUNCHES})
  --launches N     launches of the second stage (default ${DEFAULTS.launches})
  --seed N         the same seed and files give the same tables (default 1)
  --markdown       accepted: the output is always Markdown
  --help           this text

Exit code: 0 both gates are met; 1 one is not; 2 wrong usage, no files, or a line that cannot be read.
`;

function main(argv: readonly string[]): number {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      data: { type: 'string', multiple: true },
      suites: { type: 'string' },
      trials: { type: 'string' },
      screen: { type: 'string' },
      launches: { type: 'string' },
      seed: { type: 'string' },
      markdown: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const asked = [...(values.data ?? []), ...positionals];
  const settings: GateSettings = {
    suites: wholeNumber('--suites', values.suites, 2_000, 1),
    trials: wholeNumber('--trials', values.trials, 2_000, 1),
    screen: wholeNumber('--screen', values.screen, SCREEN_LAUNCHES, 2),
    launches: wholeNumber('--launches', values.launches, DEFAULTS.launches, 4),
    seed: wholeNumber('--seed', values.seed, 1, 0),
    named: asked.length === 0 ? GOALS.named : undefined,
  };
  const files = (asked.length === 0 ? [EVIDENCE] : asked).flatMap(filesOf);
  const pools = poolsOf(files.flatMap((file) => readLaunches(readFileSync(file, 'utf8'), file)));
  if (pools.length === 0) throw new UsageError(`no launches in ${files.join(', ')}`);
  const alarms = falseAlarmReport(pools, settings);
  const found = powerReport(pools, settings);
  const lines = ['## False alarms', '', ...alarms.lines, '', '## Slowdowns found', '', ...found.lines];
  process.stdout.write(`${lines.join('\n')}\n`);
  return alarms.met && found.met ? 0 : 1;
}

function filesOf(pattern: string): string[] {
  if (existsSync(pattern)) return [pattern];
  const files = globSync(pattern).toSorted();
  if (files.length === 0) throw new UsageError(`no file ${pattern}`);
  return files;
}

runCommand(main, { usage: [DamagedEvidence, RangeError] });
