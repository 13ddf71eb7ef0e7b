import { blockOrder, otherSide, planBlocks, type BlockSettings } from './blocks.ts';
import type { SideMessage, SideName, Usage } from './protocol.ts';
import type { Resolution } from './resolution.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

export interface LaunchSettings extends BlockSettings {
  readonly warmupMs: number;
  readonly limitMs: number;
  /** For trials of the gate: head runs so many times the iterations that it is charged for. Default 1. */
  readonly headIterations?: number;
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
  readonly usage: Usage;
}

/** One launch of both sides in lock-step. Plain JSON. */
export interface LockStepLaunch {
  /** Head started first and had the first block. */
  readonly swapped: boolean;
  readonly iterations: number;
  readonly async: boolean;
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
 * One child per side; both stay alive, warm, with the answer compared, and take turns in blocks. Never are both at work:
 * V8's collector and compiler need the other core.
 */
export async function lockStep(
  compared: ComparedCase,
  swapped: boolean,
  settings: LaunchSettings,
  options: SessionOptions,
): Promise<LaunchOutcome> {
  const first: SideName = swapped ? 'head' : 'base';
  const sessions: Partial<Record<SideName, Session>> = {};
  const open = async (side: SideName): Promise<Extract<SideMessage, { kind: 'ready' }>> => {
    const session = await openSession(compared.path, compared.index, settings, compared.sides[side], options);
    sessions[side] = session;
    return expectKind('ready', session.ready, side, options);
  };
  try {
    const readyFirst = await open(first);
    const readySecond = await open(otherSide(first));
    const [base, head] = swapped ? [readySecond, readyFirst] : [readyFirst, readySecond];
    if (base.input.sha256 !== head.input.sha256 || base.units.count !== head.units.count) {
      throw new Stop({ kind: 'invalid', reason: 'the input is not the same on both sides: fix its seed' });
    }
    if (base.async !== head.async) {
      const waits = base.async ? 'base' : 'head';
      throw new Stop({ kind: 'invalid', reason: `only ${waits} returns a promise: the sides do not do the same` });
    }
    const plan = planBlocks(base.callNs, head.callNs, settings);
    const ask = async <Kind extends 'block' | 'usage'>(kind: Kind, side: SideName) => {
      const charged = kind === 'block' ? plan.iterations : plan.usageIterations;
      const iterations = side === 'head' ? Math.round(charged * (settings.headIterations ?? 1)) : charged;
      return expectKind(kind, await sessions[side]!.ask({ kind, iterations }), side, options);
    };

    const blockNs: Record<SideName, number[]> = { base: [], head: [] };
    const cpuNs: Record<SideName, number> = { base: 0, head: 0 };
    for (let pair = 0; pair < plan.pairs; pair++) {
      for (const side of blockOrder(first, pair)) {
        const block = await ask('block', side);
        blockNs[side].push(block.ns);
        cpuNs[side] += block.cpuNs;
      }
    }
    const usage = { [first]: (await ask('usage', first)).usage } as Record<SideName, Usage>;
    const second = otherSide(first);
    usage[second] = (await ask('usage', second)).usage;
    const sideLaunch = (side: SideName, version: string): SideLaunch => ({
      version,
      blockNs: blockNs[side],
      cpuNs: cpuNs[side] / (plan.pairs * plan.iterations),
      usage: usage[side],
    });
    const launch: LockStepLaunch = {
      swapped,
      iterations: plan.iterations,
      async: base.async,
      base: sideLaunch('base', base.version),
      head: sideLaunch('head', head.version),
      blockLogRatios: blockNs.head.map((ns, pair) => Math.log(ns / blockNs.base[pair]!)),
    };
    return { kind: 'measured', launch };
  } catch (error) {
    if (error instanceof Stop) return error.outcome;
    throw error;
  } finally {
    await Promise.all(Object.values(sessions).map((session) => session.end()));
  }
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
