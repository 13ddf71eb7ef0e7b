import type { AnyColumns } from '../../decoder/columns.ts';
import type { LevelsColumn, Schema } from '../../decoder/types.ts';
import type { NaiveRow } from './naive-lines.ts';

/** The rows of columns in the shape of the naive twin. */
export function rowsOf(schema: Schema, columns: object): NaiveRow[] {
  const { length, fields } = columns as AnyColumns;
  return Array.from({ length }, (_, row) => {
    const values = Object.entries(schema).map(([name, { type }]) => {
      const column = fields[name];
      if (type.kind === 'levels') return [name, levelsOf(column as LevelsColumn, row)] as const;
      const value = (column as Float64Array)[row];
      if (type.kind === 'bool') return [name, value === 1] as const;
      if (type.kind === 'enum') return [name, type.values[value]] as const;
      if (type.kind === 'text') return [name, type.dictionary.textOf(value) ?? value] as const;
      return [name, value] as const;
    });
    return Object.fromEntries(values);
  });
}

function levelsOf({ ticks, lots, starts }: LevelsColumn, row: number): number[][] {
  return Array.from({ length: starts[row + 1] - starts[row] }, (_, at) => [
    ticks[starts[row] + at],
    lots[starts[row] + at],
  ]);
}
