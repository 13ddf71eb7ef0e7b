import { basename } from 'node:path';

import { caseFiles, type CaseFile } from './discover.ts';
import { cpuTicks, environment, stealShare } from './environment.ts';
import { listFile, type LaunchOptions } from './launch.ts';
import { allowedCpus } from './one-cpu.ts';
import { chainNs, clockWarnings } from './report/clock.ts';
import { SCHEMA, type CaseResult, type RunResult, type Settings } from './result.ts';
import { measureCase, type FoundCase, type Step } from './rounds.ts';
import { bindingWarnings, loadWarnings, stealWarnings } from './warnings.ts';

/** The cases of some packages, and the files whose cases are not known because they cannot be loaded. */
export interface FoundCases {
  readonly cases: readonly FoundCase[];
  readonly broken: readonly CaseResult[];
}

export interface RunHooks {
  /** Before the first launch. */
  readonly onStart?: (warnings: readonly string[]) => void;
  readonly onStep?: (found: FoundCase, step: Step) => void;
  readonly onCase?: (result: CaseResult) => void;
}

/** Loads the case files of `packages`; `filter` is a part of the case's name, in any case. */
export async function findCases(
  packages: readonly string[],
  filter: string,
  options: LaunchOptions,
): Promise<FoundCases> {
  const cases: FoundCase[] = [];
  const broken: CaseResult[] = [];
  const wanted = filter.toLowerCase();
  for (const caseFile of caseFiles(options.root, packages)) {
    const told = await listFile(caseFile.path, options);
    if (told.kind === 'listed') {
      for (const [index, listed] of told.cases.entries()) {
        if (listed.name.toLowerCase().includes(wanted)) cases.push({ ...caseFile, ...listed, index });
      }
    } else {
      broken.push(brokenFile(caseFile, told.kind === 'failed' ? told.reason : told.kind));
    }
  }
  return { cases, broken };
}

function brokenFile({ package: name, file }: CaseFile, error: string): CaseResult {
  return {
    package: name,
    file,
    name: basename(file),
    status: 'failed',
    error: `cannot load ${file}: ${error}`,
    contestants: [],
    warnings: [],
  };
}

/**
 * Measures the cases one after the other; `parallel` above 1 is for runs whose times nobody reads. After an
 * abort the result has what was measured until then.
 */
export async function runCases(
  found: FoundCases,
  settings: Settings,
  options: LaunchOptions,
  hooks: RunHooks = {},
  parallel = 1,
): Promise<RunResult> {
  const machine = environment(options.root);
  const before = cpuTicks();
  const chainBefore = chainNs();
  const warnings = loadWarnings(machine);
  hooks.onStart?.(warnings);
  const cases: CaseResult[] = [];
  const add = (result: CaseResult): void => {
    cases.push(result);
    hooks.onCase?.(result);
  };
  for (const result of found.broken) add(result);
  const waiting = [...found.cases];
  const cpus = parallel === 1 ? allowedCpus() : [];
  const worker = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined && options.signal?.aborted !== true; each = waiting.shift()) {
      const measured = each;
      add(await measureCase(measured, settings, options, (step) => hooks.onStep?.(measured, step), cpus));
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  warnings.push(
    ...bindingWarnings(cases, cpus),
    ...stealWarnings(stealShare(before, cpuTicks())),
    ...clockWarnings(chainBefore, chainNs()),
  );
  return { schema: SCHEMA, environment: machine, settings, warnings, cases };
}

/** 0 all measured; 3 a wrong answer, which is worse than 1: a failure or a missing input. */
export function exitCodeOf(result: RunResult): number {
  if (result.cases.some((each) => each.wrongAnswer === true)) return 3;
  return result.cases.every((each) => each.status === 'measured') ? 0 : 1;
}
