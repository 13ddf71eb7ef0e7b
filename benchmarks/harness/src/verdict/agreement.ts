import type { InstructionEvidence, Verdict } from './evidence.ts';

/** Counts repeat to a few millionths; a change beyond this share is real. */
const INSTRUCTION_THRESHOLD = 0.005;

/** 1 where the instructions grew by more than the threshold, -1 where they shrank by as much, else 0. */
export function instructionChange({ ratio, threshold = INSTRUCTION_THRESHOLD }: InstructionEvidence): -1 | 0 | 1 {
  return ratio > 1 + threshold ? 1 : ratio < 1 - threshold ? -1 : 0;
}

/**
 * One sentence where what the clock says and what the instructions say are not the same; undefined where they agree, or where time has
 * no verdict to disagree with. `ratio`: head's time over base's.
 */
export function agreement(
  time: { readonly verdict: Verdict; readonly ratio: number },
  counts: InstructionEvidence,
): string | undefined {
  const instructions = instructionChange(counts);
  const counted = instructions === 0 ? 'instructions unchanged' : `instructions ${percent(counts.ratio)}`;
  const timed = `time ${percent(time.ratio)}`;
  switch (time.verdict) {
    case 'regressed':
    case 'improved': {
      const direction = time.verdict === 'regressed' ? 1 : -1;
      if (instructions === direction) return undefined;
      if (instructions === 0) return `${timed}, ${counted}: likely cache, layout or collector`;
      return direction === 1
        ? `${timed}, ${counted}: less work that takes longer, likely cache, layout or branches`
        : `${timed}, ${counted}: more work that takes less time, likely cache, vector instructions or branches`;
    }
    case 'same':
      if (instructions === 0) return undefined;
      return `time the same, ${counted}: the change is hidden behind memory or other work of the processor`;
    case 'inconclusive':
      if (instructions === 0) return undefined;
      return `time undecided, ${counted}: the work did ${instructions > 0 ? 'grow' : 'shrink'}`;
    default:
      return undefined;
  }
}

/** `+4.0 %`, `-12 %`, of a ratio. */
export function percent(ratio: number): string {
  const value = (ratio - 1) * 100;
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) !== 0 ? '-' : '+'}${text} %`;
}
