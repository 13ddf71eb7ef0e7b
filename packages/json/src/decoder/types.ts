import type { TextDictionary } from './text-dictionary.ts';

/** The grid of a price or a quantity: a count `n` stands for `n × step / 10^decimals`. Tick 0.5 is `{ decimals: 1, step: 5 }`. */
export interface DecimalScale {
  readonly decimals: number;
  readonly step: number;
}

/** A scale per text of another field: `{ by: 'symbol', scales }`, read anew for every message, at the text's integer. */
export interface ScaleByText {
  /** Name of a text field that the schema states before this one. */
  readonly by: string;
  readonly scales: readonly (DecimalScale | undefined)[];
}

/** Decimals (`1`), the size of a tick or lot as venues write it (`'0.10'`), a grid, or one per text of another field. */
export type ScaleSource = number | string | DecimalScale | ScaleByText;

/** Whether a number stands in the message as a JSON number, as a decimal text, or either. */
export type NumberForm = 'any' | 'number' | 'text';

export interface F64Type {
  readonly kind: 'f64';
}
export interface I64Type {
  readonly kind: 'i64';
  readonly as: 'bigint';
  readonly form: NumberForm;
}
export interface SafeIntegerType {
  readonly kind: 'i64';
  readonly as: 'number';
  readonly form: NumberForm;
}
/** Ticks and lots: an exact integer count of a scale. */
export interface CountType {
  readonly kind: 'count';
  readonly scale: ScaleSource;
  readonly signed: boolean;
  readonly form: NumberForm;
}

/** Options of ticks and lots. */
export interface CountOptions {
  /** Admits negative counts. Default: false. */
  readonly signed?: boolean | undefined;
  /** Default: 'any'. */
  readonly form?: NumberForm | undefined;
}
export interface BoolType {
  readonly kind: 'bool';
}
export interface EnumType<Value extends string = string> {
  readonly kind: 'enum';
  readonly values: readonly Value[];
}
export interface TextType {
  readonly kind: 'text';
  readonly dictionary: TextDictionary;
}
export interface LevelsType {
  readonly kind: 'levels';
  readonly price: CountType;
  readonly quantity: CountType;
}

/** What a field holds; made by {@link field}. */
export type FieldType = F64Type | I64Type | SafeIntegerType | CountType | BoolType | EnumType | TextType | LevelsType;

/** Price levels in the shape that `@perf/structures` takes: entry `i < length` is `lots[i]` at `ticks[i]`. */
export interface Levels {
  ticks: Float64Array;
  lots: Float64Array;
  length: number;
}

/** What a field of a record is. An enum is its text, a dictionary text its integer. */
export type FieldValue<Type> = Type extends I64Type
  ? bigint
  : Type extends F64Type | SafeIntegerType | CountType | TextType
    ? number
    : Type extends BoolType
      ? boolean
      : Type extends EnumType<infer Value>
        ? Value
        : Type extends LevelsType
          ? Levels
          : never;

/** One field: where it is and what it holds. */
export interface FieldSpec<Type extends FieldType = FieldType> {
  /** The key, or the keys from the outside in: `['data', 'p']`. A key is taken as it is, dots and all. */
  readonly path: string | readonly string[];
  readonly type: Type;
  /** Stands for a field that is missing or null; without it such a message is refused. For levels: `[]`. */
  readonly default?: (Type extends LevelsType ? readonly [] : FieldValue<Type>) | undefined;
}

/** Field names → where and what, in the order in which the messages usually have them. */
export type Schema = { readonly [name: string]: FieldSpec };

/** Schemas by the text of a field that tells the kind of a message; made by {@link union}. */
export interface Union<Kinds extends { readonly [kind: string]: Schema } = { readonly [kind: string]: Schema }> {
  readonly discriminator: readonly string[];
  readonly kinds: Kinds;
}

export type AnySchema = Schema | Union;

/** The record of a schema; of a union: `kind`, and a record under the name of every kind. */
export type RecordOf<S extends AnySchema> =
  S extends Union<infer Kinds>
    ? { kind: keyof Kinds & string } & { readonly [Kind in keyof Kinds]: FieldsOf<Kinds[Kind]> }
    : S extends Schema
      ? FieldsOf<S>
      : never;

type FieldsOf<S extends Schema> = { -readonly [Name in keyof S]: FieldValue<S[Name]['type']> };

/** Levels of many rows: row `r` has the entries from `starts[r]` up to `starts[r + 1]`. */
export interface LevelsColumn {
  ticks: Float64Array;
  lots: Float64Array;
  readonly starts: Uint32Array;
}

export type FieldColumn<Type> = Type extends I64Type
  ? BigInt64Array
  : Type extends F64Type | SafeIntegerType | CountType
    ? Float64Array
    : Type extends BoolType | EnumType
      ? Uint8Array
      : Type extends TextType
        ? Int32Array
        : Type extends LevelsType
          ? LevelsColumn
          : never;

/** Typed arrays of `capacity` rows, one per field, of which `length` are filled. A union has none. */
export type ColumnsOf<S extends AnySchema> = S extends Union
  ? never
  : S extends Schema
    ? {
        readonly capacity: number;
        length: number;
        readonly fields: { readonly [Name in keyof S]: FieldColumn<S[Name]['type']> };
      }
    : never;

/** Makers of field types. */
export interface Fields {
  /** A double, from a number or a decimal text. */
  f64(): F64Type;
  /** An integer from −2^63 to 2^63 − 1, from a number or a decimal text: a bigint, or with `as: 'number'` a safe integer. */
  i64(options?: { readonly as?: 'bigint' | undefined; readonly form?: NumberForm | undefined }): I64Type;
  i64(options: { readonly as: 'number'; readonly form?: NumberForm | undefined }): SafeIntegerType;
  /** A price as an exact count of ticks, from a decimal text or a number; refused when finer. */
  ticks(scale: ScaleSource, options?: CountOptions): CountType;
  /** A quantity as an exact count of lots: the same as {@link Fields.ticks} under the name of the other unit. */
  lots(scale: ScaleSource, options?: CountOptions): CountType;
  bool(): BoolType;
  /** One of at most 256 texts. In columns: its place in the list. */
  enum<const Value extends string>(values: readonly Value[]): EnumType<Value>;
  /** Any text as the integer that the dictionary has for it. */
  text(dictionary: TextDictionary): TextType;
  /** An array of `[price, quantity]`; what a row has beyond the two is skipped. */
  levels(levels: { readonly price: CountType; readonly quantity: CountType }): LevelsType;
}

function i64(options?: { readonly as?: 'bigint' | undefined; readonly form?: NumberForm | undefined }): I64Type;
function i64(options: { readonly as: 'number'; readonly form?: NumberForm | undefined }): SafeIntegerType;
function i64(
  options: { readonly as?: 'bigint' | 'number' | undefined; readonly form?: NumberForm | undefined } = {},
): I64Type | SafeIntegerType {
  const { as = 'bigint', form = 'any' } = options;
  return as === 'number' ? { kind: 'i64', as, form } : { kind: 'i64', as, form };
}

function count(scale: ScaleSource, { signed = false, form = 'any' }: CountOptions = {}): CountType {
  return { kind: 'count', scale, signed, form };
}

/** Makers of field types: `field.ticks('0.10')`, `field.enum(['BUY', 'SELL'])`. They are checked by `decoder`. */
export const field: Fields = {
  f64: () => ({ kind: 'f64' }),
  i64,
  ticks: count,
  lots: count,
  bool: () => ({ kind: 'bool' }),
  enum: (values) => ({ kind: 'enum', values }),
  text: (dictionary) => ({ kind: 'text', dictionary }),
  levels: (parts) => ({ kind: 'levels', price: parts?.price, quantity: parts?.quantity }),
};

/**
 * Messages of several kinds: `union('e', { depthUpdate: {…}, aggTrade: {…} })`. The first argument is the path of the text
 * that tells the kind.
 */
export function union<const Kinds extends { readonly [kind: string]: Schema }>(
  discriminator: string | readonly string[],
  kinds: Kinds,
): Union<Kinds> {
  return { discriminator: typeof discriminator === 'string' ? [discriminator] : discriminator, kinds };
}

export function isUnion(schema: AnySchema): schema is Union {
  const { discriminator, kinds } = schema as Partial<Union>;
  return Array.isArray(discriminator) && typeof kinds === 'object';
}
