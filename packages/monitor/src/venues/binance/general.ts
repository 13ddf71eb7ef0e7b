import { errorCode } from '@perf/internal';
import { parse } from '@perf/json';
import type { Instrument, InstrumentTable } from '../instrument.ts';
import {
  growColumns,
  type BookTickerRecord,
  type DepthSnapshot,
  type DepthUpdate,
  type LevelColumns,
  type TradeRecord,
} from '../records.ts';
import { FrameRejection } from '../rejection.ts';
import { decimalCount } from './decimal-count.ts';

// The general readers: any key order, white space, escapes, unknown keys. They run where a frame is not laid out as
// expected, and they are the ones that say what is wrong with it.

type Fields = Record<string, unknown>;

export interface GeneralFrame {
  readonly event: string | undefined;
  readonly data: Fields;
}

/** Parses a frame and takes it out of the combined wrapper. Throws {@link FrameRejection}. */
export function openFrame(frame: Uint8Array): GeneralFrame {
  let value: unknown;
  try {
    value = parse(frame);
  } catch (error) {
    if (errorCode(error)?.startsWith('ERR_PERF_JSON_') !== true) throw error;
    throw new FrameRejection('not-json', (error as Error).message, (error as { byteOffset?: number }).byteOffset);
  }
  if (!isObject(value)) throw new FrameRejection('wrong-shape', 'the frame is not a JSON object');
  const data = 'stream' in value && 'data' in value ? value.data : value;
  if (!isObject(data)) throw new FrameRejection('wrong-shape', '"data" is not a JSON object');
  return { event: typeof data.e === 'string' ? data.e : undefined, data };
}

export function generalDepthUpdate(data: Fields, instruments: InstrumentTable, into: DepthUpdate): void {
  const instrument = instrumentOf(data, instruments);
  const firstId = integer(data, 'U');
  const lastId = integer(data, 'u');
  const previousId = 'pu' in data ? integer(data, 'pu') : Number.NaN;
  const eventTimeMs = integer(data, 'E');
  levels(data, 'b', instrument, into.bids);
  levels(data, 'a', instrument, into.asks);
  into.symbol = instrument.symbol;
  into.firstId = firstId;
  into.lastId = lastId;
  into.previousId = previousId;
  into.eventTimeMs = eventTimeMs;
}

export function generalBookTicker(data: Fields, instruments: InstrumentTable, into: BookTickerRecord): void {
  const instrument = instrumentOf(data, instruments);
  const { tick, lot, symbol } = instrument;
  into.symbol = symbol;
  into.updateId = integer(data, 'u');
  into.eventTimeMs = integer(data, 'E');
  into.bidTicks = decimalCount(data.b, tick, 'bid price', symbol);
  into.bidLots = decimalCount(data.B, lot, 'bid quantity', symbol);
  into.askTicks = decimalCount(data.a, tick, 'ask price', symbol);
  into.askLots = decimalCount(data.A, lot, 'ask quantity', symbol);
}

export function generalTrade(data: Fields, idKey: 't' | 'a', instruments: InstrumentTable, into: TradeRecord): void {
  const { tick, lot, symbol } = instrumentOf(data, instruments);
  if (typeof data.m !== 'boolean') throw new FrameRejection('wrong-shape', '"m" is not true or false');
  into.symbol = symbol;
  into.id = integer(data, idKey);
  into.eventTimeMs = integer(data, 'E');
  into.tradeTimeMs = integer(data, 'T');
  into.priceTicks = decimalCount(data.p, tick, 'price', symbol);
  into.qtyLots = decimalCount(data.q, lot, 'quantity', symbol);
  into.buyerIsMaker = data.m;
}

/** A REST depth answer, which names no symbol. Throws {@link FrameRejection}. */
export function generalSnapshot(data: Fields, instrument: Instrument, into: DepthSnapshot): void {
  into.symbol = instrument.symbol;
  into.lastId = integer(data, 'lastUpdateId');
  levels(data, 'bids', instrument, into.bids);
  levels(data, 'asks', instrument, into.asks);
}

function instrumentOf(data: Fields, instruments: InstrumentTable): Instrument {
  const { s: symbol } = data;
  if (typeof symbol !== 'string') throw new FrameRejection('wrong-shape', '"s" is not a string');
  const instrument = instruments.get(symbol);
  if (instrument === undefined) throw new FrameRejection('unknown-symbol', `${symbol} was not asked for`);
  return instrument;
}

function integer(data: Fields, key: string): number {
  const value = data[key];
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new FrameRejection('wrong-shape', `"${key}" is not a non-negative integer below 2^53`);
  }
  return value as number;
}

function levels(data: Fields, key: string, { tick, lot, symbol }: Instrument, into: LevelColumns): void {
  const rows = data[key];
  if (!Array.isArray(rows)) throw new FrameRejection('wrong-shape', `"${key}" is not an array of levels`);
  into.length = 0;
  while (into.ticks.length < rows.length) growColumns(into);
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length < 2) {
      throw new FrameRejection('wrong-shape', `"${key}" entry ${index} is not [price, quantity]`);
    }
    into.ticks[index] = decimalCount(row[0], tick, `"${key}" entry ${index} price`, symbol);
    into.lots[index] = decimalCount(row[1], lot, `"${key}" entry ${index} quantity`, symbol);
  }
  into.length = rows.length;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
