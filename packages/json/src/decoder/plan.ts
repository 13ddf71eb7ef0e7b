import { decimalsOf, integerOption, readOptions, booleanOption, anyOption, scaledFromText } from '@perf/internal';
import { optionError } from '../errors.ts';
import { KeyNode } from './key-node.ts';
import { isWellFormed, Texts } from './text-dictionary.ts';
import {
  isUnion,
  type AnySchema,
  type CountType,
  type DecimalScale,
  type FieldSpec,
  type FieldType,
  type NumberForm,
  type Schema,
} from './types.ts';

/** Limits of a decoder and how it works. */
export interface DecoderOptions {
  /** The path of an object that every other path starts from: `'data'` for `{"stream":…,"data":{…}}`. */
  readonly within?: string | readonly string[] | undefined;
  /** The most levels of one array. Default: 10,000. */
  readonly maxLevels?: number | undefined;
  /** The most texts that decoding lets an open dictionary grow to. Default: 10,000. */
  readonly maxTextEntries?: number | undefined;
  /** False: no scanner is generated. It is not where the process disallows it, either. Default: true. */
  readonly codeGeneration?: boolean | undefined;
}

/** A scale as it is read: fixed, or by the integer of another field. */
export interface PlannedScale {
  readonly fixed: DecimalScale | undefined;
  readonly scales: readonly (DecimalScale | undefined)[];
  /** The place of the text field among the fields, or −1. */
  readonly by: number;
  readonly signed: boolean;
  readonly form: NumberForm;
}

export interface PlannedField {
  readonly name: string;
  readonly index: number;
  readonly path: readonly string[];
  readonly type: FieldType;
  /** Where the position of the value is kept. */
  readonly slot: number;
  readonly isOptional: boolean;
  readonly fallback: unknown;
  /** Of a count, or of the prices of levels. */
  readonly scale: PlannedScale | undefined;
  /** Of the quantities of levels. */
  readonly quantityScale: PlannedScale | undefined;
}

export interface PlannedKind {
  /** The text of the discriminator; empty without a union. */
  readonly kind: string;
  readonly fields: readonly PlannedField[];
}

export interface Plan {
  /** The keys that all paths start with. */
  readonly within: readonly string[];
  readonly root: KeyNode;
  readonly slots: number;
  /** The path and slot of the discriminator, where there is one. */
  readonly discriminator: { readonly path: readonly string[]; readonly slot: number } | undefined;
  readonly kinds: readonly PlannedKind[];
  readonly maxLevels: number;
  readonly maxTextEntries: number;
  readonly codeGeneration: boolean;
}

const MAX_DECIMALS = 30;
const MAX_ENUM_VALUES = 256;

const RULES = {
  within: anyOption<string | readonly string[]>([], (value) => (isPath(value, 0) ? undefined : 'must be keys')),
  maxLevels: integerOption(10_000, 1),
  maxTextEntries: integerOption(10_000, 1),
  codeGeneration: booleanOption(true),
};

/** Checks a schema and lays it out. Throws `ERR_PERF_JSON_OPTION`. */
export function planOf(schema: AnySchema, given: DecoderOptions | undefined): Plan {
  const options = readOptions('decoder', given, RULES, (message) => optionError(message));
  const within = pathOf(options.within);
  const planner = new Planner(within);
  if (typeof schema !== 'object' || schema === null) throw optionError('decoder: the schema must be an object');
  let kinds: PlannedKind[];
  let discriminator: Plan['discriminator'];
  if (isUnion(schema)) {
    if (!isPath(schema.discriminator, 1)) throw optionError('union: the discriminator must be a path of keys');
    const path = [...within, ...schema.discriminator];
    discriminator = { path, slot: planner.slotOf(path) };
    kinds = Object.entries(schema.kinds).map(([kind, fields]) => planner.kind(kind, fields));
    if (kinds.length === 0) throw optionError('union: there must be at least one kind');
    for (const { kind, fields } of kinds) {
      if (kind === 'kind' || kind === '__proto__') throw optionError(`union: a kind cannot be called "${kind}"`);
      checkText(kind, 'union: a kind');
      for (const { name, slot } of fields) {
        if (slot === discriminator.slot) throw optionError(`union: "${kind}.${name}" is the discriminator itself`);
      }
    }
  } else {
    kinds = [planner.kind('', schema)];
  }
  const { maxLevels, maxTextEntries, codeGeneration } = options;
  const { root, slots } = planner;
  root.seal();
  return { within, root, slots, discriminator, kinds, maxLevels, maxTextEntries, codeGeneration };
}

class Planner {
  readonly root: KeyNode = new KeyNode('', -1);
  slots = 0;
  readonly #within: readonly string[];

  constructor(within: readonly string[]) {
    this.#within = within;
  }

  slotOf(path: readonly string[]): number {
    let node = this.root;
    for (const key of path) node = node.childOf(key) ?? node.add(new KeyNode(key, this.slots++));
    return node.slot;
  }

  kind(kind: string, schema: Schema): PlannedKind {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
      throw optionError('decoder: a schema must be an object of fields');
    }
    const fields: PlannedField[] = [];
    for (const [name, spec] of Object.entries(schema)) fields.push(this.#field(name, spec, fields));
    return { kind, fields };
  }

  #field(name: string, spec: FieldSpec, before: readonly PlannedField[]): PlannedField {
    const subject = `decoder: field "${name}"`;
    if (name === '__proto__') throw optionError(`${subject}: cannot be the name of a field`);
    if (typeof spec !== 'object' || spec === null) throw optionError(`${subject}: must be { path, type }`);
    if (!isPath(spec.path, 1)) throw optionError(`${subject}: path must be a key or an array of keys`);
    const path = [...this.#within, ...pathOf(spec.path)];
    const { type } = spec;
    checkType(type, subject);
    const isOptional = spec.default !== undefined;
    if (isOptional) checkDefault(type, spec.default, subject);
    let scale: PlannedScale | undefined;
    let quantityScale: PlannedScale | undefined;
    if (type.kind === 'count') scale = scaleOf(type, before, subject);
    if (type.kind === 'levels') {
      scale = scaleOf(type.price, before, subject);
      quantityScale = scaleOf(type.quantity, before, subject);
    }
    const slot = this.slotOf(path);
    return { name, index: before.length, path, type, slot, isOptional, fallback: spec.default, scale, quantityScale };
  }
}

function checkType(type: FieldType, subject: string): void {
  switch (type?.kind) {
    case 'f64':
    case 'bool':
      return;
    case 'i64':
    case 'count':
      checkForm(type.form, subject);
      return;
    case 'levels':
      checkForm(type.price?.form, subject);
      checkForm(type.quantity?.form, subject);
      if (type.price?.kind === 'count' && type.quantity?.kind === 'count') return;
      throw optionError(`${subject}: levels need { price: ticks(…), quantity: lots(…) }`);
    case 'enum': {
      const { values } = type;
      if (!Array.isArray(values) || values.length === 0 || new Set(values).size !== values.length) {
        throw optionError(`${subject}: an enum needs an array of different texts`);
      }
      if (values.length > MAX_ENUM_VALUES)
        throw optionError(`${subject}: an enum has at most ${MAX_ENUM_VALUES} texts`);
      for (const value of values) checkText(value, `${subject}: a text of the enum`);
      return;
    }
    case 'text':
      if (type.dictionary instanceof Texts) return;
      throw optionError(`${subject}: text needs a textDictionary()`);
    default:
      throw optionError(`${subject}: type must be made by one of the functions of "field"`);
  }
}

function checkForm(form: NumberForm | undefined, subject: string): void {
  if (form === 'any' || form === 'number' || form === 'text') return;
  throw optionError(`${subject}: form must be 'any', 'number' or 'text'`);
}

function checkDefault(type: FieldType, value: unknown, subject: string): void {
  let fits: boolean;
  if (type.kind === 'bool') fits = typeof value === 'boolean';
  else if (type.kind === 'enum') fits = type.values.includes(value as string);
  else if (type.kind === 'levels') fits = Array.isArray(value) && value.length === 0;
  else if (type.kind === 'i64' && type.as === 'bigint') fits = value === BigInt.asIntN(64, value as bigint);
  // What a column of texts holds.
  else if (type.kind === 'text') fits = value === ((value as number) | 0);
  else fits = typeof value === 'number';
  if (!fits) throw optionError(`${subject}: the default is not a value of its type`);
}

function scaleOf({ scale, signed, form }: CountType, before: readonly PlannedField[], subject: string): PlannedScale {
  if (typeof scale === 'object' && scale !== null && 'by' in scale) {
    const by = before.find(({ name }) => name === scale.by);
    if (by === undefined || by.type.kind !== 'text' || !Array.isArray(scale.scales)) {
      throw optionError(
        `${subject}: a scale "by" needs the name of a text field stated before, and an array of scales`,
      );
    }
    return { fixed: undefined, scales: scale.scales, by: by.index, signed, form };
  }
  let fixed: DecimalScale;
  if (typeof scale === 'number') {
    fixed = { decimals: scale, step: 1 };
  } else if (typeof scale === 'string') {
    const decimals = decimalsOf(scale);
    fixed = { decimals, step: decimals < 0 ? Number.NaN : scaledFromText(scale, decimals) };
  } else {
    fixed = { decimals: scale?.decimals, step: scale?.step };
  }
  if (!isScale(fixed)) {
    throw optionError(
      `${subject}: a scale is decimals from 0 to ${MAX_DECIMALS}, the size of a tick as text, or { decimals, step }`,
    );
  }
  return { fixed, scales: [], by: -1, signed, form };
}

/** Whether counts can be read and written at a scale. */
export function isScale({ decimals, step }: DecimalScale): boolean {
  return (
    Number.isInteger(decimals) && decimals >= 0 && decimals <= MAX_DECIMALS && Number.isSafeInteger(step) && step > 0
  );
}

function isPath(value: unknown, minKeys: number): value is string | readonly string[] {
  if (typeof value === 'string') return isWellFormed(value);
  return (
    Array.isArray(value) &&
    value.length >= minKeys &&
    value.every((key) => typeof key === 'string' && isWellFormed(key))
  );
}

function pathOf(path: string | readonly string[]): readonly string[] {
  return typeof path === 'string' ? [path] : path;
}

function checkText(value: unknown, subject: string): void {
  if (typeof value !== 'string' || !isWellFormed(value)) throw optionError(`${subject} must be a well-formed string`);
}
