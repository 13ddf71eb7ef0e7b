import { findCases } from '../run.ts';
import type { FoundCase } from '../rounds.ts';
import { findValgrind, type Valgrind } from './callgrind.ts';
import { COUNTS_SCHEMA, notMeasured, type CaseCounts, type Conditions, type PackageCounts } from './counts.ts';
import { countInstructions, type InstructionOptions } from './instructions.ts';
import { nativeCpuUnderValgrind, readCpuinfo } from './native-cpu.ts';
import { packedSizes } from './packed-size.ts';
import { measureRuntime } from './runtime.ts';

export interface CountOptions extends InstructionOptions {
  /** A part of the case's name. */
  readonly filter: string;
  readonly valgrind: Valgrind | undefined;
  /** The number of runs that another count had, which makes the two comparable; undefined: as the counts themselves choose. */
  readonly runsOf?: ((found: { readonly file: string; readonly name: string }) => number | undefined) | undefined;
  /** Pack it too. */
  readonly sizes: boolean;
}

export interface CountHooks {
  readonly onCase?: (found: { readonly package: string; readonly name: string }) => void;
}

/** `path`: where programs are looked for. */
export function countConditions(path?: string): { conditions: Conditions; valgrind: Valgrind | undefined } {
  const valgrind = findValgrind(path);
  const nativeCpu = valgrind === undefined ? undefined : nativeCpuUnderValgrind(process.arch, readCpuinfo());
  const conditions = {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    ...(valgrind === undefined ? {} : { valgrind: valgrind.version }),
    ...(nativeCpu === undefined ? {} : { nativeCpu }),
  };
  return { conditions, valgrind };
}

/** Counts the cases of one package one after the other, and packs it. */
export async function countPackage(
  name: string,
  conditions: Conditions,
  options: CountOptions,
  hooks: CountHooks = {},
): Promise<PackageCounts> {
  const { cases: found, broken } = await findCases([name], options.filter, options);
  const failures = broken.map(({ error }) => error ?? 'cannot be loaded');
  const cases: CaseCounts[] = [];
  for (const each of found) {
    if (options.signal?.aborted) break;
    hooks.onCase?.(each);
    const counted = await countCase(each, options);
    if (typeof counted === 'string') failures.push(`${each.name}: ${counted}`);
    else cases.push(counted);
  }
  const packed = options.sizes ? await packedSizes(options.root, name) : [];
  return { schema: COUNTS_SCHEMA, package: name, conditions, cases, failures, packed };
}

/** The counts, or why the case failed. */
async function countCase(found: FoundCase, options: CountOptions): Promise<CaseCounts | string> {
  const told = await measureRuntime(found, options);
  if (told.kind === 'failed') return told.reason;
  const { async, ...metrics } = told.measurement;
  return { file: found.file, name: found.name, async, instructions: await instructions(), ...metrics };

  async function instructions(): Promise<CaseCounts['instructions']> {
    if (async) return notMeasured('asynchronous');
    if (options.valgrind === undefined) return notMeasured('valgrind is not installed');
    return countInstructions(found, options.runsOf?.(found), options.valgrind, options);
  }
}
