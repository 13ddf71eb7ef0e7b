/** Venues of the Perf packages; the same names everywhere. Not every package has rules for every venue yet. */
export type VenueId =
  | 'binance-spot'
  | 'binance-usdm'
  | 'binance-coinm'
  | 'kraken'
  | 'kraken-futures'
  | 'okx'
  | 'bitget'
  | 'bybit'
  | 'coinbase'
  | 'deribit';
