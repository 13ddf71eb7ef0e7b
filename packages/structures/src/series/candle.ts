/** One candle. Prices in ticks, volume in lots, time in ms since 1970 (UTC, start of the interval). */
export interface Candle {
  readonly startMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  readonly trades: number;
}

/** Numbers per candle in `latestInto`, in the order of `Candle`'s fields. */
export const CANDLE_FIELDS = 7;
// One slot more, so that a record is a cache line. It is not used.
export const STRIDE = 8;
export const START = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
export const CLOSE = 4;
export const VOLUME = 5;
const TRADES = 6;

export function widen(records: Float64Array, at: number, priceTicks: number, qtyLots: number): void {
  if (priceTicks > records[at + HIGH]) records[at + HIGH] = priceTicks;
  if (priceTicks < records[at + LOW]) records[at + LOW] = priceTicks;
  records[at + VOLUME] += qtyLots;
  records[at + TRADES]++;
}

export function write(
  records: Float64Array,
  at: number,
  start: number,
  priceTicks: number,
  qtyLots: number,
  trades: number,
): void {
  records[at + START] = start;
  records[at + OPEN] = priceTicks;
  records[at + HIGH] = priceTicks;
  records[at + LOW] = priceTicks;
  records[at + CLOSE] = priceTicks;
  records[at + VOLUME] = qtyLots;
  records[at + TRADES] = trades;
}

export function candleAt(records: Float64Array, at: number): Candle {
  return {
    startMs: records[at + START],
    openTicks: records[at + OPEN],
    highTicks: records[at + HIGH],
    lowTicks: records[at + LOW],
    closeTicks: records[at + CLOSE],
    volumeLots: records[at + VOLUME],
    trades: records[at + TRADES],
  };
}
