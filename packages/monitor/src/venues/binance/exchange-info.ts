import { MonitorError } from '../../errors.ts';
import type { Instrument } from '../instrument.ts';
import { scaleOf } from '../scale.ts';

interface ExchangeInfo {
  readonly symbols: readonly {
    readonly symbol: string;
    readonly status?: string;
    readonly filters: readonly {
      readonly filterType: string;
      readonly tickSize?: string;
      readonly stepSize?: string;
    }[];
  }[];
}

/**
 * The instruments of these symbols out of `GET /fapi/v1/exchangeInfo`. Tick and lot come from the filters, never from
 * `pricePrecision`, which the venue says must not be used so. Throws `ERR_PERF_MONITOR_EXCHANGE`.
 */
export function instrumentsFrom(answer: unknown, symbols: readonly string[]): Instrument[] {
  const { symbols: listed } = (answer ?? {}) as Partial<ExchangeInfo>;
  if (!Array.isArray(listed)) {
    throw new MonitorError(
      'ERR_PERF_MONITOR_EXCHANGE',
      'exchangeInfo has no list of symbols: is this a Binance USD-M API?',
    );
  }
  return symbols.map((symbol) => {
    const entry = (listed as ExchangeInfo['symbols']).find((candidate) => candidate.symbol === symbol);
    if (entry === undefined) {
      throw new MonitorError(
        'ERR_PERF_MONITOR_EXCHANGE',
        `the exchange does not list ${symbol}; it lists ${some(listed)}`,
        {
          symbol,
        },
      );
    }
    const tickSize = entry.filters.find(({ filterType }) => filterType === 'PRICE_FILTER')?.tickSize;
    const stepSize = entry.filters.find(({ filterType }) => filterType === 'LOT_SIZE')?.stepSize;
    if (tickSize === undefined || stepSize === undefined) {
      throw new MonitorError('ERR_PERF_MONITOR_EXCHANGE', `exchangeInfo gives no tick and lot size for ${symbol}`, {
        symbol,
      });
    }
    return { symbol, tick: scaleOf(tickSize), lot: scaleOf(stepSize) };
  });
}

function some(listed: ExchangeInfo['symbols']): string {
  const names = listed.slice(0, 8).map(({ symbol }) => symbol);
  return `${names.join(', ')}${listed.length > names.length ? `, and ${listed.length - names.length} more` : ''}`;
}
