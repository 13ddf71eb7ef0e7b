// What generated scanners do with values: they are kept in locals, `v` and the place of the field, and written when the whole
// message is right; levels are written as they are read, and count when their number, `n` and the place, is written.

import { growLevelsColumn } from './columns.ts';
import type { PlannedField } from './plan.ts';
import { growLevels } from './read-value.ts';

/** Where the values of a message go. Every method gives text, in which `into` is the record or the columns. */
export interface Target {
  /** Before the first value. */
  head(fields: readonly PlannedField[]): string;
  /** What makes room for levels; `grow` in the text. */
  readonly growLevels: unknown;
  store(field: PlannedField): string;
  bool(value: boolean): string;
  /** The value of an enum by its place among the texts. */
  enum(values: readonly string[], place: number): string;
  /** The object that has the levels of a field. */
  levels(field: PlannedField): string;
  /** The place of its first level there. */
  firstLevel(field: PlannedField): string;
  /** What `grow` is told besides that object, when there is no room for level `count`. */
  growth(count: string, maxLevels: number): string;
}

export const RECORD: Target = {
  head: () => '',
  growLevels,
  store: (field) => {
    const { name, index, type } = field;
    return type.kind === 'levels' ? `${RECORD.levels(field)}.length = n${index};` : `${property(name)} = v${index};`;
  },
  bool: String,
  enum: (values, place) => JSON.stringify(values[place]),
  levels: ({ name }) => property(name),
  firstLevel: () => '0',
  growth: (_, maxLevels) => String(maxLevels),
};

/** The row behind those that are filled. */
export const ROW: Target = {
  head: (fields) => {
    // Columns that are gone have no length; who writes rows after the general scanner has the error for them.
    const rooms = fields.map((field) => {
      if (field.type.kind !== 'levels') return `fields[${JSON.stringify(field.name)}].length > row`;
      const column = ROW.levels(field);
      return `${column}.starts.length > row + 1 && ${column}.ticks.length > 0 && ${column}.lots.length > 0`;
    });
    const check = `if (!(${['true', ...rooms].join(' && ')})) return -1;`;
    return `const row = into.length, fields = into.fields; ${check}`;
  },
  growLevels: growLevelsColumn,
  store: (field) => {
    const { name, index, type } = field;
    if (type.kind === 'levels') return `${ROW.levels(field)}.starts[row + 1] = n${index};`;
    return `fields[${JSON.stringify(name)}][row] = v${index};`;
  },
  bool: (value) => (value ? '1' : '0'),
  enum: (_, place) => String(place),
  levels: ({ name }) => `fields[${JSON.stringify(name)}]`,
  firstLevel: (field) => `${ROW.levels(field)}.starts[row]`,
  growth: (count) => `${count} + 1`,
};

function property(name: string): string {
  return `into[${JSON.stringify(name)}]`;
}
