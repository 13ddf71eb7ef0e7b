import type { PlannedField } from '../decoder/plan.ts';
import type { FieldType, LevelsColumn } from '../decoder/types.ts';
import { JsonError } from '../errors.ts';
import { NULL } from '../scan-tokens.ts';
import { runOf, writeRun } from './run.ts';
import { REFUSED } from './refused.ts';
import type { Rows, RowsProgress } from './rows.ts';

const NULL_RUN = runOf(NULL);

/** What happens to NaN and the infinities. */
type NotFinite = 'throw' | 'null';

/**
 * Values that have no text in the form of their field. The default of a field that may be missing is written as null,
 * which decoders read as the default: so columns of optional fields come back as they were. Anything else is an error.
 */
export class Unwritable {
  readonly #fields: readonly PlannedField[];
  readonly #notFinite: NotFinite;
  readonly #caller: string;

  constructor(fields: readonly PlannedField[], notFinite: NotFinite, caller: string) {
    this.#fields = fields;
    this.#notFinite = notFinite;
    this.#caller = caller;
  }

  /** Writes null and returns its end, or throws. `begin` is where the row was begun, `refusal` what the writer returned. */
  replace(
    index: number,
    refusal: number,
    columns: Rows,
    row: number,
    begin: number,
    view: DataView,
    at: number,
    progress: RowsProgress,
  ): number {
    const field = this.#fields[index];
    if (this.#isNull(field, columns, row)) return writeRun(view, at, NULL_RUN);
    progress.row = row;
    progress.at = begin;
    const { name, type } = field;
    const column = columns.fields[name];
    const found =
      type.kind === 'levels'
        ? levelsFound(column as LevelsColumn, row, REFUSED - refusal)
        : String((column as ArrayLike<unknown>)[row]);
    const expected = EXPECTED[type.kind];
    throw new JsonError(
      'ERR_PERF_JSON_VALUE',
      `${this.#caller}: row ${row}, field "${name}": expected ${expected}, found ${found}: ${ADVICE[type.kind]}`,
      { row, field: name, expected, found },
    );
  }

  #isNull({ name, type, isOptional, fallback }: PlannedField, columns: Rows, row: number): boolean {
    const column = columns.fields[name];
    if (type.kind === 'levels') {
      const { starts } = column as LevelsColumn;
      return isOptional && starts[row] === starts[row + 1];
    }
    const value = (column as ArrayLike<unknown>)[row];
    if (isOptional && (value === fallback || Object.is(value, fallback))) return true;
    return this.#notFinite === 'null' && typeof value === 'number' && !Number.isFinite(value);
  }
}

function levelsFound({ ticks, lots, starts }: LevelsColumn, row: number, entry: number): string {
  const [first, last] = [starts[row], starts[row + 1]];
  if (last < first) return `entries from ${first} to ${last}`;
  if (first + entry >= last) return 'levels without a known scale';
  return `${ticks[first + entry]} and ${lots[first + entry]} as entry ${entry}`;
}

const EXPECTED: Readonly<Record<FieldType['kind'], string>> = {
  f64: 'a finite number',
  i64: 'a safe integer',
  count: 'a whole count that is exact at a known scale',
  bool: 'true or false',
  enum: 'the place of a text in the enum',
  text: 'the integer of a text in the dictionary',
  levels: 'whole counts that are exact at known scales',
};

const FINITE = "notFinite: 'null' writes null for NaN and infinities";
const COUNTS = 'mark the field as signed if negative counts are right, and check its scale';
const ADVICE: Readonly<Record<FieldType['kind'], string>> = {
  f64: FINITE,
  i64: FINITE,
  count: COUNTS,
  bool: 'use 0 and 1',
  enum: 'compare the column with the schema',
  text: 'compare the column with the dictionary',
  levels: COUNTS,
};
