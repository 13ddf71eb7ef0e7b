import { DEPTH_INTERVALS_MS } from '../market/symbol-book.ts';
import { Market, type MarketOptions } from '../market/market.ts';
import { SymbolMessages } from '../protocol/messages.ts';

/** A market without a server whose messages are kept by stream. */
export interface RecordedMarket {
  readonly market: Market;
  readonly messages: readonly SymbolMessages[];
  /** Texts of each stream in order. */
  readonly streams: ReadonlyMap<string, string[]>;
  /** Called with each text as it is sent. */
  onMessage: ((stream: string, text: string) => void) | undefined;
}

export function recordedMarket(options: Partial<MarketOptions> = {}): RecordedMarket {
  const streams = new Map<string, string[]>();
  const send = (stream: string, text: string): void => {
    const texts = streams.get(stream);
    if (texts === undefined) streams.set(stream, [text]);
    else texts.push(text);
    recorded.onMessage?.(stream, text);
  };
  const market = new Market(
    {
      symbols: ['BTCUSDT', 'XRPUSDT'],
      ratePerSecond: 1000,
      seed: 1,
      startTimeMs: 1_700_000_000_000,
      firstUpdateId: 1000,
      ...options,
    },
    {
      depth: (symbol, batch) =>
        send(
          `${symbol.instrument.symbol}@depth@${batch.intervalMs}`,
          recorded.messages[symbol.index].depthUpdate(symbol, batch),
        ),
      bookTicker: (symbol) =>
        send(`${symbol.instrument.symbol}@bookTicker`, recorded.messages[symbol.index].bookTicker(symbol)),
      aggTrade: (symbol, trade) =>
        send(`${symbol.instrument.symbol}@aggTrade`, recorded.messages[symbol.index].aggTrade(symbol, trade)),
    },
  );
  const recorded: RecordedMarket = {
    market,
    messages: market.symbols.map(({ instrument }) => new SymbolMessages(instrument)),
    streams,
    onMessage: undefined,
  };
  return recorded;
}

export const DEPTH_STREAMS: readonly string[] = DEPTH_INTERVALS_MS.map((intervalMs) => `depth@${intervalMs}`);
