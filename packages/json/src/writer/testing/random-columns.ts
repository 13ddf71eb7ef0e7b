import { textDictionary } from '../../decoder/text-dictionary.ts';
import {
  field,
  type CountType,
  type FieldSpec,
  type FieldType,
  type NumberForm,
  type Schema,
} from '../../decoder/types.ts';
import type { Rows } from '../rows.ts';
import { randomDouble, randomWord, type Below } from './random-numbers.ts';

/** A schema and columns of it that can be written. */
export interface RandomColumns {
  readonly schema: Schema;
  readonly within: readonly string[];
  readonly columns: Rows;
}

const KEYS = ['p', 'q', 'price', 'ü', 'a"b', 'x\\y', '__proto__', '', '\u0001', 'a.b', 'toJSON', 'eventTimeMs'];
const TEXTS = ['BTCUSDT', 'ETH', '', 'Ü', 'a"b', 'x\\y', '\n', '\u2028', '😀', 'x'.repeat(70)];
const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** Deterministic for a stream of random numbers. */
export function randomColumns(below: Below): RandomColumns {
  const chance = (percent: number): boolean => below(100) < percent;
  const pick = <T>(from: readonly T[]): T => from[below(from.length)];
  const keys = [...KEYS].sort(() => below(3) - 1);
  const parent = keys.pop() as string;
  const length = below(12);
  const dictionary = textDictionary(TEXTS);
  const schema: Record<string, FieldSpec> = {};
  const fields: Record<string, unknown> = {};
  const texts: string[] = [];
  const form = (): NumberForm => pick(['any', 'number', 'text']);

  const countType = (): CountType => {
    const options = { signed: chance(40), form: form() };
    if (texts.length > 0 && chance(30)) {
      const scales = TEXTS.map((_, index) => ({ decimals: index * 3, step: 1 + (index % 2) * 4 }));
      return field.ticks({ by: pick(texts), scales }, options);
    }
    // The first ten are written in place by generated code, but for the last.
    const decimals = [below(10), pick([15, 16, 17, 30])][chance(80) ? 0 : 1];
    return field.lots(pick([decimals, decimals, '0.10', '0.5', '25', { decimals, step: 7 }]), options);
  };
  const stepOf = ({ scale }: CountType): number => {
    if (typeof scale === 'object') return 'by' in scale ? 5 : scale.step;
    return typeof scale === 'string' ? 25 : 1;
  };
  const count = (type: CountType): number => {
    const most = Math.floor(MAX_SAFE / stepOf(type));
    const size = chance(20) ? most - below(3) : Math.floor(randomWord(below) / 10 ** below(10)) % (most + 1);
    return type.signed && size > 0 && chance(50) ? -size : size;
  };
  const typeOf = (): FieldType => {
    switch (below(9)) {
      case 0:
        return field.i64({ form: form() });
      case 1:
        return field.i64({ as: 'number', form: form() });
      case 2:
        return field.bool();
      case 3:
        return field.enum(TEXTS.slice(0, 1 + below(TEXTS.length)));
      case 4:
        return field.text(dictionary);
      case 5:
        return field.levels({ price: countType(), quantity: countType() });
      case 6:
        return countType();
      default:
        return field.f64();
    }
  };
  const column = (type: FieldType): unknown => {
    const rows = { length: length + below(2) };
    switch (type.kind) {
      case 'f64':
        return Float64Array.from(rows, () => randomDouble(below));
      case 'i64': {
        const word = (): bigint => {
          const bits = BigInt.asIntN(64, (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32)));
          return chance(15)
            ? pick([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, -(2n ** 32n)])
            : bits >> BigInt(below(64));
        };
        if (type.as === 'bigint') return BigInt64Array.from(rows, word);
        return Float64Array.from(rows, () => (chance(50) ? 1 : -1) * randomWord(below) || 0);
      }
      case 'count':
        return Float64Array.from(rows, () => count(type));
      case 'bool':
        return Uint8Array.from(rows, () => below(2));
      case 'enum':
        return Uint8Array.from(rows, () => below(type.values.length));
      case 'text':
        return Int32Array.from(rows, () => below(TEXTS.length));
      case 'levels': {
        const starts = new Uint32Array(length + 1);
        for (let row = 0; row < length; row++) starts[row + 1] = starts[row] + (chance(5) ? 40 : below(4));
        const entries = { length: starts[length] };
        const ticks = Float64Array.from(entries, () => count(type.price));
        return { ticks, lots: Float64Array.from(entries, () => count(type.quantity)), starts };
      }
    }
  };

  for (let index = below(7); index > 0; index--) {
    const name = `${pick(['price', 'x', 'constructor'])}${index}`;
    const key = keys.pop() as string;
    const type = typeOf();
    if (type.kind === 'text') texts.push(name);
    const values = column(type);
    const isMissing = (type.kind === 'f64' || type.kind === 'count') && chance(30);
    if (isMissing) for (let row = 0; row < length; row++) if (chance(30)) (values as Float64Array)[row] = Number.NaN;
    const path = chance(30) ? [parent, key] : chance(50) ? [key] : key;
    schema[name] = { path, type, ...(isMissing ? { default: Number.NaN } : {}) };
    fields[name] = values;
  }
  return { schema, within: chance(30) ? [pick(KEYS)] : [], columns: { length, fields } };
}
