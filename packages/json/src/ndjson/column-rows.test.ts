import { describe, expect, test } from 'vitest';
import { columnsOf, type AnyColumns } from '../decoder/columns.ts';
import { decoder } from '../decoder/decoder.ts';
import { appendRows, withCapacity } from './column-rows.ts';
import { rowsOf } from './testing/rows.ts';
import { TRADE, tradeLine } from './testing/trades.ts';

const trades = decoder(TRADE);

function filled(count: number, capacity = count): AnyColumns {
  const columns = columnsOf(trades, capacity);
  for (let at = 0; at < count; at++) expect(trades.decodeInto(Buffer.from(tradeLine(at)), columns, at)).toBe(0);
  return columns;
}

describe('rows of columns', () => {
  test('are appended as many as there is room for, levels with them', () => {
    const from = filled(100);
    const into = columnsOf(trades, 130) as AnyColumns;
    expect(appendRows(from, 30, into)).toBe(70);
    expect(appendRows(from, 0, into)).toBe(60);
    expect(appendRows(from, 60, into)).toBe(0);
    const rows = rowsOf(TRADE, from);
    expect(rowsOf(TRADE, into)).toEqual([...rows.slice(30), ...rows.slice(0, 60)]);
  });

  test('are appended from no rows and into room for few levels', () => {
    const into = columnsOf(trades, 400) as AnyColumns;
    expect(appendRows(columnsOf(trades, 1), 0, into)).toBe(0);
    const bids = into.fields.bids as { ticks: Float64Array; lots: Float64Array };
    bids.ticks = new Float64Array(1);
    bids.lots = new Float64Array(1);
    expect(appendRows(filled(400), 0, into)).toBe(400);
    expect(rowsOf(TRADE, into)).toEqual(rowsOf(TRADE, filled(400)));
  });

  test.each([0, 1, 99, 100, 101, 1000])('are kept by a capacity of %i', (capacity) => {
    const before = filled(Math.min(100, capacity), 100);
    const after = withCapacity(before, capacity);
    expect(rowsOf(TRADE, after)).toEqual(rowsOf(TRADE, before));
    expect(after.capacity).toBe(capacity);
    expect((after.fields.price as Float64Array).length).toBe(capacity);
    expect((after.fields.bids as { starts: Uint32Array }).starts.length).toBe(capacity + 1);
  });
});
