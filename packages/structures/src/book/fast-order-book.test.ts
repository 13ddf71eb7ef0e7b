import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from './fast-order-book.fuzz.ts';
import { FastOrderBook } from './fast-order-book.ts';

describe('FastOrderBook', () => {
  test('takes decimals as text and as numbers and gives the best of each side', () => {
    const book = new FastOrderBook({ tickSize: '0.1' });
    book.updateBid('61800.20', '0.150');
    book.updateBid(61800.1, 3);
    book.updateAsk(61800.3, 2);
    expect(book.getBestBid()).toEqual({ price: 61800.2, quantity: 0.15 });
    expect(book.getBestAsk()).toEqual({ price: 61800.3, quantity: 2 });
    expect(book.getSpread()).toBe(0.1);
    expect(book.getMid()).toBe(61800.25);
    expect(book.getQuantity('bid', '61800.1')).toBe(3);
    expect(book.getDepth('bid')).toEqual([
      { price: 61800.2, quantity: 0.15 },
      { price: 61800.1, quantity: 3 },
    ]);
  });

  test('has no best price and no spread while a side is empty', () => {
    const book = new FastOrderBook();
    expect([book.getBestBid(), book.getBestAsk(), book.getSpread(), book.getMid()]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    book.updateBid(1, 1);
    expect(book.getSpread()).toBeUndefined();
  });

  test('deletes a level by quantity 0, however it is written', () => {
    const book = new FastOrderBook();
    book.updateBid('1.00', 1);
    book.updateBid(1, '0.000');
    expect(book.getBestBid()).toBeUndefined();
  });

  test('has a tick of 0.01 by default and refuses what lies between', () => {
    const book = new FastOrderBook();
    expect(book.tickSize).toBe('0.01');
    const offTick = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OFF_TICK', side: 'bid' });
    expect(() => book.updateBid('100.005', 1)).toThrow(offTick);
    expect(() => book.updateBid(100.005, 1)).toThrow(offTick);
    expect(() => book.updateBid(0.1 + 0.2, 1)).toThrow(offTick);
    expect(book.book.version).toBe(0);
    book.updateBid(0.3, 1);
    book.updateBid('100.0100', 1);
    expect(book.getBestBid()?.price).toBe(100.01);
  });

  test('takes steps that are no power of ten', () => {
    const book = new FastOrderBook({ tickSize: 0.25 });
    book.updateBid(5000.75, 1);
    expect(book.getBestBid()?.price).toBe(5000.75);
    expect(() => book.updateBid('5000.80', 1)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OFF_TICK' }),
    );
  });

  test('rescales the quantities it holds, exactly, when a finer one comes', () => {
    const book = new FastOrderBook();
    book.updateBid(1, 3);
    expect(book.lotSize).toBe('1');
    book.updateBid(2, '0.00000001');
    expect(book.lotSize).toBe('0.00000001');
    expect(book.getDepth('bid')).toEqual([
      { price: 2, quantity: 1e-8 },
      { price: 1, quantity: 3 },
    ]);
  });

  test('reads a whole event again when a finer quantity stands in its middle', () => {
    const book = new FastOrderBook();
    book.load({
      bids: [
        ['1.00', '5'],
        ['0.99', '0.25'],
      ],
      asks: [['1.01', 2]],
    });
    expect(book.getDepth('bid')).toEqual([
      { price: 1, quantity: 5 },
      { price: 0.99, quantity: 0.25 },
    ]);
    expect(book.getBestAsk()).toEqual({ price: 1.01, quantity: 2 });
  });

  test('applies an event whole or not at all', () => {
    const book = new FastOrderBook();
    book.updateBid(1, 1);
    expect(() =>
      book.apply({
        bids: [[1, 0]],
        asks: [
          [2, 1],
          ['2.001', 1],
        ],
      }),
    ).toThrow(expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OFF_TICK', side: 'ask', index: 1 }));
    expect([book.getBestBid(), book.getBestAsk()]).toEqual([{ price: 1, quantity: 1 }, undefined]);
  });

  test('refuses a quantity between lots where the lot size is given', () => {
    const book = new FastOrderBook({ lotSize: '0.001' });
    book.updateAsk(1, '0.001');
    expect(() => book.updateAsk(1, '0.0015')).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OFF_LOT', side: 'ask' }),
    );
    expect(book.getBestAsk()?.quantity).toBe(0.001);
  });

  test.each(['', 'abc', '1,5', '-1', '1.', NaN, Infinity, -0.5, '0x10', '1e400'])(
    'refuses %j as price and quantity',
    (text) => {
      const book = new FastOrderBook();
      const refused = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_DECIMAL' });
      expect(() => book.updateBid(text, 1)).toThrow(refused);
      expect(() => book.updateBid(1, text)).toThrow(refused);
      expect(book.book.version).toBe(0);
    },
  );

  test('refuses a quantity that the book could hold only by rounding another one', () => {
    const book = new FastOrderBook();
    book.updateBid(1, Number.MAX_SAFE_INTEGER);
    expect(() => book.updateBid(2, '0.1')).toThrow(expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_DECIMAL' }));
    expect([book.lotSize, book.getBestBid()?.quantity]).toEqual(['1', Number.MAX_SAFE_INTEGER]);
  });

  test.each([
    { tickSize: 0 },
    { tickSize: '-1' },
    { tickSize: 'x' },
    { lotSize: NaN },
    { windowTicks: 5 },
    { ticks: 1 },
  ])('refuses the options %j', (options) => {
    expect(() => new FastOrderBook(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option: Object.keys(options)[0] }),
    );
  });

  test('gives back every price it takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e14 }), fc.integer({ min: 0, max: 15 }), (ticks, decimals) => {
        const digits = String(ticks).padStart(decimals + 1, '0');
        const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
        const book = new FastOrderBook({ tickSize: `1e-${decimals}`, windowTicks: 4096 });
        book.updateBid(text, 1);
        book.updateAsk(Number(text), 1);
        expect([book.book.bestBidTicks, book.book.bestAskTicks]).toEqual([ticks, ticks]);
        expect(book.getBestBid()?.price).toBe(Number(text));
      }),
      { numRuns: 200 },
    );
  });

  test('survives a fixed piece of the fuzz run', () => {
    expect(() => {
      for (let seed = 1; seed <= 20; seed++) fuzz.run(seed, 100);
    }).not.toThrow();
  });
});
