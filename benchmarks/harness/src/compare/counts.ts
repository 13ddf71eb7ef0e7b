import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { corporaFolder } from '../input.ts';
import { compareCounts, type CountChange } from '../metrics/compare-counts.ts';
import { countConditions } from '../metrics/count-package.ts';
import {
  COUNTS_SCHEMA,
  isMeasured,
  notMeasured,
  type Conditions,
  type InstructionCount,
  type NotMeasured,
  type PackedSize,
} from '../metrics/counts.ts';
import { COUNT_LIMIT_MS, countInstructions } from '../metrics/instructions.ts';
import { packedSizes } from '../metrics/packed-size.ts';
import type { ComparedEvidence, CompareRequest } from './compare.ts';
import { countingOnce, KEPT, keptCounts, keysOf, type CountInputs } from './kept-counts.ts';
import type { ComparedCase } from './lock-step.ts';
import type { SideName } from './protocol.ts';
import type { Resolution } from './resolution.ts';
import { caseChanges, type CountedSides } from './side-counts.ts';

export interface CountsOptions {
  /** Instructions and packed sizes are wanted. What launches observe is told always. */
  readonly asked: boolean;
  readonly conditions: Conditions;
  readonly countSide: CountSide;
  readonly sizes: (root: string, folder: string) => Promise<readonly PackedSize[]>;
  readonly signal?: AbortSignal | undefined;
  readonly say?: ((line: string) => void) | undefined;
}

/** Counts the instructions of one side. `runs`: the number of the other side, which makes the two comparable. */
export type CountSide = (
  compared: ComparedCase,
  side: SideName,
  runs: number | undefined,
) => Promise<InstructionCount | NotMeasured>;

export interface WithCounts {
  readonly evidence: readonly ComparedEvidence[];
  /** Of every case that was launched, and of the tarballs of its package. */
  readonly metrics: readonly CountChange[];
}

/** Counting as this machine can. What has the same `inputs` as in an earlier comparison is not counted again. */
export function countingHere(
  { root, counts = false, signal }: Pick<CompareRequest, 'root' | 'counts' | 'signal'>,
  say?: (line: string) => void,
  inputs: CountInputs = new Map(),
): CountsOptions {
  const { conditions, valgrind } = countConditions(counts ? undefined : '');
  const count: CountSide = async (compared, side, runs) => {
    if (valgrind === undefined) return notMeasured('valgrind is not installed');
    const { nativeCpu } = conditions;
    const resolution = compared.sides[side];
    const options = { root, limitMs: COUNT_LIMIT_MS, signal, nativeCpu, resolution };
    return countInstructions(compared, runs, valgrind, options);
  };
  const where = [conditions, cpus()[0]?.model, corporaFolder(), process.env['PERF_CORPORA_STATE']];
  const countSide = countingOnce(count, keysOf(inputs, where), keptCounts(join(root, KEPT)), ({ name }, side) =>
    say?.(`${name}: ${side} was counted before`),
  );
  return { asked: counts, conditions, countSide, sizes: packedSizes, signal, say };
}

/** Adds to the evidence of launched cases what they do beside time, also where their time cannot be trusted. Counting takes 15 to 60 seconds a synchronous case. */
export async function withCounts(
  evidence: readonly ComparedEvidence[],
  cases: readonly ComparedCase[],
  options: CountsOptions,
): Promise<WithCounts> {
  const metrics: CountChange[] = [];
  const all: ComparedEvidence[] = [];
  const sizes = new Map<string, ComparedCase>();
  for (const each of evidence) {
    const compared = cases.find(
      ({ package: folder, name, file }) => folder === each.package && name === each.case && file === each.file,
    );
    if (compared === undefined || each.screen.length === 0) {
      all.push(each);
      continue;
    }
    const counted = options.asked ? await countSides(each, compared, options) : undefined;
    metrics.push(...caseChanges(each, counted, options.conditions));
    const ratio = counted === undefined ? undefined : ratioOf(counted);
    all.push(ratio === undefined ? each : { ...each, instructions: { ratio } });
    sizes.set(each.package, compared);
  }
  if (options.asked) {
    for (const [folder, { sides }] of sizes) metrics.push(...(await sizeChanges(folder, sides, options)));
  }
  return { evidence: all, metrics };
}

async function countSides(
  evidence: ComparedEvidence,
  compared: ComparedCase,
  { conditions, countSide, signal, say }: CountsOptions,
): Promise<CountedSides> {
  const neither = (why: string): CountedSides => ({ base: notMeasured(why), head: notMeasured(why) });
  if (signal?.aborted) return neither('interrupted');
  if (evidence.screen.some(({ async }) => async)) return neither('asynchronous');
  if (conditions.valgrind === undefined) return neither('valgrind is not installed');
  say?.(`counting instructions of ${compared.package}: ${compared.name}`);
  // Both at once: a busy machine does not change them.
  const [base, head] = await Promise.all([
    countSide(compared, 'base', undefined),
    countSide(compared, 'head', undefined),
  ]);
  if (!isMeasured(base) || !isMeasured(head) || base.runs === head.runs) return { base, head };
  // The number of runs is part of the count, so the side with fewer is counted again with as many.
  return base.runs < head.runs
    ? { base: await countSide(compared, 'base', head.runs), head }
    : { base, head: await countSide(compared, 'head', base.runs) };
}

function ratioOf({ base, head }: CountedSides): number | undefined {
  if (!isMeasured(base) || !isMeasured(head) || base.runs !== head.runs || base.value === 0) return undefined;
  return head.value / base.value;
}

/** Of a workspace that can be packed; a published package was packed elsewhere. */
async function sizeChanges(
  folder: string,
  sides: Readonly<Record<SideName, Resolution>>,
  { conditions, sizes }: CountsOptions,
): Promise<readonly CountChange[]> {
  const packed = async (side: SideName): Promise<readonly PackedSize[]> => {
    const { sources } = sides[side];
    const root = sources === undefined ? undefined : fileURLToPath(new URL('..', sources.side));
    return root === undefined || !existsSync(join(root, 'scripts', 'pack', 'sizes.json')) ? [] : sizes(root, folder);
  };
  const side = { schema: COUNTS_SCHEMA, package: folder, conditions, cases: [], failures: [] } as const;
  return compareCounts({ ...side, packed: await packed('base') }, { ...side, packed: await packed('head') });
}
