// The naive twin of the decoders: JSON.parse with the source text of numbers, and BigInt. Right by inspection.
import type { DecodeReason } from '../reasons.ts';
import type { CountType, DecimalScale, FieldSpec, Schema } from '../types.ts';
import type { TextDictionary } from '../text-dictionary.ts';

/** What a message holds: texts of dictionaries as texts, levels as pairs. */
export interface NaiveResult {
  readonly reason: DecodeReason;
  readonly kind?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface NaiveShape {
  readonly within: readonly string[];
  readonly discriminator: readonly string[] | undefined;
  readonly kinds: Readonly<Record<string, Schema>>;
  readonly maxLevels: number;
  readonly maxTextEntries: number;
}

class Refused extends Error {
  readonly reason: DecodeReason;
  constructor(reason: DecodeReason) {
    super(reason);
    this.reason = reason;
  }
}

class SourceNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function naiveDecode(bytes: Uint8Array, shape: NaiveShape): NaiveResult {
  let root: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Which of the two it is depends on which fault comes first; the validators have tests of that.
    return { reason: 'utf8' };
  }
  try {
    root = JSON.parse(text, withSources as (key: string, value: unknown) => unknown);
  } catch {
    return { reason: 'syntax' };
  }
  let kind = '';
  if (shape.discriminator !== undefined) {
    const found = at(root, [...shape.within, ...shape.discriminator]);
    if (typeof found !== 'string' || !Object.hasOwn(shape.kinds, found)) return { reason: 'kind' };
    kind = found;
  }
  try {
    return { reason: 'ok', kind, values: fieldsOf(root, shape.kinds[kind], shape) };
  } catch (error) {
    if (error instanceof Refused) return { reason: error.reason, kind };
    throw error;
  }
}

function withSources(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' ? new SourceNumber(context.source as string) : value;
}

function at(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof SourceNumber) {
      return undefined;
    }
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function fieldsOf(root: unknown, schema: Schema, shape: NaiveShape): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const added = new Map<TextDictionary, Set<string>>();
  for (const [name, spec] of Object.entries(schema)) {
    const path = typeof spec.path === 'string' ? [spec.path] : spec.path;
    const value = at(root, [...shape.within, ...path]);
    if (spec.default !== undefined && (value === undefined || value === null)) values[name] = spec.default;
    else if (value === undefined) throw new Refused('missing');
    else values[name] = valueOf(value, spec, values, shape);
    if (spec.type.kind === 'text' && typeof values[name] === 'number') {
      values[name] = spec.type.dictionary.textOf(values[name] as number) ?? values[name];
    }
  }
  for (const [name, { type }] of Object.entries(schema)) {
    const text = values[name];
    if (type.kind !== 'text' || typeof text !== 'string' || type.dictionary.indexOf(text) >= 0) continue;
    const texts = added.get(type.dictionary) ?? new Set();
    if (/\p{Surrogate}/u.test(text)) throw new Refused('unknown');
    if (!texts.has(text) && type.dictionary.size + texts.size >= shape.maxTextEntries) throw new Refused('limit');
    added.set(type.dictionary, texts.add(text));
  }
  return values;
}

function valueOf(value: unknown, { type }: FieldSpec, values: Record<string, unknown>, shape: NaiveShape): unknown {
  switch (type.kind) {
    case 'f64': {
      const text = numberText(value);
      if (text.length > 400 || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw new Refused('number');
      if (!Number.isFinite(Number(text))) throw new Refused('range');
      return Number(text);
    }
    case 'i64': {
      const whole = exact(numberText(value, type.form), 0);
      if (type.as === 'number') return Number(safe(whole));
      if (whole < -(2n ** 63n) || whole >= 2n ** 63n) throw new Refused('range');
      return whole;
    }
    case 'count':
      return count(numberText(value, type.form), type, values);
    case 'bool':
      if (typeof value !== 'boolean') throw new Refused('type');
      return value;
    case 'enum':
      if (typeof value !== 'string') throw new Refused('type');
      if (!type.values.includes(value)) throw new Refused('unknown');
      return value;
    case 'text':
      if (typeof value !== 'string') throw new Refused('type');
      if (type.dictionary.closed && type.dictionary.indexOf(value) < 0) throw new Refused('unknown');
      return value;
    case 'levels':
      if (!Array.isArray(value)) throw new Refused('type');
      gridOf(type.price, values);
      gridOf(type.quantity, values);
      return (value as unknown[]).map((row, index) => {
        if (!Array.isArray(row)) throw new Refused('type');
        if (index >= shape.maxLevels) throw new Refused('limit');
        const price = count(numberText(row[0], type.price.form), type.price, values);
        return [price, count(numberText(row[1], type.quantity.form), type.quantity, values)];
      });
  }
}

function numberText(value: unknown, form = 'any'): string {
  if (form === (value instanceof SourceNumber ? 'text' : 'number')) throw new Refused('type');
  if (value instanceof SourceNumber) return value.text;
  if (typeof value !== 'string') throw new Refused('type');
  return value;
}

function gridOf({ scale }: CountType, values: Record<string, unknown>): DecimalScale {
  if (typeof scale === 'number') return { decimals: scale, step: 1 };
  if (typeof scale === 'string') {
    const [whole, fraction = ''] = scale.replace(/(\.\d*?)0+$/, '$1').split('.');
    return { decimals: fraction.length, step: Number(whole + fraction) };
  }
  if (!('by' in scale)) return scale;
  // The order of the closed dictionary of the tests.
  const grid = scale.scales[['A', 'B', 'BUY', 'Ü', 'x\\y'].indexOf(String(values[scale.by]))];
  if (grid === undefined) throw new Refused('unknown');
  return grid;
}

function count(text: string, type: CountType, values: Record<string, unknown>): number {
  const { decimals, step } = gridOf(type, values);
  const scaled = safe(exact(text, decimals));
  if (scaled % BigInt(step) !== 0n) throw new Refused('precision');
  if (scaled < 0n && !type.signed) throw new Refused('negative');
  return Number(scaled / BigInt(step));
}

function safe(value: bigint): bigint {
  const size = value < 0n ? -value : value;
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refused('range');
  return value;
}

function exact(text: string, decimals: number): bigint {
  const parts = text.length > 400 ? null : /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null) throw new Refused('number');
  const [, sign, whole, fraction = '', exponent = '0'] = parts;
  const shift = decimals + Number(exponent) - fraction.length;
  let value = BigInt(whole + fraction);
  if (shift >= 0) {
    value *= 10n ** BigInt(shift);
  } else {
    if (value % 10n ** BigInt(-shift) !== 0n) throw new Refused('precision');
    value /= 10n ** BigInt(-shift);
  }
  return sign === '-' ? -value : value;
}
