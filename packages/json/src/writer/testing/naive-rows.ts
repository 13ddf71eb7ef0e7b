import { textFromScaled } from '@perf/internal';
import type { CountType, DecimalScale, FieldSpec, LevelsColumn, Schema } from '../../decoder/types.ts';
import type { Rows } from '../rows.ts';

type Members = { [key: string]: unknown };

/** The text of every row as one would write it without thinking of speed: an object per row and `JSON.stringify`. */
export function naiveRows(schema: Schema, columns: Rows, within: readonly string[]): string[] {
  return Array.from({ length: columns.length }, (_, row) => {
    const root: Members = Object.create(null);
    for (const [name, spec] of Object.entries(schema)) {
      const path = typeof spec.path === 'string' ? [spec.path] : spec.path;
      put(root, [...within, ...path], valueOf(name, spec, columns, row));
    }
    return JSON.stringify(root);
  });
}

function put(root: Members, path: readonly string[], value: unknown): void {
  let at = root;
  for (const key of path.slice(0, -1)) at = (at[key] ??= Object.create(null)) as Members;
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}

function valueOf(name: string, { type, default: fallback }: FieldSpec, columns: Rows, row: number): unknown {
  const column = columns.fields[name] as ArrayLike<never>;
  const value: unknown = column[row];
  if (typeof value === 'number' && Object.is(value, fallback) && !(value >= 0)) return null;
  switch (type.kind) {
    case 'f64':
      return value;
    case 'i64':
      return type.form === 'text' ? String(value) : raw(String(value));
    case 'count':
      return decimal(value as number, type, columns, row);
    case 'bool':
      return value === 1;
    case 'enum':
      return type.values[value as number];
    case 'text':
      return type.dictionary.textOf(value as number);
    case 'levels': {
      const { ticks, lots, starts } = column as unknown as LevelsColumn;
      return Array.from({ length: starts[row + 1] - starts[row] }, (_, entry) => [
        decimal(ticks[starts[row] + entry], type.price, columns, row),
        decimal(lots[starts[row] + entry], type.quantity, columns, row),
      ]);
    }
  }
}

function decimal(count: number, type: CountType, columns: Rows, row: number): unknown {
  const { decimals, step } = gridOf(type, columns, row);
  const text = textFromScaled(count * step, decimals);
  return type.form === 'number' ? raw(text) : text;
}

function gridOf({ scale }: CountType, columns: Rows, row: number): DecimalScale {
  if (typeof scale === 'number') return { decimals: scale, step: 1 };
  if (typeof scale === 'string') {
    const [whole, fraction = ''] = scale.replace(/(\.\d*?)0+$/, '$1').split('.');
    return { decimals: fraction.length, step: Number(whole + fraction) };
  }
  if (!('by' in scale)) return scale;
  return scale.scales[(columns.fields[scale.by] as Int32Array)[row]] as DecimalScale;
}

/** A number with exactly these digits. */
function raw(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
