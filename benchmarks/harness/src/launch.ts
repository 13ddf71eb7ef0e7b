import { beside } from './beside.ts';
import { runChild } from './process.ts';
import type { ChildMessage, Timing } from './protocol.ts';

const CHILD = beside('./child', import.meta.url);

export interface LaunchOptions {
  /** Where corpora and case files are looked for. */
  readonly root: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the cases of a file in a child process, so that a file which cannot be loaded, or never ends, costs only itself. */
export function listFile(file: string, options: LaunchOptions): Promise<ChildMessage> {
  return ask([file, '--list'], 'case file', options);
}

/** One launch of one contestant (0 is ours). Never rejects for what the contestant does: failures are messages too. */
export function launchContestant(
  file: string,
  caseIndex: number,
  contestantIndex: number,
  timing: Timing,
  options: LaunchOptions,
): Promise<ChildMessage> {
  return ask([file, String(caseIndex), String(contestantIndex), JSON.stringify(timing)], 'launch', options);
}

async function ask(args: readonly string[], where: string, options: LaunchOptions): Promise<ChildMessage> {
  let answer: ChildMessage | undefined;
  const end = await runChild(CHILD, args, {
    cwd: options.root,
    limitMs: options.limitMs,
    signal: options.signal,
    onMessage: (message) => {
      answer = message as ChildMessage;
    },
  });
  if (end.outcome === 'time limit') {
    return { kind: 'failed', where, reason: `killed after the time limit of ${options.limitMs / 1e3} s` };
  }
  if (end.outcome === 'aborted') return { kind: 'failed', where, reason: 'interrupted' };
  if (answer !== undefined) return answer;
  const how = end.exitSignal === null ? `exit code ${end.exitCode}` : `signal ${end.exitSignal}`;
  const last = end.stderr.trimEnd().split('\n').at(-1) ?? '';
  const why = end.exitCode === 0 ? 'nothing was left to wait for: a promise never settles' : last;
  return { kind: 'failed', where, reason: `ended without a result (${how})${why === '' ? '' : `: ${why}`}` };
}
