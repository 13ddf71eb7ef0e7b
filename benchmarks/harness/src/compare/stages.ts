import { cpuTicks, stealShare } from '../environment.ts';
import {
  lockStep,
  type ComparedCase,
  type LaunchOutcome,
  type LaunchSettings,
  type LockStepLaunch,
} from './lock-step.ts';
import type { Planned } from './plan.ts';
import type { SessionOptions } from './session.ts';

/** Which launch begins now. */
export interface StageStep {
  readonly done: number;
  readonly total: number;
  readonly compared: ComparedCase;
}

/** What a stage found out about one case. */
export interface StageResult {
  readonly launches: readonly LockStepLaunch[];
  /** Why the case was given up; its launches until then are kept. */
  readonly stopped?: Exclude<LaunchOutcome, { kind: 'measured' }>;
}

export interface Stage {
  readonly results: ReadonlyMap<ComparedCase, StageResult>;
  /** Share of the machine's time that other guests took meanwhile. */
  readonly stealShare: number;
}

/** Tests replace it. */
export type LaunchOnce = typeof lockStep;

/** Launches as planned, with roles that alternate within each case. A case that cannot be measured is not launched again. */
export async function runStage(
  plan: readonly Planned<ComparedCase>[],
  settings: LaunchSettings,
  options: SessionOptions,
  onStep: (step: StageStep) => void = () => {},
  launchOnce: LaunchOnce = lockStep,
): Promise<Stage> {
  const before = cpuTicks();
  const results = new Map<ComparedCase, { launches: LockStepLaunch[]; stopped?: StageResult['stopped'] & object }>();
  for (const { of: each } of plan) if (!results.has(each)) results.set(each, { launches: [] });
  for (const [done, { of: compared, launch }] of plan.entries()) {
    const result = results.get(compared)!;
    if (options.signal?.aborted) break;
    if (result.stopped !== undefined) continue;
    onStep({ done, total: plan.length, compared });
    const outcome = await launchOnce(compared, launch, settings, options);
    if (outcome.kind === 'measured') result.launches.push(outcome.launch);
    else result.stopped = outcome;
  }
  return { results, stealShare: stealShare(before, cpuTicks()) };
}
