import { beside } from '../beside.ts';
import { runChild } from '../process.ts';
import type { CountedCase, InstructionOptions } from './instructions.ts';
import type { RuntimeChildMessage } from './protocol.ts';

const CHILD = beside('./runtime-child', import.meta.url);

/** Allocations, collections, resident memory and loop delay of ours, in a process of their own. Never rejects for what the case does. */
export async function measureRuntime(
  { path, index }: CountedCase,
  { root, limitMs, signal }: InstructionOptions,
): Promise<RuntimeChildMessage> {
  let told: RuntimeChildMessage | undefined;
  const end = await runChild(CHILD, [path, String(index)], {
    cwd: root,
    limitMs,
    signal,
    onMessage: (message) => {
      told = message as RuntimeChildMessage;
    },
  });
  if (end.outcome !== 'exited') {
    return {
      kind: 'failed',
      reason: end.outcome === 'aborted' ? 'interrupted' : `took longer than ${limitMs / 1e3} s`,
    };
  }
  const last = end.stderr.trimEnd().split('\n').at(-1) ?? '';
  return told ?? { kind: 'failed', reason: `ended without a result: ${last || `exit code ${end.exitCode}`}` };
}
