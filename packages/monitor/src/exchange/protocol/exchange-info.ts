import { textFromScaled } from '@perf/internal';
import type { Instrument } from '../market/instruments.ts';

/** Request weight that one address may use up per minute. */
export const WEIGHT_PER_MINUTE = 2400;

const PERPETUAL_DELIVERY_MS = 4_133_404_800_000;
const ORDER_TYPES = [
  'LIMIT',
  'MARKET',
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
];
const TIME_IN_FORCE = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'];

/** Answer of `GET /fapi/v1/exchangeInfo`. */
export function exchangeInfo(instruments: readonly Instrument[], serverTime: number): string {
  const quotes = [...new Set(instruments.map(({ quoteAsset }) => quoteAsset))];
  return JSON.stringify({
    timezone: 'UTC',
    serverTime,
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: WEIGHT_PER_MINUTE },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
    ],
    exchangeFilters: [],
    assets: quotes.map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-10000' })),
    symbols: instruments.map(symbolInfo),
  });
}

function symbolInfo(instrument: Instrument): object {
  const { symbol, baseAsset, quoteAsset, priceDecimals, quantityDecimals } = instrument;
  const tickSize = textFromScaled(instrument.tickUnits, priceDecimals);
  const stepSize = textFromScaled(1, quantityDecimals);
  const maxPrice = textFromScaled(instrument.startTicks * instrument.tickUnits * 50, priceDecimals);
  return {
    symbol,
    pair: symbol,
    contractType: 'PERPETUAL',
    deliveryDate: PERPETUAL_DELIVERY_MS,
    onboardDate: instrument.onboardMs,
    status: 'TRADING',
    maintMarginPercent: '2.5000',
    requiredMarginPercent: '5.0000',
    baseAsset,
    quoteAsset,
    marginAsset: quoteAsset,
    pricePrecision: priceDecimals,
    quantityPrecision: quantityDecimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    triggerProtect: '0.0500',
    liquidationFee: '0.012500',
    marketTakeBound: '0.05',
    maxMoveOrderLimit: 10_000,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice, tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '10000000', stepSize },
      { filterType: 'MARKET_LOT_SIZE', minQty: stepSize, maxQty: '1000000', stepSize },
      { filterType: 'MAX_NUM_ORDERS', limit: 200 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', limit: 10 },
      { filterType: 'MIN_NOTIONAL', notional: '5' },
      { filterType: 'PERCENT_PRICE', multiplierUp: '1.0500', multiplierDown: '0.9500', multiplierDecimal: '4' },
    ],
    orderTypes: ORDER_TYPES,
    timeInForce: TIME_IN_FORCE,
  };
}
