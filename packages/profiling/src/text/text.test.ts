import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  displayWidth,
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  palette,
  printable,
  truncateText,
} from './index.ts';
import type { Column } from './index.ts';

describe('formatDuration', () => {
  test.each([
    [0, '0 ns'],
    [847, '847 ns'],
    [3.4, '3.40 ns'],
    [999, '999 ns'],
    [999.6, '1.00 µs'],
    [1_000, '1.00 µs'],
    [12_345, '12.3 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [9_996_000, '10.0 ms'],
    [1.2e9, '1.20 s'],
    [59.94e9, '59.9 s'],
    [59.96e9, '1m 00s'],
    [63e9, '1m 03s'],
    [3_599.4e9, '59m 59s'],
    [3_599.6e9, '1h 00m'],
    [7_500e9, '2h 05m'],
    [86_370e9, '1d 00h'],
    [273_600e9, '3d 04h'],
    [-12_345, '-12.3 µs'],
    [Number.NaN, '-'],
    [Number.POSITIVE_INFINITY, '-'],
  ])('%d is "%s"', (ns, expected) => {
    expect(formatDuration(ns)).toBe(expected);
  });

  test('takes at most eight characters up to 999 days', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 999 * 86_400e9, noNaN: true }), (ns) => {
        expect(formatDuration(ns).length).toBeLessThanOrEqual(8);
      }),
    );
  });

  test('is within half a percent of the value, up to a minute', () => {
    const unit: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 59.9e9, noNaN: true }), (ns) => {
        const [digits, name] = formatDuration(ns).split(' ');
        expect(Math.abs(Number(digits) * unit[name] - ns) / ns).toBeLessThanOrEqual(0.005);
      }),
    );
  });
});

describe('formatBytes and formatCount', () => {
  test.each([
    [0, '0 B'],
    [812, '812 B'],
    [1_234, '1.23 kB'],
    [181_400_000, '181 MB'],
    [999_999, '1.00 MB'],
    [4.2e18, '4200 PB'],
    [-2_500_000, '-2.50 MB'],
    [Number.NaN, '-'],
  ])('%d bytes are "%s"', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [9_999_999, '9,999,999'],
    [10_000_000, '10.0 M'],
    [1.5, '1.50'],
    [1_234.5, '1,235'],
    [-12_345, '-12,345'],
    [Number.NaN, '-'],
  ])('the count %d is "%s"', (count, expected) => {
    expect(formatCount(count)).toBe(expected);
  });
});

describe('widths', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['12.3 µs', 7],
    ['漢字', 4],
    ['e\u0301', 1],
    ['\u001B[31mred\u001B[39m', 3],
  ])('%j takes %d cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });

  test('a cut text never takes more than it was given, and says that it was cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', 'µ', '漢', '\u001B[1m', '\u001B[22m') });
    fc.assert(
      fc.property(text, fc.nat({ max: 12 }), (given, width) => {
        const cut = truncateText(given, width);
        expect(displayWidth(cut)).toBeLessThanOrEqual(width);
        expect(cut === given || cut === '' || cut.includes('…')).toBe(true);
        expect(displayWidth(given) <= width).toBe(cut === given);
      }),
    );
  });

  test('a colour that was open at the cut is closed', () => {
    expect(truncateText('\u001B[31mabcdef', 4)).toBe('\u001B[31mabc…\u001B[0m');
  });

  test('nothing that a terminal obeys is printable', () => {
    expect(printable('a\u001B[2Jb\nc\u202Ed')).toBe('a?[2Jb?c?d');
    expect(printable('12.3 µs 漢')).toBe('12.3 µs 漢');
  });
});

describe('palette', () => {
  const tty = { isTTY: true };
  test.each([
    ['a terminal has colours', tty, {}, true],
    ['a file has none', {}, {}, false],
    ['NO_COLOR turns them off', tty, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR does not', tty, { NO_COLOR: '' }, true],
    ['TERM=dumb turns them off', tty, { TERM: 'dumb' }, false],
    ['FORCE_COLOR turns them on', {}, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR wins over NO_COLOR', {}, { FORCE_COLOR: '', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0 turns them off', tty, { FORCE_COLOR: '0' }, false],
  ])('%s', (_, stream, env, enabled) => {
    const colors = palette(stream, env);
    expect(colors.enabled).toBe(enabled);
    expect(colors.red('x')).toBe(enabled ? '\u001B[31mx\u001B[39m' : 'x');
  });
});

describe('formatTable', () => {
  const columns: Column[] = [
    { title: 'name', shrink: true, minWidth: 6 },
    { title: 'calls', align: 'right' },
    { title: 'p90', align: 'right', dropOrder: 2 },
    { title: 'note', dropOrder: 1 },
  ];
  const rows = [
    ['parse the frame', '12', '1.20 µs', 'a'],
    ['漢字', '1,234', '-', ''],
  ];

  test('aligns names left and numbers right, and ends lines with their text', () => {
    expect(formatTable(columns, rows)).toEqual([
      'name             calls      p90  note',
      'parse the frame     12  1.20 µs  a',
      '漢字             1,234        -',
    ]);
  });

  test('cuts names first, then drops columns in their order', () => {
    expect(formatTable(columns, rows, { width: 30 })).toEqual([
      'name      calls      p90  note',
      'parse t…     12  1.20 µs  a',
      '漢字      1,234        -',
    ]);
    expect(formatTable(columns, rows, { width: 20 })).toEqual([
      'name     calls  note',
      'parse …     12  a',
      '漢字     1,234',
    ]);
    expect(formatTable(columns, rows, { width: 5 })).toEqual(['name', 'pars…', '漢字']);
  });

  test('keeps the width of a column while its texts change', () => {
    const steady: Column[] = [{ title: 'a', align: 'right', minWidth: 8 }, { title: 'b' }];
    expect(formatTable(steady, [['1', 'x']])).toEqual(['       a  b', '       1  x']);
  });

  test('colours cells without moving anything', () => {
    const red = (text: string): string => `<red>${text}</red>`;
    expect(
      formatTable(columns.slice(0, 2), [['a', { text: '7', style: red }]], { header: (text) => `*${text}*` }),
    ).toEqual(['*name*    *calls*', 'a           <red>7</red>']);
  });

  test('shows control characters in a name instead of sending them to the terminal', () => {
    expect(formatTable([{ title: 'name' }], [['\u001B[2J\nx']])).toEqual(['name', '?[2J?x']);
  });

  test('never exceeds its width, whatever the cells', () => {
    const column = fc.record({
      title: fc.string({ maxLength: 8 }),
      align: fc.constantFrom('left' as const, 'right' as const),
      minWidth: fc.nat({ max: 8 }),
      shrink: fc.boolean(),
      dropOrder: fc.nat({ max: 3 }),
    });
    const cell = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'µ', '漢', ' ', '\n') });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 6 }),
        fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        (anyColumns, anyRows, width) => {
          const lines = formatTable(anyColumns, anyRows, { width });
          expect(lines).toHaveLength(anyRows.length + 1);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
