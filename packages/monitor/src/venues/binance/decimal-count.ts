import { decimalFault, decimalsOf } from '@perf/internal';
import { FrameRejection } from '../rejection.ts';
import { countFromText, scaleText, type Scale } from '../scale.ts';

/** A quoted decimal as a count of `scale`; says what is wrong with any other value. */
export function decimalCount(value: unknown, scale: Scale, what: string, symbol: string): number {
  // A JSON number has been through a double by now: its text is gone, so it is refused rather than trusted.
  if (typeof value !== 'string')
    throw new FrameRejection('bad-decimal', `${symbol}: ${what} is not a decimal in a string`);
  const count = countFromText(value, scale);
  if (count >= 0) return count;
  if (count < 0) throw new FrameRejection('bad-decimal', `${symbol}: ${what} "${value}" is negative`);
  const fault = decimalFault(value, scale.decimals);
  const finer = decimalsOf(value);
  if (fault === undefined || finer > scale.decimals) {
    throw new FrameRejection(
      'off-grid',
      `${symbol}: ${what} "${value}" is not a multiple of ${scaleText(scale)}`,
      undefined,
      finer > scale.decimals ? finer : undefined,
      scale,
    );
  }
  throw new FrameRejection('bad-decimal', `${symbol}: ${what} ${fault}`);
}
