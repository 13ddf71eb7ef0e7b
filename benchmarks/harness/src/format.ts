const TIME_UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [0, 'ns'],
] as const;

const RATE_UNITS = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [0, ''],
] as const;

/** Three significant digits, never in exponent form, thousands separated: `0.0123`, `4.56`, `78.9`, `12,346`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 999.5) return Math.round(value).toLocaleString('en-US');
  if (size === 0) return '0';
  if (size < 0.0005) return value.toPrecision(2);
  return value.toPrecision(3);
}

/** `812 ns`, `1.23 µs`, `4.56 ms`, `7.89 s`. */
export function formatTime(ns: number): string {
  // Rounding may carry into the next unit: 999.6 ns is 1.00 µs.
  const rounded = Number(ns.toPrecision(3));
  const [scale, unit] = TIME_UNITS.find(([from]) => rounded >= from) ?? TIME_UNITS[3];
  return `${formatNumber(rounded / (scale || 1))} ${unit}`;
}

/** `1,234 MB/s` for bytes, `12.3 M rows/s` for anything else. Decimal prefixes. */
export function formatRate(perSecond: number, unitName: string): string {
  if (unitName === 'bytes') return `${formatNumber(perSecond / 1e6)} MB/s`;
  const rounded = Number(perSecond.toPrecision(3));
  const [scale, prefix] = RATE_UNITS.find(([from]) => rounded >= from) ?? RATE_UNITS[3];
  return `${formatNumber(rounded / (scale || 1))}${prefix === '' ? '' : ` ${prefix}`} ${unitName}/s`;
}

export function formatMegabytes(bytes: number): string {
  return `${formatNumber(bytes / 1e6)} MB`;
}

/** `3.12× (2.95–3.30)`: how many times as fast as the peer ours is. Below 1, ours is slower. */
export function formatRatio(ratio: { value: number; low: number | null; high: number | null }): string {
  if (ratio.low === null || ratio.high === null) return `${formatNumber(ratio.value)}× (one launch)`;
  return `${formatNumber(ratio.value)}× (${formatNumber(ratio.low)}–${formatNumber(ratio.high)})`;
}

/** `twitter.json, 631,515 bytes, sha256 0123456789ab`. */
export function formatInput(input: { label: string; bytes?: number; sha256?: string }): string {
  const parts = [input.label];
  if (input.bytes !== undefined) parts.push(`${input.bytes.toLocaleString('en-US')} bytes`);
  if (input.sha256 !== undefined) parts.push(`sha256 ${input.sha256.slice(0, 12)}`);
  return parts.join(', ');
}
