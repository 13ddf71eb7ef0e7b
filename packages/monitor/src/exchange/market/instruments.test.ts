import { describe, expect, test } from 'vitest';
import { DEFAULT_SYMBOLS, instrument, isSymbolName } from './instruments.ts';

describe('instrument', () => {
  test('knows the eight default symbols with the tick and lot of the venue', () => {
    const sizes = DEFAULT_SYMBOLS.map((symbol) => {
      const { tickUnits, priceDecimals, quantityDecimals } = instrument(symbol);
      return [symbol, tickUnits / 10 ** priceDecimals, 1 / 10 ** quantityDecimals];
    });
    expect(sizes).toEqual([
      ['BTCUSDT', 0.1, 0.001],
      ['ETHUSDT', 0.01, 0.001],
      ['SOLUSDT', 0.01, 0.01],
      ['BNBUSDT', 0.01, 0.01],
      ['XRPUSDT', 0.0001, 0.1],
      ['DOGEUSDT', 0.00001, 1],
      ['ADAUSDT', 0.0001, 1],
      ['LINKUSDT', 0.001, 0.01],
    ]);
  });

  test('makes up the same instrument each time for a name it does not know', () => {
    expect(instrument('FOOUSDT')).toEqual(instrument('FOOUSDT'));
    expect(instrument('FOOUSDT').startTicks).not.toBe(instrument('BARUSDT').startTicks);
    expect(instrument('FOOUSDC')).toMatchObject({ baseAsset: 'FOO', quoteAsset: 'USDC' });
    expect(instrument('FOO')).toMatchObject({ baseAsset: 'FOO', quoteAsset: 'USDT' });
  });

  test('takes names that need no escaping anywhere', () => {
    expect(['BTCUSDT', '1000PEPEUSDT', 'BTCUSDT_251226'].every(isSymbolName)).toBe(true);
    expect(['', 'A', 'btcusdt', 'BTC/USDT', 'BTC"', 'É', 7, undefined].some(isSymbolName)).toBe(false);
  });
});
