import type { PlannedField, PlannedScale } from '../decoder/plan.ts';
import type { TextDictionary } from '../decoder/text-dictionary.ts';
import {
  countForm,
  CountFormsByText,
  isQuotedDecimal,
  isQuotedInteger,
  MAX_COUNT_BYTES,
  type CountForm,
} from './count.ts';
import { DoubleColumn } from './double-column.ts';
import { MAX_DOUBLE_BYTES } from './double.ts';
import type { Layout } from './layout.ts';
import { QuotedTexts, quoted } from './quoted-texts.ts';
import { OVERRUN, type Run } from './run.ts';

/** The form of counts: one, or one per integer in the column of a text. */
export type CountSource =
  | { readonly fixed: CountForm }
  | { readonly fixed: undefined; readonly forms: CountFormsByText; readonly by: string };

/** How the values of a field are written. What they share between rows is made once per writer. */
export type ValueForm =
  | { readonly kind: 'double'; readonly column: DoubleColumn }
  | { readonly kind: 'int64'; readonly isQuoted: boolean }
  | { readonly kind: 'count'; readonly count: CountSource }
  | { readonly kind: 'bool' }
  | { readonly kind: 'enum'; readonly texts: readonly Run[] }
  | { readonly kind: 'text'; readonly texts: QuotedTexts }
  | { readonly kind: 'levels'; readonly price: CountSource; readonly quantity: CountSource };

/** `"-9223372036854775808"` */
const MAX_INT64_BYTES = 22;
/** What stands for a value that has no text. */
const NULL_BYTES = 4;
const FALSE_BYTES = 5;
const EMPTY_LEVELS_BYTES = 2;

/** The forms of all fields of a schema, by their index. */
export function valueForms(fields: readonly PlannedField[]): ValueForm[] {
  const dictionaries = new Map<TextDictionary, QuotedTexts>();
  return fields.map(({ type, scale, quantityScale }): ValueForm => {
    switch (type.kind) {
      case 'f64':
        return { kind: 'double', column: new DoubleColumn() };
      case 'i64': {
        const isQuoted = isQuotedInteger(type.form);
        if (type.as === 'bigint') return { kind: 'int64', isQuoted };
        return { kind: 'count', count: { fixed: countForm({ decimals: 0, step: 1 }, true, isQuoted) } };
      }
      case 'count':
        return { kind: 'count', count: countSource(scale as PlannedScale, fields) };
      case 'bool':
        return { kind: 'bool' };
      case 'enum':
        return { kind: 'enum', texts: type.values.map((value) => quoted(value)) };
      case 'text': {
        const texts = dictionaries.get(type.dictionary) ?? new QuotedTexts(type.dictionary);
        dictionaries.set(type.dictionary, texts);
        return { kind: 'text', texts };
      }
      case 'levels':
        return {
          kind: 'levels',
          price: countSource(scale as PlannedScale, fields),
          quantity: countSource(quantityScale as PlannedScale, fields),
        };
    }
  });
}

function countSource(scale: PlannedScale, fields: readonly PlannedField[]): CountSource {
  const { fixed, by, signed, form } = scale;
  if (fixed !== undefined) return { fixed: countForm(fixed, signed, isQuotedDecimal(form)) };
  return { fixed: undefined, forms: new CountFormsByText(scale), by: fields[by].name };
}

/** The most bytes of a row, but for what texts and the entries of levels add: their sizes hang on the row. */
export function fixedRoom({ places, after }: Layout, forms: readonly ValueForm[]): number {
  return places.reduce(
    (sum, { before, field }) => sum + before.length + maxBytes(forms[field.index]),
    after.length + OVERRUN,
  );
}

function maxBytes(form: ValueForm): number {
  switch (form.kind) {
    case 'double':
      return MAX_DOUBLE_BYTES;
    case 'int64':
      return MAX_INT64_BYTES;
    case 'count':
      return MAX_COUNT_BYTES;
    case 'bool':
      return FALSE_BYTES;
    case 'enum':
      return Math.max(NULL_BYTES, ...form.texts.map(({ length }) => length));
    case 'text':
      return NULL_BYTES;
    case 'levels':
      return NULL_BYTES + EMPTY_LEVELS_BYTES;
  }
}
