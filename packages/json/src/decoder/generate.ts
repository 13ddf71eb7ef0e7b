// The scanner for single small messages: one function per schema, with the bytes of every key in its text.
//
//   {"e":"aggTrade","p":"61800.20","q":"0.006"}
//   at ^      compare ,"p": four bytes at a time, then read digits, then compare ,"q": …
//
// It takes messages that are compact, with the fields in the order of the schema, other members anywhere between, and
// numbers and texts without anything unusual. It returns −1 at the first byte that is otherwise, having changed nothing
// that a caller may rely on, and the general scanner reads the message instead: so it needs no errors of its own, and
// everything that it accepts has to be what the general scanner reads.
//
// No byte is compared with the end of the message, since there is a stop behind it (stage.ts). Where the stop comes later, what
// follows the end may be read as part of the message, and then the place that is returned is behind the end, which the
// caller looks at.

import { KeyNode } from './key-node.ts';
import type { Plan, PlannedField, PlannedKind, PlannedScale } from './plan.ts';
import type { AnyColumns } from './columns.ts';
import { countText, doubleText, integerText } from './generate-number.ts';
import { MAX_INLINE_SKIPS, skipCall, skipText } from './generate-skip.ts';
import { RECORD, ROW, type Target } from './generate-target.ts';
import type { Slots } from './read-value.ts';
import { skipMember } from './skip-member.ts';
import { matches } from './words.ts';

/**
 * The place behind the message that starts at `start`, which was read into the record, or into the row behind those that are
 * filled, whose length it leaves; −1 where it is for the general scanner. A place that is not the end of the message means
 * the same to who knows the end. `view` is of the same memory as `bytes`, and there is a stop at `end` or behind it.
 */
export type GeneratedScanner<Into> = (
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  into: Into,
) => number;

const BAIL = 'return -1;';
const NULL = [0x6e, 0x75, 0x6c, 0x6c];
const TRUE = [0x74, 0x72, 0x75, 0x65];
const FALSE = [0x66, 0x61, 0x6c, 0x73, 0x65];
const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 20 }, (_, power) => 10 ** power);
const BIG_POWERS_OF_TEN: readonly bigint[] = Array.from({ length: 20 }, (_, power) => 10n ** BigInt(power));
const MAX_INT64 = 2n ** 63n - 1n;

/** Builds the scanner of a plan. Undefined where the process disallows it, or the schema is for the general one alone. */
export function generate(plan: Plan): GeneratedScanner<Slots> | undefined {
  return build(plan, RECORD);
}

/** The same into columns, without a record between. Not for a union. */
export function generateRows(plan: Plan): GeneratedScanner<AnyColumns> | undefined {
  return build(plan, ROW);
}

function build<Into>(plan: Plan, target: Target): GeneratedScanner<Into> | undefined {
  const source = new Source(plan, target);
  const text = source.write();
  if (text === undefined) return undefined;
  try {
    // Nothing of a message gets into the text, and of the schema only bytes as numbers and names as quoted literals.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- generating code is the subject
    const make = new Function('known', text) as (known: readonly unknown[]) => GeneratedScanner<Into>;
    return make(source.known);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** An object or a field in the order in which a message is expected to have them. */
interface Expected {
  readonly node: KeyNode;
  readonly children: Expected[];
  field: PlannedField | undefined;
  isDiscriminator: boolean;
}

class Source {
  /** Objects that the text uses, as `known[i]`. */
  readonly known: unknown[];
  readonly #plan: Plan;
  readonly #target: Target;
  readonly #names: string[] = ['POW', 'BIGPOW', 'MAXINT64', 'skip', 'grow'];
  #lines: string[] = [];
  /** Members passed over in the text of this function. */
  #skips = 0;

  constructor(plan: Plan, target: Target) {
    this.#plan = plan;
    this.#target = target;
    this.known = [POWERS_OF_TEN, BIG_POWERS_OF_TEN, MAX_INT64, skipMember, target.growLevels];
  }

  write(): string | undefined {
    const { discriminator, kinds, root } = this.#plan;
    const functions: string[] = [];
    for (const [place, kind] of kinds.entries()) {
      const expected = this.#expected(kind);
      if (expected === undefined) return undefined;
      this.#lines = [];
      this.#skips = 0;
      if (!hasScales(expected, new Set())) return undefined;
      this.#object(expected, discriminator !== undefined);
      for (const field of kind.fields) this.#add(this.#target.store(field));
      const locals = kind.fields.map(({ index }) => `, v${index} = 0, n${index} = 0`).join('');
      this.#lines.unshift(
        this.#target.head(kind.fields),
        `let g = 0, gd = 0, gs = 0, q = 0, s = 0, m = 0, p = 0${locals};`,
      );
      functions.push(this.#function(`kind${place}`, 'at'));
    }
    let scan = 'return kind0;';
    if (discriminator !== undefined) {
      this.#lines = [];
      if (!this.#dispatch(root, discriminator.path, kinds)) return undefined;
      scan = `return ${this.#function('scan', '-1')};`;
    }
    const declarations = this.#names.map((name, place) => `const ${name} = known[${place}];`).join('\n');
    return `'use strict';\n${declarations}\n${functions.join('\n')}\n${scan}`;
  }

  /** What was added, as a function. */
  #function(name: string, result: string): string {
    const body = this.#lines.join('\n');
    const locals = 'let at = start, o = 123, x = 0, d = 0, c = 0, w = 0;';
    return `function ${name}(b, v, start, end, into) {\n${locals}\n${body}\nreturn ${result};\n}`;
  }

  #add(...lines: string[]): void {
    this.#lines.push(...lines);
  }

  /** The name under which the text knows an object. */
  #use(value: unknown): string {
    let place = this.known.indexOf(value);
    if (place < 0) {
      place = this.known.push(value) - 1;
      this.#names.push(`k${place}`);
    }
    return this.#names[place];
  }

  /**
   * Undefined where a key is never written as it is, or one path is read twice. The nodes are of this kind alone: what
   * only other kinds read is skipped.
   */
  #expected({ fields }: PlannedKind): Expected | undefined {
    const { discriminator } = this.#plan;
    const tree: Expected = { node: new KeyNode('', -1), children: [], field: undefined, isDiscriminator: false };
    const paths = fields.map(({ path }) => path);
    if (discriminator !== undefined) paths.unshift(discriminator.path);
    for (const [place, path] of paths.entries()) {
      let at = tree;
      for (const key of path) {
        let child = at.children.find((candidate) => candidate.node.key === key);
        if (child === undefined) {
          const node = at.node.add(new KeyNode(key, -1));
          if (needsEscape(node.bytes)) return undefined;
          child = { node, children: [], field: undefined, isDiscriminator: false };
          at.children.push(child);
        }
        if (child.field !== undefined || child.isDiscriminator) return undefined;
        at = child;
      }
      if (at.children.length > 0) return undefined;
      if (discriminator !== undefined && place === 0) at.isDiscriminator = true;
      else at.field = fields[discriminator === undefined ? place : place - 1];
    }
    tree.node.seal();
    return tree;
  }

  /** Up to the discriminator, and on to the function of its kind. */
  #dispatch(root: KeyNode, path: readonly string[], kinds: readonly PlannedKind[]): boolean {
    let node = root;
    for (const key of path) {
      const child = node.childOf(key) as KeyNode;
      if (needsEscape(child.bytes)) return false;
      this.#add('o = 123;');
      this.#member(node, child, 'o');
      node = child;
    }
    for (const [place, { kind }] of kinds.entries()) {
      const bytes = new TextEncoder().encode(kind);
      if (needsEscape(bytes)) continue;
      const quoted = [0x22, ...bytes, 0x22];
      const name = JSON.stringify(kind);
      this.#add(`if (${matches(quoted)}) {`);
      this.#add(`o = kind${place}(b, v, at + ${quoted.length}, end, into[${name}]); if (o < 0) return -1;`);
      this.#add(`into.kind = ${name}; return o;\n}`);
    }
    return true;
  }

  /** Over members that are not read, to after the colon of the one that is. */
  #member(node: KeyNode, child: KeyNode, separator: string): void {
    const key = keyBytes(child);
    this.#add('for (;;) {', `if (${matches(key, separator)}) { at += ${key.length + 1}; break; }`);
    this.#skip(node, separator);
    this.#add('}');
  }

  #skip(node: KeyNode, separator: string): void {
    const known = this.#use(node);
    if (this.#skips++ >= MAX_INLINE_SKIPS) this.#add(skipCall(known, separator));
    else this.#add(...skipText(known, this.#use(node.firsts), separator));
    if (separator === 'o') this.#add('o = 44;');
  }

  /** From the opening brace, or from after the discriminator, to after the closing brace. */
  #object({ node, children }: Expected, isResumed: boolean): void {
    // Whether the separator before the next member is known to be a comma.
    let separator = isResumed ? '44' : 'o';
    if (!isResumed) this.#add('o = 123;');
    for (const [place, child] of children.entries()) {
      if (isResumed && place === 0) {
        if (!child.isDiscriminator) this.#object(child, true);
        continue;
      }
      const { field } = child;
      if (field?.isOptional === true) {
        const key = keyBytes(child.node);
        this.#add(`if (${matches(key, separator)}) {`, `at += ${key.length + 1}; o = 44;`);
        this.#add(`if (${matches(NULL)}) {`, `at += 4; ${this.#fallback(field)}`, '} else {');
        this.#value(field);
        this.#add('}', '} else {', this.#fallback(field), '}');
        continue;
      }
      this.#member(node, child.node, separator);
      if (field === undefined) this.#object(child, false);
      else this.#value(field);
      separator = '44';
    }
    // Where no member has been met, the brace is not open yet.
    this.#add('for (;;) {', `if (${separator === 'o' ? 'o === 44 && ' : ''}b[at] === 125) { at++; break; }`);
    this.#skip(node, separator);
    this.#add('}');
  }

  #fallback(field: PlannedField): string {
    const { index, type, fallback } = field;
    switch (type.kind) {
      case 'levels':
        return `n${index} = ${this.#target.firstLevel(field)};`;
      case 'bool':
        return `v${index} = ${this.#target.bool(fallback as boolean)};`;
      case 'enum':
        return `v${index} = ${this.#target.enum(type.values, type.values.indexOf(fallback as string))};`;
      default:
        return `v${index} = ${this.#use(fallback)};`;
    }
  }

  #value(field: PlannedField): void {
    const { index, type } = field;
    const value = `v${index}`;
    switch (type.kind) {
      case 'bool':
        this.#add(`if (${matches(TRUE)}) { ${value} = ${this.#target.bool(true)}; at += 4; }`);
        this.#add(`else if (${matches(FALSE)}) { ${value} = ${this.#target.bool(false)}; at += 5; } else ${BAIL}`);
        return;
      case 'enum':
        for (const [place, text] of type.values.entries()) {
          const bytes = new TextEncoder().encode(text);
          if (needsEscape(bytes)) continue;
          const quoted = [0x22, ...bytes, 0x22];
          const known = this.#target.enum(type.values, place);
          this.#add(`if (${matches(quoted)}) { ${value} = ${known}; at += ${quoted.length}; } else`);
        }
        this.#add(BAIL);
        return;
      case 'text': {
        const dictionary = this.#use(type.dictionary);
        this.#add(`if (b[at] !== 34) ${BAIL}`, `${value} = ${dictionary}.findQuoted(b, at + 1, end);`);
        this.#add(`if (${value} < 0) ${BAIL}`, `at += ${dictionary}.byteLengths[${value}] + 2;`);
        return;
      }
      case 'f64':
        this.#add(...doubleText(value));
        return;
      case 'i64':
        this.#add(...integerText(value, type.as === 'bigint', type.form));
        return;
      case 'count':
        this.#grid(field.scale as PlannedScale, 'g');
        this.#add(...countText(value, field.scale as PlannedScale, 'g'));
        return;
      case 'levels':
        this.#levels(field);
    }
  }

  #grid({ fixed, scales, by }: PlannedScale, grid: string): void {
    if (fixed !== undefined) return;
    this.#add(`${grid} = ${this.#use(scales)}[v${by}]; if (${grid} === undefined) ${BAIL}`);
    this.#add(`${grid}d = ${grid}.decimals; ${grid}s = ${grid}.step;`);
  }

  #levels(field: PlannedField): void {
    const { maxLevels } = this.#plan;
    const count = `n${field.index}`;
    const price = field.scale as PlannedScale;
    const quantity = field.quantityScale as PlannedScale;
    const { growth } = this.#target;
    const room = `room = Math.min(ticks.length, lots.length, first + ${maxLevels});`;
    this.#add('{', `const levels = ${this.#target.levels(field)}, first = ${this.#target.firstLevel(field)};`);
    this.#add(`let { ticks, lots } = levels, ${room}`);
    this.#add('let gp = 0, gpd = 0, gps = 0, gq = 0, gqd = 0, gqs = 0, price = 0, lot = 0;', `${count} = first;`);
    this.#grid(price, 'gp');
    this.#grid(quantity, 'gq');
    this.#add(`if (b[at] !== 91) ${BAIL}`, 'if (b[at + 1] === 93) at += 2; else for (;;) {');
    this.#add(`if (b[at + 1] !== 91) ${BAIL}`, 'at += 2;');
    this.#add(...countText('price', price, 'gp'));
    this.#add(`if (b[at] !== 44) ${BAIL}`, 'at++;');
    this.#add(...countText('lot', quantity, 'gq'));
    this.#add(`if (b[at] !== 93) ${BAIL}`);
    this.#add(`if (${count} >= room) {`, `if (${count} === first + ${maxLevels}) ${BAIL}`);
    this.#add(`grow(levels, ${growth(count, maxLevels)});`, `({ ticks, lots } = levels); ${room}`, '}');
    this.#add(`ticks[${count}] = price; lots[${count}] = lot; ${count}++;`);
    this.#add(`at++; if (b[at] === 44) continue; if (b[at] !== 93) ${BAIL} at++; break;`, '}', '}');
  }
}

/**
 * Whether every text that a scale hangs on is read before what is on that scale: the fields of an object are read together, so
 * that one may come before another that the schema states first.
 */
function hasScales({ field, children }: Expected, read: Set<number>): boolean {
  if (field !== undefined) {
    for (const scale of [field.scale, field.quantityScale]) {
      if (scale !== undefined && scale.by >= 0 && !read.has(scale.by)) return false;
    }
    read.add(field.index);
  }
  return children.every((child) => hasScales(child, read));
}

function keyBytes({ bytes }: KeyNode): number[] {
  return [0x22, ...bytes, 0x22, 0x3a];
}

function needsEscape(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c);
}
