import { ascii, type FrameScanner } from '../frame-scanner.ts';
import type { InstrumentTable } from '../instrument.ts';
import type { BookTickerRecord, DepthUpdate, TradeRecord } from '../records.ts';

// The layouts that USD-M futures send today, compact and in this order. Source: the venue's "WebSocket Market Streams"
// pages and the recorded feed. One reader per event; each returns false where the frame is laid out otherwise.
//
// After an integer that cannot be read nothing matches, so those need no check of their own; decimals do.

const EVENT_TIME = ascii('"E":');
const TIME = ascii(',"T":');
const SYMBOL = ascii(',"s":"');
const FIRST_ID = ascii(',"U":');
const LAST_ID = ascii(',"u":');
const PREVIOUS_ID = ascii(',"pu":');
const BIDS = ascii(',"b":');
const ASKS = ascii(',"a":');

/** After `"e":"depthUpdate",`, up to and without the closing brace. */
export function readDepthUpdate(scan: FrameScanner, instruments: InstrumentTable, into: DepthUpdate): boolean {
  if (!scan.literal(EVENT_TIME)) return false;
  const eventTimeMs = scan.unsigned();
  if (!scan.literal(TIME)) return false;
  scan.unsigned();
  if (!scan.literal(SYMBOL)) return false;
  const symbolStart = scan.at;
  if (!scan.plainString()) return false;
  const instrument = instruments.find(scan.bytes, symbolStart, scan.at - 1);
  if (instrument === undefined || !scan.literal(FIRST_ID)) return false;
  const firstId = scan.unsigned();
  if (!scan.literal(LAST_ID)) return false;
  const lastId = scan.unsigned();
  if (!scan.literal(PREVIOUS_ID)) return false;
  const previousId = scan.unsigned();
  if (!scan.literal(BIDS)) return false;
  if (!scan.levels(into.bids, instrument.tick, instrument.lot) || !scan.literal(ASKS)) return false;
  if (!scan.levels(into.asks, instrument.tick, instrument.lot)) return false;
  into.symbol = instrument.symbol;
  into.firstId = firstId;
  into.lastId = lastId;
  into.previousId = previousId;
  into.eventTimeMs = eventTimeMs;
  return true;
}

const UPDATE_ID = ascii('"u":');
const BID_PRICE = ascii(',"b":');
const BID_QUANTITY = ascii(',"B":');
const ASK_PRICE = ascii(',"a":');
const ASK_QUANTITY = ascii(',"A":');
const EVENT_TIME_LAST = ascii(',"E":');

/** After `"e":"bookTicker",`. */
export function readBookTicker(scan: FrameScanner, instruments: InstrumentTable, into: BookTickerRecord): boolean {
  if (!scan.literal(UPDATE_ID)) return false;
  const updateId = scan.unsigned();
  if (!scan.literal(SYMBOL)) return false;
  const symbolStart = scan.at;
  if (!scan.plainString()) return false;
  const instrument = instruments.find(scan.bytes, symbolStart, scan.at - 1);
  if (instrument === undefined || !scan.literal(BID_PRICE)) return false;
  const { tick, lot } = instrument;
  const bidTicks = scan.decimal(tick);
  if (!scan.literal(BID_QUANTITY)) return false;
  const bidLots = scan.decimal(lot);
  if (!scan.literal(ASK_PRICE)) return false;
  const askTicks = scan.decimal(tick);
  if (!scan.literal(ASK_QUANTITY)) return false;
  const askLots = scan.decimal(lot);
  if (!scan.literal(TIME)) return false;
  scan.unsigned();
  if (!scan.literal(EVENT_TIME_LAST)) return false;
  const eventTimeMs = scan.unsigned();
  if (!(bidTicks >= 0 && bidLots >= 0 && askTicks >= 0 && askLots >= 0)) return false;
  into.symbol = instrument.symbol;
  into.updateId = updateId;
  into.bidTicks = bidTicks;
  into.bidLots = bidLots;
  into.askTicks = askTicks;
  into.askLots = askLots;
  into.eventTimeMs = eventTimeMs;
  return true;
}

const TRADE_ID = ascii(',"t":');
const PRICE = ascii(',"p":');
const QUANTITY = ascii(',"q":');
const EXECUTION = ascii(',"X":"');
const MAKER = ascii(',"m":');
const TRUE = ascii('true');
const FALSE = ascii('false');

/** After `"e":"trade",`. */
export function readTrade(scan: FrameScanner, instruments: InstrumentTable, into: TradeRecord): boolean {
  if (!scan.literal(EVENT_TIME)) return false;
  const eventTimeMs = scan.unsigned();
  if (!scan.literal(TIME)) return false;
  const tradeTimeMs = scan.unsigned();
  if (!scan.literal(SYMBOL)) return false;
  const symbolStart = scan.at;
  if (!scan.plainString()) return false;
  const instrument = instruments.find(scan.bytes, symbolStart, scan.at - 1);
  if (instrument === undefined || !scan.literal(TRADE_ID)) return false;
  const id = scan.unsigned();
  if (!scan.literal(PRICE)) return false;
  const priceTicks = scan.decimal(instrument.tick);
  if (!scan.literal(QUANTITY)) return false;
  const qtyLots = scan.decimal(instrument.lot);
  if (scan.literal(EXECUTION) && !scan.plainString()) return false;
  if (!scan.literal(MAKER)) return false;
  return finishTrade(scan, into, instrument.symbol, id, eventTimeMs, tradeTimeMs, priceTicks, qtyLots);
}

const AGGREGATE_ID = ascii(',"a":');
const NORMAL_QUANTITY = ascii(',"nq":');
const FIRST_TRADE = ascii(',"f":');
const LAST_TRADE = ascii(',"l":');

/** After `"e":"aggTrade",`. `nq` (quantity without liquidations) is skipped where the venue sends it. */
export function readAggTrade(scan: FrameScanner, instruments: InstrumentTable, into: TradeRecord): boolean {
  if (!scan.literal(EVENT_TIME)) return false;
  const eventTimeMs = scan.unsigned();
  if (!scan.literal(SYMBOL)) return false;
  const symbolStart = scan.at;
  if (!scan.plainString()) return false;
  const instrument = instruments.find(scan.bytes, symbolStart, scan.at - 1);
  if (instrument === undefined || !scan.literal(AGGREGATE_ID)) return false;
  const id = scan.unsigned();
  if (!scan.literal(PRICE)) return false;
  const priceTicks = scan.decimal(instrument.tick);
  if (!scan.literal(QUANTITY)) return false;
  const qtyLots = scan.decimal(instrument.lot);
  if (scan.literal(NORMAL_QUANTITY) && Number.isNaN(scan.decimal(instrument.lot))) return false;
  if (!scan.literal(FIRST_TRADE)) return false;
  scan.unsigned();
  if (!scan.literal(LAST_TRADE)) return false;
  scan.unsigned();
  if (!scan.literal(TIME)) return false;
  const tradeTimeMs = scan.unsigned();
  if (!scan.literal(MAKER)) return false;
  return finishTrade(scan, into, instrument.symbol, id, eventTimeMs, tradeTimeMs, priceTicks, qtyLots);
}

function finishTrade(
  scan: FrameScanner,
  into: TradeRecord,
  symbol: string,
  id: number,
  eventTimeMs: number,
  tradeTimeMs: number,
  priceTicks: number,
  qtyLots: number,
): boolean {
  const buyerIsMaker = scan.literal(TRUE);
  if (!buyerIsMaker && !scan.literal(FALSE)) return false;
  if (!(priceTicks >= 0 && qtyLots >= 0)) return false;
  into.symbol = symbol;
  into.id = id;
  into.eventTimeMs = eventTimeMs;
  into.tradeTimeMs = tradeTimeMs;
  into.priceTicks = priceTicks;
  into.qtyLots = qtyLots;
  into.buyerIsMaker = buyerIsMaker;
  return true;
}
