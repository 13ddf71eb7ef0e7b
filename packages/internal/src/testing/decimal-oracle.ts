import { strictEqual } from 'node:assert/strict';
import { decimalFault, decimalsOf, scaledFromBytes, scaledFromText, textFromScaled } from '../decimal.ts';

interface Exact {
  readonly digits: bigint;
  /** The value is `digits · 10^power`. */
  readonly power: number;
}

/** What the text means, without any arithmetic that could round. */
export function exactValue(text: string): Exact | undefined {
  if (text.length > 400) return undefined;
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = parts;
  return { digits: BigInt(`${sign}${whole}${fraction}`), power: Number(exponent) - fraction.length };
}

/** The scaled integer by BigInt, or NaN. */
export function oracle(text: string, decimals: number): number {
  const exact = exactValue(text);
  if (exact === undefined) return Number.NaN;
  const power = exact.power + decimals;
  const shifted = power >= 0 ? exact.digits * 10n ** BigInt(power) : exact.digits / 10n ** BigInt(-power);
  if (power < 0 && shifted * 10n ** BigInt(-power) !== exact.digits) return Number.NaN;
  const magnitude = shifted < 0n ? -shifted : shifted;
  return magnitude > BigInt(Number.MAX_SAFE_INTEGER) ? Number.NaN : Number(shifted);
}

/** The fewest decimals, by trying them. */
export function decimalsOracle(text: string): number {
  const exact = exactValue(text);
  if (exact === undefined) return -1;
  for (let decimals = 0; decimals <= 30; decimals++) {
    const power = exact.power + decimals;
    if (power >= 0 || exact.digits % 10n ** BigInt(-power) === 0n) return decimals;
  }
  return -1;
}

/** Everything that must hold for one text at one scale. */
export function checkDecimal(text: string, decimals: number): void {
  const wanted = oracle(text, decimals);
  const where = `${JSON.stringify(text)} at ${decimals}`;
  strictEqual(scaledFromText(text, decimals), wanted, `text ${where}`);
  // The bytes lie in the middle of a message whose other bytes would change the number.
  const message = Buffer.from(`9.${text}9e`, 'latin1');
  strictEqual(scaledFromBytes(message, 2, message.length - 2, decimals), wanted, `bytes ${where}`);
  strictEqual(decimalsOf(text), decimalsOracle(text), `decimalsOf ${where}`);
  const fault = decimalFault(text, decimals);
  strictEqual(fault === undefined, !Number.isNaN(wanted), `decimalFault ${where}`);
  if (fault?.includes('more than')) strictEqual(wanted !== wanted && exactValue(text) !== undefined, true);
  if (!Number.isNaN(wanted)) strictEqual(scaledFromText(textFromScaled(wanted, decimals), decimals), wanted, where);
}
