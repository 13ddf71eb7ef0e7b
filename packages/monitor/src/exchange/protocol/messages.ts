// Message texts of the USD-M futures streams and REST endpoints, fields in the order in which the venue sends them:
// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
// Written as templates: every value is a number or a text that needs no escaping, and JSON.stringify would cost more
// than the rest of a message.

import type { AggTrade } from '../market/agg-trade.ts';
import type { BookSide } from '../market/book.ts';
import type { Instrument } from '../market/instruments.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import type { DepthBatch } from '../market/symbol-book.ts';
import { DecimalText } from './decimal-text.ts';

/** The message texts of one symbol. */
export class SymbolMessages {
  readonly #symbol: string;
  readonly #price: DecimalText;
  readonly #quantity: DecimalText;

  constructor(instrument: Instrument) {
    this.#symbol = instrument.symbol;
    this.#price = new DecimalText(instrument.priceDecimals, instrument.tickUnits);
    this.#quantity = new DecimalText(instrument.quantityDecimals, 1);
  }

  bookTicker({ book }: SymbolMarket): string {
    const { bids, asks } = book;
    const time = book.nowMs;
    return `{"e":"bookTicker","u":${book.updateId},"s":"${this.#symbol}","b":"${this.#price.of(bids.ticksAt(0))}","B":"${this.#quantity.of(bids.lotsAt(0))}","a":"${this.#price.of(asks.ticksAt(0))}","A":"${this.#quantity.of(asks.lotsAt(0))}","T":${time},"E":${time}}`;
  }

  aggTrade({ book }: SymbolMarket, trade: AggTrade): string {
    const time = book.nowMs;
    return `{"e":"aggTrade","E":${time},"s":"${this.#symbol}","a":${trade.id},"p":"${this.#price.of(trade.ticks)}","q":"${this.#quantity.of(trade.lots)}","f":${trade.firstTradeId},"l":${trade.lastTradeId},"T":${time},"m":${trade.buyerIsMaker}}`;
  }

  /** Both sides by ascending price, as the venue sends them. */
  depthUpdate({ book }: SymbolMarket, batch: DepthBatch): string {
    const keys = book.changedKeys(batch);
    let firstBid = 0;
    while (firstBid < keys.length && keys[firstBid] < 0) firstBid++;
    let asks = '';
    for (let at = firstBid - 1; at >= 0; at--) {
      asks += `${asks === '' ? '' : ','}${this.#level(-keys[at], book.asks.lotsOf(keys[at]))}`;
    }
    let bids = '';
    for (let at = firstBid; at < keys.length; at++) {
      bids += `${bids === '' ? '' : ','}${this.#level(keys[at], book.bids.lotsOf(keys[at]))}`;
    }
    return `{"e":"depthUpdate","E":${book.nowMs},"T":${book.changedMs},"s":"${this.#symbol}","U":${batch.firstId},"u":${book.updateId},"pu":${batch.previousId},"b":[${bids}],"a":[${asks}]}`;
  }

  /** Answer of `GET /fapi/v1/depth`. */
  depthSnapshot({ book }: SymbolMarket, limit: number): string {
    return `{"lastUpdateId":${book.updateId},"E":${book.nowMs},"T":${book.changedMs},"bids":[${this.#levels(book.bids, limit)}],"asks":[${this.#levels(book.asks, limit)}]}`;
  }

  /** One entry of `GET /fapi/v1/ticker/bookTicker`. */
  bookTickerAnswer({ book }: SymbolMarket): string {
    const { bids, asks } = book;
    return `{"symbol":"${this.#symbol}","bidPrice":"${this.#price.of(bids.ticksAt(0))}","bidQty":"${this.#quantity.of(bids.lotsAt(0))}","askPrice":"${this.#price.of(asks.ticksAt(0))}","askQty":"${this.#quantity.of(asks.lotsAt(0))}","time":${book.changedMs},"lastUpdateId":${book.updateId}}`;
  }

  #levels(side: BookSide, limit: number): string {
    const count = Math.min(limit, side.length);
    let text = '';
    for (let rank = 0; rank < count; rank++) {
      text += `${rank === 0 ? '' : ','}${this.#level(side.ticksAt(rank), side.lotsAt(rank))}`;
    }
    return text;
  }

  #level(ticks: number, lots: number): string {
    return `["${this.#price.of(ticks)}","${this.#quantity.of(lots)}"]`;
  }
}
