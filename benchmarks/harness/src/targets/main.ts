// node --conditions=@perf/source benchmarks/harness/src/targets/main.ts [package...], from the root of the repository.
import { readArguments } from '../arguments.ts';
import { choosePackages } from '../choose-packages.ts';
import { INTERRUPTED, interruption, outputOf, parseOptions, runCommand, UsageError, type Output } from '../command.ts';
import { packageFolder } from '../discover.ts';
import { inRepository, layout } from '../layout.ts';
import { progressOn } from '../progress.ts';
import { readRecord } from '../record.ts';
import type { CaseResult, RunResult } from '../result.ts';
import { findCases, runCases, type FoundCases } from '../run.ts';
import { printer, terminalOf } from '../terminal.ts';
import { judgeTargets, knows, type JudgedTarget } from './judge.ts';
import { readTargets, type Target } from './list.ts';
import { markdownTargets, summary, textTargets } from './show.ts';

/** Where goals are. */
const FOLDER = inRepository() ? '<folder of the cases>' : 'benchmarks/<package>';

const HELP = `Usage: ${layout().command('targets')} [package...] [options]

Says for every goal in ${FOLDER}/targets.json whether it is met: "met" when the whole 95 % interval of the ratio
is at or above the goal, "missed" when all of it is below, else "undecided". Without a package: all that have goals.

  --recorded   judges ${FOLDER}/recorded.json (default)
  --run        runs the cases that have goals now, and judges that
  --quick      with --run: short and few launches; not for quoting
  --json       one JSON object on stdout
  --markdown   a Markdown table on stdout
  --help       this text

Exit code: 0 no goal is missed; 1 a goal is missed, or a case of --run failed; 2 wrong usage, or a goal that names an unknown
case, peer or metric; 130 interrupted.
`;

interface Goals {
  readonly name: string;
  readonly targets: readonly Target[];
}

interface Run {
  readonly result: RunResult;
  readonly interrupted: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      recorded: { type: 'boolean' },
      run: { type: 'boolean' },
      quick: { type: 'boolean' },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const output = outputOf(values);
  if (values.run && values.recorded) throw new UsageError('--run and --recorded exclude each other');
  if (values.quick && !values.run) throw new UsageError('--quick goes with --run');

  const root = process.cwd();
  const goals = goalsOf(root, positionals);
  const run = values.run ? await runNow(root, goals, values.quick ?? false) : undefined;
  if (run?.interrupted) return INTERRUPTED;
  const judged = run === undefined ? await judgeRecords(root, goals) : goals.flatMap((each) => judge(each, run.result));
  print(judged, output);
  const failed = run?.result.cases.some(({ status }) => status !== 'measured') ?? false;
  return failed || judged.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

function goalsOf(root: string, asked: readonly string[]): Goals[] {
  const goals = choosePackages(root, asked).flatMap((name) => {
    const targets = readTargets(root, name);
    if (targets !== undefined) return [{ name, targets }];
    if (asked.length > 0) throw new UsageError(`${packageFolder(root, name)} has no targets.json`);
    return [];
  });
  if (goals.length === 0) throw new UsageError(`no ${FOLDER}/targets.json`);
  return goals;
}

function judge({ name, targets }: Goals, result: RunResult): JudgedTarget[] {
  return judgeTargets(name, targets, result);
}

async function judgeRecords(root: string, goals: readonly Goals[]): Promise<JudgedTarget[]> {
  const records = goals.map((each) => ({ ...each, record: readRecord(root, each.name) }));
  // Listing takes a second, and is only needed to tell a wrong name from a case that is newer than the record.
  const incomplete = records.filter(
    ({ name, targets, record }) => record !== undefined && targets.some((target) => !knows(name, target, record)),
  );
  const { settings } = readArguments([]);
  const found = await findCases(
    incomplete.map(({ name }) => name),
    '',
    { root, limitMs: settings.limitMs },
  );
  const listed = { cases: [...listedCases(found.cases), ...found.broken] };
  return records.flatMap(({ name, targets, record }) => judgeTargets(name, targets, record, listed));
}

/** Cases as they are now, with names and without figures. */
function listedCases(found: FoundCases['cases']): CaseResult[] {
  return found.map(({ package: from, file, name, contestants }) => ({
    package: from,
    file,
    name,
    status: 'measured' as const,
    contestants: contestants.map((each, i) => ({
      name: each.name,
      role: i === 0 ? ('ours' as const) : ('peer' as const),
      status: 'missing' as const,
      launches: [],
    })),
    warnings: [],
  }));
}

async function runNow(root: string, goals: readonly Goals[], quick: boolean): Promise<Run> {
  const { settings } = readArguments(quick ? ['--quick'] : []);
  const signal = interruption();
  const launch = { root, limitMs: settings.limitMs, signal };
  const found = await findCases(
    goals.map(({ name }) => name),
    '',
    launch,
  );
  // Before the wait: a goal that names what is not there. A file that cannot be loaded says so instead.
  if (found.broken.length === 0) {
    const listed = listedCases(found.cases);
    for (const { name, targets } of goals) judgeTargets(name, targets, { cases: listed });
  }
  const wanted = found.cases.filter(({ package: from, name }) =>
    goals.some((each) => each.name === from && each.targets.some((target) => target.case === name)),
  );
  const progress = progressOn(process.stderr, wanted.length);
  const result = await runCases({ cases: wanted, broken: found.broken }, settings, launch, {
    onStart: (warnings) => warnings.forEach((line) => process.stderr.write(`WARNING ${line}\n`)),
    onStep: (each, step) => progress.show(each, step),
    onCase: (each) => {
      progress.clear();
      if (each.error !== undefined) process.stderr.write(`ERROR ${each.package}: ${each.name}: ${each.error}\n`);
    },
  });
  return { result, interrupted: signal.aborted };
}

function print(judged: readonly JudgedTarget[], output: Output): void {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ schema: 1, summary: summary(judged), targets: judged })}\n`);
    return;
  }
  const terminal = terminalOf(process.stdout, process.env);
  const lines = output === 'markdown' ? markdownTargets(judged) : textTargets(judged, terminal);
  printer(process.stdout, terminal)(lines);
}

runCommand(main);
