import { allowedCpus } from '../one-cpu.ts';
import { blockOrder, isPrecise, otherSide, planBlocks, type BlockSettings } from './blocks.ts';
import type { SideMessage, SideName, Usage } from './protocol.ts';
import type { Resolution } from './resolution.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

export interface LaunchSettings extends BlockSettings {
  readonly warmupMs: number;
  readonly limitMs: number;
  /** For trials of the gate: head runs so many times the iterations that it is charged for. Default 1. */
  readonly headIterations?: number;
  /** Whether a pass after the blocks observes what the process uses beside time. Default true. */
  readonly usage?: boolean;
}

/** A case as both sides run it. */
export interface ComparedCase {
  readonly package: string;
  readonly name: string;
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly path: string;
  readonly index: number;
  readonly sides: Readonly<Record<SideName, Resolution>>;
}

/** What one side did in one launch. */
export interface SideLaunch {
  readonly version: string;
  /** Of each block, in the order of the pairs. */
  readonly blockNs: readonly number[];
  /** User and system time of all threads over the blocks, per run. */
  readonly cpuNs: number;
  /** Of the blocks' time, how much another process had the CPU, 0 to 1; absent where the system does not tell. */
  readonly waited?: number;
  /** Absent where it was not observed. */
  readonly usage?: Usage;
}

/** One launch of both sides in lock-step. Plain JSON. */
export interface LockStepLaunch {
  /** Head started first and had the first block. */
  readonly swapped: boolean;
  readonly iterations: number;
  readonly async: boolean;
  /** The CPU that the main threads of both sides shared; absent where the system cannot bind them. */
  readonly cpu?: number;
  readonly base: SideLaunch;
  readonly head: SideLaunch;
  /** Of head to base, per pair. */
  readonly blockLogRatios: readonly number[];
}

export type LaunchOutcome =
  | { readonly kind: 'measured'; readonly launch: LockStepLaunch }
  /** The figures of this case cannot be trusted or do not exist: why. `wrongAnswer`: a side computed something else. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly wrongAnswer?: true }
  /** Its input is not on this machine. */
  | { readonly kind: 'no-input'; readonly reason: string }
  | { readonly kind: 'interrupted' };

type Failed = Exclude<LaunchOutcome, { kind: 'measured' }>;

/** Thrown to leave a launch with what it ended in. */
class Stop extends Error {
  readonly outcome: Failed;
  constructor(outcome: Failed) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

/**
 * One child per side; both stay alive with the answer compared, and take turns: never are both at work while one is timed,
 * because V8's collector and compiler need another CPU. Their main threads share one CPU. `launch` is the number among the launches
 * of the case: odd ones swap the roles, and both launches of a pair use the same CPU.
 */
export async function lockStep(
  compared: ComparedCase,
  launch: number,
  settings: LaunchSettings,
  options: SessionOptions,
): Promise<LaunchOutcome> {
  const swapped = launch % 2 === 1;
  const first: SideName = swapped ? 'head' : 'base';
  const second = otherSide(first);
  const cpus = allowedCpus();
  const cpu = cpus.length === 0 ? undefined : cpus[(launch >> 1) % cpus.length]!;
  // Loading input and checking the answer is not timed, so both may do it at once. Who starts first is a role
  // like any other.
  const [openedFirst, openedSecond] = await Promise.all(
    [first, second].map((side) => openSession(compared.path, compared.index, compared.sides[side], options)),
  );
  const sessions = { [first]: openedFirst!, [second]: openedSecond! } as Record<SideName, Session>;
  try {
    const ready = {
      [first]: expectKind('ready', sessions[first].ready, first, options),
      [second]: expectKind('ready', sessions[second].ready, second, options),
    } as Record<SideName, Extract<SideMessage, { kind: 'ready' }>>;
    if (ready.base.input.sha256 !== ready.head.input.sha256 || ready.base.units.count !== ready.head.units.count) {
      throw new Stop({ kind: 'invalid', reason: 'the input is not the same on both sides: fix its seed' });
    }
    if (ready.base.async !== ready.head.async) {
      const waits = ready.base.async ? 'base' : 'head';
      throw new Stop({ kind: 'invalid', reason: `only ${waits} returns a promise: the sides do not do the same` });
    }
    const { warmupMs, blockMs } = settings;
    const warm = async (side: SideName) => {
      const request = { kind: 'warm', warmupMs, blockMs, ...(cpu === undefined ? {} : { cpu }) } as const;
      return expectKind('warm', await sessions[side].ask(request), side, options);
    };
    const warmFirst = await warm(first);
    const warmSecond = await warm(second);
    const plan = planBlocks(warmFirst.callNs, warmSecond.callNs, settings, settings.headIterations);
    const ask = async <Kind extends 'block' | 'usage'>(kind: Kind, side: SideName) => {
      const charged = kind === 'block' ? plan.iterations : plan.usageIterations;
      const iterations = side === 'head' ? Math.round(charged * (settings.headIterations ?? 1)) : charged;
      return expectKind(kind, await sessions[side].ask({ kind, iterations }), side, options);
    };

    const blocks: Record<SideName, Extract<SideMessage, { kind: 'block' }>[]> = { base: [], head: [] };
    const blockLogRatios: number[] = [];
    const enough = (pairs: number): boolean =>
      pairs >= plan.mostPairs || (pairs >= plan.pairs && isPrecise(blockLogRatios, settings.precision));
    // Whole ABBA blocks: after an odd number of pairs one side would have gone first once more.
    for (let pair = 0; pair % 2 === 1 || !enough(pair); pair++) {
      for (const side of blockOrder(first, pair)) blocks[side].push(await ask('block', side));
      blockLogRatios.push(Math.log(blocks.head[pair]!.ns / blocks.base[pair]!.ns));
    }
    const usage: Partial<Record<SideName, Usage>> = {};
    if (settings.usage !== false) {
      for (const side of [first, second]) usage[side] = (await ask('usage', side)).usage;
    }
    const sideLaunch = (side: SideName): SideLaunch => ({
      version: ready[side].version,
      blockNs: blocks[side].map((block) => block.ns),
      cpuNs: sum(blocks[side].map((block) => block.cpuNs)) / (blockLogRatios.length * plan.iterations),
      ...waitedShare(blocks[side]),
      ...(usage[side] === undefined ? {} : { usage: usage[side] }),
    });
    return {
      kind: 'measured',
      launch: {
        swapped,
        iterations: plan.iterations,
        async: ready.base.async,
        ...(cpu !== undefined && warmFirst.bound && warmSecond.bound ? { cpu } : {}),
        base: sideLaunch('base'),
        head: sideLaunch('head'),
        blockLogRatios,
      },
    };
  } catch (error) {
    if (error instanceof Stop) return error.outcome;
    throw error;
  } finally {
    await Promise.all(Object.values(sessions).map((session) => session.end()));
  }
}

function waitedShare(blocks: readonly Extract<SideMessage, { kind: 'block' }>[]): Pick<SideLaunch, 'waited'> {
  const waited = blocks.flatMap(({ waitedNs }) => waitedNs ?? []);
  return waited.length < blocks.length ? {} : { waited: sum(waited) / sum(blocks.map(({ ns }) => ns)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function expectKind<Kind extends SideMessage['kind']>(
  kind: Kind,
  message: SideMessage,
  side: SideName,
  { signal }: SessionOptions,
): Extract<SideMessage, { kind: Kind }> {
  if (message.kind === kind) return message as Extract<SideMessage, { kind: Kind }>;
  if (signal?.aborted) throw new Stop({ kind: 'interrupted' });
  switch (message.kind) {
    case 'no-input':
      throw new Stop({ kind: 'no-input', reason: message.reason });
    case 'wrong-answer':
      throw new Stop({
        kind: 'invalid',
        wrongAnswer: true,
        reason: `wrong answer of ${side}: expected ${message.expected}, got ${message.got}`,
      });
    case 'unavailable':
      throw new Stop({ kind: 'invalid', reason: `${side}: ${message.reason}` });
    case 'failed':
      throw new Stop({ kind: 'invalid', reason: `${side}: ${message.where}: ${message.reason}` });
    default:
      throw new Error(`${side} answered ${message.kind} when it was asked for ${kind}`);
  }
}
