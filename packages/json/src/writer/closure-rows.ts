import type { LevelsColumn } from '../decoder/types.ts';
import { FALSE, QUOTE, TRUE } from '../scan-tokens.ts';
import { writeCount, type CountForm } from './count.ts';
import { wordsOf, writeInt64 } from './int64.ts';
import type { Layout } from './layout.ts';
import { MAX_LEVEL_BYTES, writeLevels } from './levels.ts';
import { REFUSED } from './refused.ts';
import type { Rows, RowsWriter } from './rows.ts';
import { runOf, writeRun, type Run } from './run.ts';
import type { Unwritable } from './unwritable.ts';
import { fixedRoom, type CountSource, type ValueForm } from './value-form.ts';

const FALSE_RUN = runOf(FALSE);
const TRUE_RUN = runOf(TRUE);

type Fields = Rows['fields'];
/** Writes the value of a row and returns the end, or a refusal. */
type ValueWriter = (view: DataView, at: number, row: number) => number;
/** The bytes that the value of a row may need beyond `fixedRoom`. */
type ExtraBytes = (row: number) => number;

/** Writes rows without generated code: a closure per field, bound to the columns in each call. */
export function closureRows(layout: Layout, forms: readonly ValueForm[], unwritable: Unwritable): RowsWriter {
  const places = layout.places.map(({ field, before }) => ({ field, before: runOf(before) }));
  const after = runOf(layout.after);
  const fixed = fixedRoom(layout, forms);
  return (columns, from, end, view, start, limit, progress) => {
    const { fields } = columns;
    const writers = places.map(({ field }) => valueWriter(forms[field.index], field.name, fields));
    const extras = places.flatMap(({ field }) => extraBytes(forms[field.index], field.name, fields) ?? []);
    let at = start;
    let row = from;
    for (; row < end; row++) {
      let room = fixed;
      for (const extra of extras) room += extra(row);
      if (at + room > limit) {
        progress.room = room;
        break;
      }
      const begin = at;
      for (let place = 0; place < places.length; place++) {
        const { before, field } = places[place];
        at = writeRun(view, at, before);
        const to = writers[place](view, at, row);
        at = to < 0 ? unwritable.replace(field.index, to, columns, row, begin, view, at, progress) : to;
      }
      at = writeRun(view, at, after);
    }
    progress.row = row;
    return at;
  };
}

function valueWriter(form: ValueForm, name: string, fields: Fields): ValueWriter {
  switch (form.kind) {
    case 'double': {
      const column = fields[name] as Float64Array;
      form.column.begin();
      return (view, at, row) => form.column.write(view, at, column, row);
    }
    case 'int64': {
      const words = wordsOf(fields[name] as BigInt64Array);
      return form.isQuoted
        ? (view, at, row) => {
            view.setUint8(at, QUOTE);
            const end = writeInt64(view, at + 1, words, row);
            view.setUint8(end, QUOTE);
            return end + 1;
          }
        : (view, at, row) => writeInt64(view, at, words, row);
    }
    case 'count': {
      const column = fields[name] as Float64Array;
      const formOf = countFormOf(form.count, fields);
      return (view, at, row) => {
        const count = formOf(row);
        return count === undefined ? REFUSED : writeCount(view, at, column[row], count);
      };
    }
    case 'bool': {
      const column = fields[name] as Uint8Array;
      return (view, at, row) => writeRun(view, at, column[row] === 0 ? FALSE_RUN : TRUE_RUN);
    }
    case 'enum': {
      const column = fields[name] as Uint8Array;
      return (view, at, row) => writeText(view, at, form.texts[column[row]]);
    }
    case 'text': {
      const column = fields[name] as Int32Array;
      return (view, at, row) => writeText(view, at, form.texts.at(column[row]));
    }
    case 'levels': {
      const column = fields[name] as LevelsColumn;
      const priceOf = countFormOf(form.price, fields);
      const quantityOf = countFormOf(form.quantity, fields);
      return (view, at, row) => {
        const price = priceOf(row);
        const quantity = quantityOf(row);
        if (price === undefined || quantity === undefined) return REFUSED;
        return writeLevels(view, at, column, row, price, quantity);
      };
    }
  }
}

function countFormOf(source: CountSource, fields: Fields): (row: number) => CountForm | undefined {
  const { fixed } = source;
  if (fixed !== undefined) return () => fixed;
  const texts = fields[source.by] as Int32Array;
  return (row) => source.forms.formOf(texts[row]);
}

function writeText(view: DataView, at: number, text: Run | undefined): number {
  return text === undefined ? REFUSED : writeRun(view, at, text);
}

function extraBytes(form: ValueForm, name: string, fields: Fields): ExtraBytes | undefined {
  if (form.kind === 'text') {
    const column = fields[name] as Int32Array;
    return (row) => form.texts.at(column[row])?.length ?? 0;
  }
  if (form.kind === 'levels') {
    const { starts } = fields[name] as LevelsColumn;
    return (row) => Math.max(0, starts[row + 1] - starts[row]) * MAX_LEVEL_BYTES;
  }
  return undefined;
}
