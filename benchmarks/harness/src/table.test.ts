import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { markdownTable, textTable, type Table } from './table.ts';

const table: Table = {
  columns: [
    { header: 'name', align: 'left' },
    { header: 'time', align: 'right' },
  ],
  rows: [
    ['a', '1 ns'],
    ['longer', '22 ns'],
    ['absent', ''],
  ],
};

test('aligns names left and figures right', () => {
  expect(textTable(table, 80)).toEqual(['name     time', 'a        1 ns', 'longer  22 ns', 'absent']);
});

test('falls back to blocks, in which empty cells are left out, when the table does not fit', () => {
  expect(textTable(table, 13)).toHaveLength(4);
  expect(textTable(table, 12)).toEqual(['a', '  time  1 ns', 'longer', '  time  22 ns', 'absent']);
});

test('never loses a cell, whatever the width', () => {
  const cell = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.nat(40), (rows, width) => {
      const text = textTable({ columns: table.columns, rows }, width).join('\n');
      for (const row of rows) for (const each of row) expect(text).toContain(each);
    }),
  );
});

test('escapes what would break a Markdown table', () => {
  expect(markdownTable({ columns: table.columns, rows: [['a|b\\c', 'two\nlines']] })).toEqual([
    '| name | time |',
    '| --- | ---: |',
    '| a\\|b\\\\c | two lines |',
  ]);
});
