import type { KeyNode } from './key-node.ts';
import type { Plan, PlannedField, PlannedScale } from './plan.ts';

/** A plan as native code reads it; the layout is drawn in crates/perf_json/src/decode/program.rs. */
export interface NativeProgram {
  readonly words: Int32Array;
  readonly keys: Uint8Array;
  /** In the order of their numbers: the texts of enums, which are all there, and dictionaries, which may grow. */
  readonly dictionaries: readonly KnownTexts[];
}

/** What of a dictionary is asked for. */
export interface KnownTexts {
  readonly size: number;
  textOf(index: number): string | undefined;
}

/** Limits of native code: bits of a word, the nesting of paths, and arguments of a call. */
const MAX_FIELDS_AND_NODES = 64;
const MAX_PATH = 16;
const MAX_ARRAYS = 61;
const MAX_LEVELS = 0x7fff_ffff;

const SIGNED = 1;
const FORMS = { any: 0, number: 2, text: 4 } as const;
const INTEGER: PlannedScale = { fixed: { decimals: 0, step: 1 }, scales: [], by: -1, signed: true, form: 'any' };
const KINDS = { f64: 0, bigint: 1, count: 2, bool: 3, enum: 4, text: 5, levels: 6 } as const;

/**
 * Undefined for what only JavaScript reads: unions, scales that hang on a text (they are read anew for every message),
 * paths that are read twice or lead through a value that is read itself, and more fields than native code has bits for.
 */
export function nativeProgramOf({ discriminator, kinds, root, maxLevels }: Plan): NativeProgram | undefined {
  if (discriminator !== undefined) return undefined;
  const { fields } = kinds[0];
  const nodes = nodesOf(root);
  const bySlot = new Map(fields.map(({ slot, index }) => [slot, index]));
  const arrays = fields.reduce((sum, { type }) => sum + (type.kind === 'levels' ? 3 : 1), 0);
  if (
    bySlot.size !== fields.length ||
    fields.length + nodes.length > MAX_FIELDS_AND_NODES ||
    arrays > MAX_ARRAYS ||
    fields.some(({ path, scale, quantityScale }) => path.length > MAX_PATH || hangsOnText(scale, quantityScale)) ||
    nodes.some(({ slot }) => bySlot.has(slot))
  ) {
    return undefined;
  }
  const dictionaries: KnownTexts[] = [];
  const words: number[] = [];
  const keys: Uint8Array[] = [];
  for (const field of fields) writeField(words, field, dictionaries);
  for (const { children } of nodes) {
    words.push(children.length);
    for (const child of children) {
      const node = nodes.indexOf(child);
      const index = node < 0 ? (bySlot.get(child.slot) as number) : node;
      words.push(child.bytes.length, node < 0 ? 0 : 1, index);
      keys.push(child.bytes);
    }
  }
  const header = [fields.length, nodes.length, dictionaries.length, Math.min(maxLevels, MAX_LEVELS)];
  return { words: Int32Array.of(...header, ...words), keys: Buffer.concat(keys), dictionaries };
}

/** The objects on the way to fields, each after the one that it is in. */
function nodesOf(root: KeyNode): readonly KeyNode[] {
  const nodes = [root];
  for (let place = 0; place < nodes.length; place++) {
    for (const child of nodes[place].children) if (child.children.length > 0) nodes.push(child);
  }
  return nodes;
}

function hangsOnText(...scales: readonly (PlannedScale | undefined)[]): boolean {
  return scales.some((scale) => scale !== undefined && scale.by >= 0);
}

function writeField(words: number[], field: PlannedField, dictionaries: KnownTexts[]): void {
  const { type, isOptional, scale = INTEGER, quantityScale = INTEGER } = field;
  let kind: number;
  let dictionary = 0;
  let first = scale;
  switch (type.kind) {
    case 'i64':
      kind = type.as === 'bigint' ? KINDS.bigint : KINDS.count;
      first = { ...INTEGER, form: type.form };
      break;
    case 'enum': {
      const { values } = type;
      kind = KINDS.enum;
      dictionary = dictionaries.push({ size: values.length, textOf: (index) => values[index] }) - 1;
      break;
    }
    case 'text': {
      const known = dictionaries.indexOf(type.dictionary);
      kind = KINDS.text;
      dictionary = known < 0 ? dictionaries.push(type.dictionary) - 1 : known;
      break;
    }
    default:
      kind = KINDS[type.kind];
  }
  words.push(kind, isOptional ? 1 : 0, ...defaultOf(field), dictionary);
  words.push(...scaleWords(first), ...scaleWords(quantityScale));
}

function scaleWords({ fixed = { decimals: 0, step: 1 }, signed, form }: PlannedScale): number[] {
  const { decimals, step } = fixed;
  return [decimals, step | 0, Math.floor(step / 2 ** 32), (signed ? SIGNED : 0) | FORMS[form]];
}

/** What a column gets in a row without the field: two words, the lower first. */
function defaultOf({ type, isOptional, fallback }: PlannedField): readonly [number, number] {
  if (!isOptional || type.kind === 'levels') return [0, 0];
  const view = new DataView(new ArrayBuffer(8));
  if (type.kind === 'bool') view.setInt32(0, fallback === true ? 1 : 0, true);
  else if (type.kind === 'enum') view.setInt32(0, type.values.indexOf(fallback as string), true);
  else if (type.kind === 'text') view.setInt32(0, fallback as number, true);
  else if (type.kind === 'i64' && type.as === 'bigint') view.setBigInt64(0, fallback as bigint, true);
  else view.setFloat64(0, fallback as number, true);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}
