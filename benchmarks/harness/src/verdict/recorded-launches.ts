import type { LaunchRecord } from './evidence.ts';

/** One line of a file of recorded launches: `benchmarks/harness/evidence/launches*.jsonl`. Grows when readers would misread newer lines. */
export const LAUNCH_SCHEMA = 1;

/** Both sides ran the same code. */
export const NO_EFFECT = 'none';

export interface RecordedLaunch {
  readonly schema: typeof LAUNCH_SCHEMA;
  readonly package: string;
  readonly case: string;
  /**
   * What made head slower: `none` in an A/A launch, `iterations` where it ran more of them than it was charged for, or words for a
   * change of the code itself.
   */
  readonly effect: string;
  /** Head's time over base's as it was injected, where that is known. */
  readonly ratio?: number;
  readonly swapped: boolean;
  readonly blockLogRatios: readonly number[];
  /** Hardware, Node and commit in words. */
  readonly where?: string;
}

/** Six decimals of a logarithm are a millionth: far below what a block can tell, and a third of the file. */
const DECIMALS = 1e6;

/** With the newline. */
export function launchLine(launch: Omit<RecordedLaunch, 'schema'>): string {
  const { package: name, case: title, effect, ratio, swapped, blockLogRatios, where } = launch;
  const line: RecordedLaunch = {
    schema: LAUNCH_SCHEMA,
    package: name,
    case: title,
    effect,
    ...(ratio === undefined ? {} : { ratio }),
    swapped,
    blockLogRatios: blockLogRatios.map((x) => Math.round(x * DECIMALS) / DECIMALS),
    ...(where === undefined ? {} : { where }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Lines that cannot be read: evidence with holes is no evidence. */
export class DamagedEvidence extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DamagedEvidence';
  }
}

/** The launches of a file, in its order. Throws DamagedEvidence naming file and line. */
export function readLaunches(text: string, file: string): RecordedLaunch[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const launch = parse(line);
    if (typeof launch === 'string') throw new DamagedEvidence(`${file}:${i + 1}: ${launch}`);
    return [launch];
  });
}

function parse(line: string): RecordedLaunch | string {
  let value: Partial<RecordedLaunch> | null;
  try {
    value = JSON.parse(line) as Partial<RecordedLaunch> | null;
  } catch {
    return 'not JSON';
  }
  if (typeof value !== 'object' || value === null) return 'not an object';
  if (value.schema !== LAUNCH_SCHEMA) return `schema ${value.schema}, where ${LAUNCH_SCHEMA} is understood`;
  for (const key of ['package', 'case', 'effect'] as const) {
    if (typeof value[key] !== 'string' || value[key] === '') return `no ${key}`;
  }
  if (typeof value.swapped !== 'boolean') return 'swapped is neither true nor false';
  if (value.ratio !== undefined && !(Number.isFinite(value.ratio) && value.ratio > 0))
    return 'ratio is no positive number';
  const blocks: unknown = value.blockLogRatios;
  if (!Array.isArray(blocks) || blocks.length === 0 || !blocks.every(Number.isFinite)) {
    return 'blockLogRatios is no list of finite numbers';
  }
  return value as RecordedLaunch;
}

/** The launches of one case under one effect. */
export interface LaunchPool {
  readonly package: string;
  readonly case: string;
  readonly effect: string;
  readonly ratio?: number;
  readonly launches: readonly LaunchRecord[];
}

/** In the order in which cases and effects first appear. */
export function poolsOf(launches: readonly RecordedLaunch[]): LaunchPool[] {
  const pools = new Map<string, LaunchPool & { launches: LaunchRecord[] }>();
  for (const { package: name, case: title, effect, ratio, swapped, blockLogRatios } of launches) {
    const key = JSON.stringify([name, title, effect, ratio ?? null]);
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = { package: name, case: title, effect, ...(ratio === undefined ? {} : { ratio }), launches: [] };
      pools.set(key, pool);
    }
    pool.launches.push({ swapped, blockLogRatios });
  }
  return [...pools.values()];
}
