import type { NaiveShape } from './naive-decode.ts';
import { textDictionary } from '../text-dictionary.ts';
import { field, union, type AnySchema, type FieldSpec, type FieldType, type Schema } from '../types.ts';

export type Below = (bound: number) => number;

/** A schema, the same for the naive twin, and messages that fit it more or less. */
export interface RandomCase {
  readonly schema: AnySchema;
  readonly shape: NaiveShape;
  message(): Buffer;
}

type Node = { readonly raw: string } | { readonly members: [string, Node][] } | { readonly items: Node[] };

const PLAIN_KEYS = ['e', 'p', 'q', 's', 'E', 'T', 'price', 'data', 'a.b', '', 'ü', '__proto__', 'constructor', '}'];
const ALL_KEYS = [...PLAIN_KEYS, 'a"b', 'x\\y'];
const NUMBERS = [
  '0',
  '-0',
  '1',
  '5',
  '-5',
  '61800.20',
  '61800.25',
  '0.1',
  '0.001',
  '1e2',
  '1E-2',
  '12.50',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740991',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '123456789012345678',
  '1234567890123456789',
  '1e400',
  '1.000',
  '100e-2',
  '1e0005',
  '0.30000000000000004',
  '75',
  '1723161256299',
  '999999999',
  '1000000000',
  '9999999999',
  '123456789.123456789',
  '4.35',
  '5e-324',
  '1e22',
  '0.5',
  '900719925474099.1',
  '12345678901234567.5',
  '0.0000000000000001',
];
const TEXT_NUMBERS = [
  ...NUMBERS,
  '007',
  '00.50',
  '',
  '.',
  '5.',
  '.5',
  'NaN',
  ' 1',
  '0x10',
  '+1',
  '-',
  '١',
  '1.2.3',
  '0'.repeat(401),
];
const TEXTS = ['A', 'B', 'C', 'BUY', 'SELL', '', 'Ü', 'a"b', 'x\\y', 'A ', '\ud800', '\u0001', 'BTCUSDT'];
const ENUM = ['BUY', 'SELL', '', 'Ü', 'a"b', 'A'];

/** Deterministic for a stream of random numbers. */
export function randomCase(below: Below): RandomCase {
  const pick = <T>(from: readonly T[]): T => from[below(from.length)];
  const chance = (percent: number): boolean => below(100) < percent;
  const KEYS = chance(70) ? PLAIN_KEYS : ALL_KEYS;
  const closed = textDictionary(['A', 'B', 'BUY', 'Ü', 'x\\y'], { closed: true });
  const open = textDictionary(['A']);
  const within = chance(30) ? [pick(KEYS)] : [];
  const maxLevels = 1 + below(5) + (chance(50) ? 200 : 0);
  const shape = { within, maxLevels, maxTextEntries: 1 + below(6) };

  const formOf = (): 'any' | 'number' | 'text' => (chance(70) ? 'any' : pick(['number', 'text'] as const));
  const scaleTypes = (texts: readonly string[]): FieldType => {
    const signed = chance(30);
    const form = formOf();
    if (texts.length > 0 && chance(40)) {
      const scales = [{ decimals: 1, step: 1 }, { decimals: 3, step: 5 }, undefined];
      return field.ticks({ by: pick(texts), scales }, { signed, form });
    }
    return field.lots(pick([1, 2, 3, 4, 5, 8, 9, 16, '0.10', '0.5', '25', { decimals: 2, step: 1 }] as const), {
      signed,
      form,
    });
  };
  const typeOf = (texts: readonly string[]): FieldType => {
    switch (below(9)) {
      case 0:
        return field.f64();
      case 1:
        return field.i64({ form: formOf() });
      case 2:
        return field.i64({ as: 'number', form: formOf() });
      case 3:
        return field.bool();
      case 4:
        return field.enum(ENUM.slice(0, 1 + below(ENUM.length)));
      case 5:
        return field.text(chance(50) ? closed : open);
      case 6:
        return field.levels({ price: scaleTypes(texts) as never, quantity: scaleTypes(texts) as never });
      default:
        return scaleTypes(texts);
    }
  };
  const defaultOf = (type: FieldType): unknown => {
    if (type.kind === 'bool') return false;
    if (type.kind === 'enum') return type.values[0];
    if (type.kind === 'levels') return [];
    if (type.kind === 'text') return -1;
    return type.kind === 'i64' && type.as === 'bigint' ? -1n : Number.NaN;
  };
  const makeSchema = (taken: string): Schema => {
    const schema: Record<string, FieldSpec> = {};
    const texts: string[] = [];
    for (let index = below(7); index >= 0; index--) {
      const path = chance(70) ? [pick(KEYS)] : [pick(KEYS), pick(KEYS)];
      if (path.join('/') === taken) continue;
      const name = pick(['price', 'x', 'constructor', `f${index}`]) + index;
      const type = typeOf(texts);
      // What a new text of an open dictionary has for a scale depends on which decoder meets it first.
      if (type.kind === 'text' && type.dictionary.closed) texts.push(name);
      const isOptional = chance(30);
      schema[name] = {
        path: path.length === 1 && chance(50) ? path[0] : path,
        type,
        ...(isOptional ? { default: defaultOf(type) as never } : {}),
      };
    }
    return schema;
  };

  const isUnion = chance(40);
  const discriminator = isUnion ? [pick(KEYS)] : undefined;
  const kinds: Record<string, Schema> = isUnion
    ? { trade: makeSchema((discriminator as string[])[0]), 'depth"': makeSchema((discriminator as string[])[0]), Ü: {} }
    : { '': makeSchema('\0') };
  const schema: AnySchema = isUnion ? union(discriminator as string[], kinds) : kinds[''];

  // Messages as trees, so that members can be repeated and moved.
  const text = (value: string): Node => ({ raw: quoted(value, chance(8)) });
  const anything = (): Node =>
    pick<() => Node>([
      () => ({ raw: pick(['null', 'true', 'false', '-1.5e3', '0', '""']) }),
      () => text(pick(TEXTS)),
      () => ({ items: Array.from({ length: below(3) }, anything) }),
      () => ({ members: Array.from({ length: below(3) }, () => [pick([...KEYS, 'zz']), anything()]) }),
    ])();
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  // Every length has its own way through the code that reads four digits at a time.
  const ofAnyLength = (): string => {
    const whole = `${1 + below(9)}${digits(below(20))}`;
    const start = `${chance(10) ? '-' : ''}${chance(30) ? '0' : whole}`;
    return chance(50) ? start : `${start}.${digits(1 + below(12))}${'0'.repeat(chance(50) ? 0 : below(6))}`;
  };
  const number = (): Node => {
    if (chance(60)) {
      const usual = chance(30) ? ofAnyLength() : (below(1_000_000) / 10 ** below(4)).toString();
      return chance(70) ? { raw: `"${usual}"` } : { raw: usual };
    }
    return chance(60) ? { raw: quoted(pick(TEXT_NUMBERS), chance(10)) } : { raw: pick(NUMBERS) };
  };
  const valueOf = (type: FieldType): Node => {
    if (chance(4)) return anything();
    switch (type.kind) {
      case 'bool':
        return { raw: pick(['true', 'false']) };
      case 'enum':
        return text(chance(90) ? pick(type.values) : pick(TEXTS));
      case 'text':
        return text(chance(80) ? pick(['A', 'B']) : pick(TEXTS));
      case 'levels':
        return {
          items: Array.from({ length: chance(5) ? 150 : below(5) }, () =>
            chance(3) ? anything() : { items: Array.from({ length: chance(5) ? below(4) : 2 }, number) },
          ),
        };
      default:
        return number();
    }
  };
  const put = (members: [string, Node][], path: readonly string[], value: Node): void => {
    const [key, ...rest] = path;
    if (rest.length === 0) {
      members.push([key, value]);
      return;
    }
    const found = members.findLast(([name, node]) => name === key && 'members' in node)?.[1] as
      | { members: [string, Node][] }
      | undefined;
    const inner = found ?? { members: [] };
    if (found === undefined) members.push([key, inner]);
    put(inner.members, rest, value);
  };
  const disturb = (members: [string, Node][]): void => {
    if (chance(15)) members.splice(below(members.length + 1), 0, [pick([...KEYS, 'zz', 'M']), anything()]);
    if (chance(4) && members.length > 1) members.splice(below(members.length), 1);
    if (chance(4) && members.length > 0) members.push([pick(members)[0], anything()]);
    if (chance(6)) members.sort(() => below(3) - 1);
    for (const [, node] of members) if ('members' in node) disturb(node.members);
  };
  const message = (): Buffer => {
    const kind = chance(95) ? pick(Object.keys(kinds)) : pick(TEXTS);
    const members: [string, Node][] = [];
    if (discriminator !== undefined) put(members, [...within, ...discriminator], text(kind));
    for (const { path, type, default: fallback } of Object.values(kinds[kind] ?? {})) {
      const keys = typeof path === 'string' ? [path] : path;
      if (fallback !== undefined && chance(40)) {
        if (chance(50)) put(members, [...within, ...keys], { raw: 'null' });
        continue;
      }
      put(members, [...within, ...keys], valueOf(type));
    }
    const isUsual = chance(50);
    if (!isUsual) disturb(members);
    const spaces = isUsual ? 0 : below(3) * 10;
    const escapes = isUsual ? 0 : below(2) * 10;
    return Buffer.from(chance(98) ? write({ members }) : write(anything()));

    function write(node: Node): string {
      if ('raw' in node) return space() + node.raw + space();
      if ('items' in node) return `${space()}[${node.items.map(write).join(',') || space()}]${space()}`;
      const inner = node.members.map(
        ([key, value]) => `${space()}${quoted(key, chance(escapes))}${space()}:${write(value)}`,
      );
      return `${space()}{${inner.join(',') || space()}}${space()}`;
    }
    function space(): string {
      return chance(spaces) ? pick([' ', '\n', '\t', '\r\n  ', '        ']) : '';
    }
  };
  return { schema, shape: { ...shape, discriminator, kinds }, message };
}

/** A string of JSON, every character as an escape where asked. */
function quoted(text: string, isEscaped: boolean): string {
  if (!isEscaped) return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
