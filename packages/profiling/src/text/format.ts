// Short texts for people, at most eight characters where the value is not absurd, so that columns keep their width while
// the numbers move. Machines get the numbers themselves.

const MINUTE_NS = 60e9;
const HOUR_NS = 60 * MINUTE_NS;

const DURATIONS = ['ns', 'µs', 'ms', 's'] as const;
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
const COUNTS = ['', 'k', 'M', 'G', 'T', 'P'] as const;
/** Counts are shown to the last digit up to here: "9,999,999" still reads at a glance. */
const PLAIN_COUNTS = 10_000_000;

/** Nanoseconds as "847 ns", "12.3 µs", "1.20 s", "1m 03s", "2h 05m", "3d 04h"; "-" when there is no number. */
export function formatDuration(ns: number): string {
  if (!Number.isFinite(ns)) return '-';
  if (ns < 0) return `-${formatDuration(-ns)}`;
  // Half of the last shown digit early, so that 59.96 s does not become "60.0 s".
  if (ns < MINUTE_NS - 0.05e9) return scaled(ns, DURATIONS);
  const seconds = Math.round(ns / 1e9);
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(ns / MINUTE_NS);
  if (minutes < 1_440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
  const hours = Math.round(ns / HOUR_NS);
  return pair(Math.floor(hours / 24), 'd', hours - 24 * Math.floor(hours / 24), 'h');
}

/** Bytes in decimal units: "812 B", "1.23 kB", "181 MB"; "-" when there is no number. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '-';
  return bytes < 0 ? `-${scaled(-bytes, BYTES)}` : scaled(bytes, BYTES);
}

/** A count or a rate: "0", "1,234,567", then "12.3 M"; fractions below 100 keep two digits; "-" when there is no number. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '-';
  if (count < 0) return `-${formatCount(-count)}`;
  if (count >= PLAIN_COUNTS) return scaled(count, COUNTS);
  if (!Number.isInteger(count) && count < 99.5) return threeDigits(count);
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Three digits and a unit. Whole numbers of the smallest unit stay whole. */
function scaled(value: number, units: readonly string[]): string {
  let unit = 0;
  // 999.5 would round to "1000": the next unit says it shorter.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 && Number.isInteger(value) ? String(value) : threeDigits(value);
  return units[unit] === '' ? digits : `${digits} ${units[unit]}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large}${largeUnit} ${String(small).padStart(2, '0')}${smallUnit}`;
}
