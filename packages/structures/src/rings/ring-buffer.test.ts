import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from './ring-buffer.fuzz.ts';
import { RingBuffer } from './ring-buffer.ts';

describe('RingBuffer', () => {
  test('keeps the newest items and gives the latest of them, oldest first', () => {
    const ring = new RingBuffer<number>(3);
    expect([1, 2, 3, 4].map((item) => ring.push(item))).toEqual([true, true, true, true]);
    expect(ring.getLatest(2)).toEqual([3, 4]);
    expect(ring.getLatest(10)).toEqual([2, 3, 4]);
    expect(ring.getLatest(0)).toEqual([]);
    expect([...ring]).toEqual([2, 3, 4]);
    expect([ring.length, ring.capacity, ring.dropped]).toEqual([3, 3, 1]);
  });

  test('refuses new items when it is full and told to', () => {
    const ring = new RingBuffer<string>(1, { whenFull: 'reject' });
    expect([ring.push('a'), ring.push('b')]).toEqual([true, false]);
    expect([ring.at(0), ring.dropped]).toEqual(['a', 1]);
    expect([ring.shift(), ring.shift(), ring.push('c')]).toEqual(['a', undefined, true]);
  });

  test('counts positions from both ends', () => {
    const ring = new RingBuffer<number>(3);
    for (const item of [1, 2, 3, 4]) ring.push(item);
    expect([ring.at(0), ring.at(2), ring.at(-1), ring.at(-3)]).toEqual([2, 4, 4, 2]);
    expect([ring.at(3), ring.at(-4), ring.at(NaN)]).toEqual([undefined, undefined, undefined]);
  });

  test('holds undefined as an item', () => {
    const ring = new RingBuffer<undefined>(2);
    ring.push(undefined);
    expect([ring.length, ring.getLatest(1)]).toEqual([1, [undefined]]);
  });

  test.each([0, -1, 1.5, NaN, 2 ** 31, '8'])('refuses a capacity of %j', (capacity) => {
    expect(() => new RingBuffer(capacity as number)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option: 'capacity' }),
    );
  });

  test('refuses an unknown policy and a negative count', () => {
    expect(() => new RingBuffer(1, { whenFull: 'block' as 'reject' })).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option: 'whenFull' }),
    );
    expect(() => new RingBuffer(1).getLatest(-1)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_ARGUMENT' }),
    );
  });

  test('is the tail of everything pushed', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), fc.integer({ min: 1, max: 20 }), fc.nat(25), (items, capacity, count) => {
        const ring = new RingBuffer<unknown>(capacity);
        for (const item of items) ring.push(item);
        const kept = items.slice(-capacity);
        expect([...ring]).toEqual(kept);
        expect(ring.getLatest(count)).toEqual(count === 0 ? [] : kept.slice(-count));
      }),
    );
  });

  test('survives a fixed piece of the fuzz run', () => {
    expect(() => {
      for (let seed = 1; seed <= 40; seed++) fuzz.run(seed, 100);
    }).not.toThrow();
  });
});
