// node --conditions=@perf/source benchmarks/harness/src/verdict/record-launches.ts [package...] [options], from the root of the repository.
// Records the launches that evidence-report.ts draws from.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { choosePackages } from '../choose-packages.ts';
import {
  INTERRUPTED,
  interruption,
  parseOptions,
  positiveNumber,
  runCommand,
  UsageError,
  wholeNumber,
} from '../command.ts';
import { build } from '../compare/build.ts';
import { LAUNCH } from '../compare/defaults.ts';
import { lockStep, type ComparedCase, type LaunchSettings } from '../compare/lock-step.ts';
import { shuffledLaunches } from '../compare/plan.ts';
import { workspaceResolution } from '../compare/session.ts';
import { folderTree } from '../compare/tree.ts';
import { dependenciesOf, packagesOf, workspaces } from '../compare/workspace.ts';
import { environment } from '../environment.ts';
import { randomNumbers } from '../random.ts';
import { findCases } from '../run.ts';
import { loadWarnings } from '../warnings.ts';
import { launchLine, NO_EFFECT, poolsOf, readLaunches, type LaunchPool } from './recorded-launches.ts';

const EVIDENCE = 'benchmarks/harness/evidence/launches.jsonl';

const HELP = `Usage: node --conditions=@perf/source benchmarks/harness/src/verdict/record-launches.ts [package...] [options]

Launches cases in lock-step as bench:compare does, and appends a line per launch for evidence-report.ts. What a file has already is
not recorded again, so an interrupted recording goes on where it was. Needs a machine with nothing else to do.

  --filter TEXT    only cases whose name contains TEXT, in any case
  --launches N     launches of each case and effect (default 60, even)
  --slowdown R     head runs R times the iterations that it is charged for; more than once for several, 1 is equal code
                   (default 1)
  --head FOLDER    another checkout as head, for a change of the code itself; needs --effect
  --effect TEXT    what was changed there
  --out FILE       default ${EVIDENCE}
  --seed N         order of the launches (default 1)
  --help           this text

Exit code: 0 all recorded; 1 a case cannot be measured; 2 wrong usage; 130 interrupted.
`;

interface Target {
  readonly compared: ComparedCase;
  readonly effect: string;
  readonly ratio?: number;
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args: argv,
    allowPositionals: true,
    options: {
      filter: { type: 'string' },
      launches: { type: 'string' },
      slowdown: { type: 'string', multiple: true },
      head: { type: 'string' },
      effect: { type: 'string' },
      out: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const launches = wholeNumber('--launches', values.launches, 60, 2);
  if (launches % 2 !== 0) throw new UsageError(`--launches ${launches}: must be even`);
  const slowdowns = (values.slowdown ?? ['1']).map((text) => positiveNumber('--slowdown', text, 1));
  if ((values.head === undefined) !== (values.effect === undefined)) {
    throw new UsageError('--head and --effect need each other');
  }
  if (values.head !== undefined && values.slowdown !== undefined) {
    throw new UsageError('--head and --slowdown exclude each other');
  }
  if (values.effect === NO_EFFECT || values.effect === '')
    throw new UsageError(`--effect ${values.effect}: say what was changed`);
  const seed = wholeNumber('--seed', values.seed, 1, 0);
  const out = values.out ?? EVIDENCE;

  const signal = interruption();
  const options = { cwd: process.cwd(), limitMs: LAUNCH.limitMs, signal };
  const cases = await findCompared(positionals, values.filter ?? '', values.head, signal);
  const targets = cases.flatMap((compared): Target[] =>
    values.effect !== undefined
      ? [{ compared, effect: values.effect }]
      : slowdowns.map((ratio) =>
          ratio === 1 ? { compared, effect: NO_EFFECT } : { compared, effect: 'iterations', ratio },
        ),
  );

  const present = existsSync(out) ? poolsOf(readLaunches(readFileSync(out, 'utf8'), out)) : [];
  mkdirSync(dirname(out), { recursive: true });
  const machine = environment(process.cwd());
  const { cpu, node, commit = 'no commit' } = machine;
  for (const warning of loadWarnings(machine)) process.stderr.write(`WARNING ${warning}\n`);
  const where = `${cpu}, Node ${node}, ${commit}`;
  const recorded = new Map(
    targets.map((each) => [each, present.find((pool) => isOf(pool, each))?.launches.length ?? 0]),
  );
  const plan = shuffledLaunches(
    targets.map((of) => ({ of, launches: Math.max(0, launches - recorded.get(of)!) })),
    randomNumbers(seed),
  );
  const failed = new Set<Target>();
  for (const [done, { of: target, launch }] of plan.entries()) {
    if (failed.has(target)) continue;
    const { compared, effect, ratio } = target;
    const name = `${compared.package}: ${compared.name} (${effect}${ratio === undefined ? '' : ` ${ratio}`})`;
    process.stderr.write(`${done + 1} of ${plan.length}  ${name}\n`);
    const settings: LaunchSettings = {
      ...LAUNCH,
      ...(ratio === undefined ? {} : { headIterations: ratio }),
    };
    // Goes on with the roles where the file ends.
    const outcome = await lockStep(compared, recorded.get(target)! + launch, settings, options);
    if (signal.aborted || outcome.kind === 'interrupted') return INTERRUPTED;
    if (outcome.kind !== 'measured') {
      process.stderr.write(`NOT RECORDED ${name}: ${outcome.reason}\n`);
      failed.add(target);
      continue;
    }
    const { swapped, blockLogRatios } = outcome.launch;
    const line = { package: compared.package, case: compared.name, effect, swapped, blockLogRatios, where };
    appendFileSync(out, launchLine(ratio === undefined ? line : { ...line, ratio }));
  }
  return failed.size === 0 ? 0 : 1;
}

function isOf(pool: LaunchPool, { compared, effect, ratio }: Target): boolean {
  return (
    pool.package === compared.package && pool.case === compared.name && pool.effect === effect && pool.ratio === ratio
  );
}

/** Both sides this checkout, unless head is another. Both are built. */
async function findCompared(
  asked: readonly string[],
  filter: string,
  headFolder: string | undefined,
  signal: AbortSignal,
): Promise<ComparedCase[]> {
  const root = process.cwd();
  const { cases } = await findCases(choosePackages(root, asked), filter, { root, limitMs: LAUNCH.limitMs, signal });
  if (cases.length === 0) throw new UsageError('no such case');
  const all = workspaces(folderTree(root));
  const needed = [...new Set(cases.flatMap((each) => dependenciesOf(all, each.package)))];
  const head = headFolder === undefined ? root : resolve(headFolder);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  for (const side of new Set([root, head])) await build(side, needed, { headRoot: root, say, signal });
  return cases.map(({ package: folder, name, file, path, index }) => {
    const names = packagesOf(all, folder);
    const sides = {
      base: workspaceResolution(root, root, folder, names),
      head: workspaceResolution(root, head, folder, names),
    };
    return { package: folder, name, file, path, index, sides };
  });
}

runCommand(main);
