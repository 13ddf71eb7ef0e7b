// The scanner for single small messages: one function per schema, with the bytes of every key in its text.
//
//   {"e":"aggTrade","p":"61800.20","q":"0.006"}
//   at ^      compare ,"p": byte by byte, then read digits, then compare ,"q": …
//
// It takes messages that are compact, with the fields in the order of the schema, other members anywhere between, and
// numbers and texts without anything unusual. It returns −1 at the first byte that is otherwise, having changed nothing
// that a caller may rely on, and the general scanner reads the message instead: so it needs no errors of its own, and
// everything that it accepts has to be what the general scanner reads.
//
// No byte is compared with the end of the message: reading past the end of the array gives undefined, which equals
// nothing, what follows the end in the same array may be read as part of the message, and then the place that is returned
// is behind the end, which the caller looks at.

import { scaledFromBytes } from '@perf/internal';
import { KeyNode } from './key-node.ts';
import type { Plan, PlannedField, PlannedKind, PlannedScale } from './plan.ts';
import { growLevels, type Slots } from './read-value.ts';
import { skipMember } from './skip-member.ts';
import type { NumberForm } from './types.ts';

/**
 * The place behind the message that starts at `start`, which was read into the record; −1 where it is for the general scanner.
 * A place that is not the end of the message, or behind all bytes there are, means the same to who knows the end.
 */
export type GeneratedScanner = (bytes: Uint8Array, start: number, end: number, record: Slots) => number;

const BAIL = 'return -1;';
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Fractions of at most this many digits are read without a loop. */
const MAX_UNROLLED = 8;
const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 20 }, (_, power) => 10 ** power);
const BIG_POWERS_OF_TEN: readonly bigint[] = Array.from({ length: 20 }, (_, power) => 10n ** BigInt(power));
const MAX_INT64 = 2n ** 63n - 1n;

/** Builds the scanner of a plan. Undefined where the process disallows it, or the schema is for the general one alone. */
export function generate(plan: Plan): GeneratedScanner | undefined {
  const source = new Source(plan);
  const text = source.write();
  if (text === undefined) return undefined;
  try {
    // Nothing of a message gets into the text, and of the schema only bytes as numbers and names as quoted literals.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- generating code is the subject
    const build = new Function('known', text) as (known: readonly unknown[]) => GeneratedScanner;
    return build(source.known);
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
  readonly known: unknown[] = [POWERS_OF_TEN, BIG_POWERS_OF_TEN, MAX_INT64, skipMember, growLevels, scaledFromBytes];
  readonly #plan: Plan;
  readonly #names: string[] = ['POW', 'BIGPOW', 'MAXINT64', 'skip', 'grow', 'scaled'];
  #lines: string[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  write(): string | undefined {
    const { discriminator, kinds, root } = this.#plan;
    const functions: string[] = [];
    for (const [place, kind] of kinds.entries()) {
      const expected = this.#expected(kind);
      if (expected === undefined) return undefined;
      this.#lines = [];
      this.#object(expected, discriminator !== undefined);
      for (const field of kind.fields) this.#store(field);
      const locals = kind.fields.map(({ index }) => `, v${index} = 0, n${index} = 0`).join('');
      const body = this.#lines.join('\n');
      const head = `let at = start, o = 123, c = 0, q = 0, s = 0, g = 0, gd = 0, gs = 0, m = 0, w = 0, p = 0${locals};`;
      functions.push(`function kind${place}(b, start, end, r) {\n${head}\n${body}\nreturn at;\n}`);
    }
    let scan = 'return kind0;';
    if (discriminator !== undefined) {
      this.#lines = [];
      if (!this.#dispatch(root, discriminator.path, kinds)) return undefined;
      scan = `return function scan(b, start, end, r) {\nlet at = start, o = 123;\n${this.#lines.join('\n')}\nreturn -1;\n};`;
    }
    const declarations = this.#names.map((name, place) => `const ${name} = known[${place}];`).join('\n');
    return `'use strict';\n${declarations}\n${functions.join('\n')}\n${scan}`;
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
      this.#add(`if (${equals(quoted, 0)}) {`);
      this.#add(`o = kind${place}(b, at + ${quoted.length}, end, r[${JSON.stringify(kind)}]); if (o < 0) return -1;`);
      this.#add(`r.kind = ${JSON.stringify(kind)}; return o;\n}`);
    }
    return true;
  }

  /** Over members that are not read, to after the colon of the one that is. */
  #member(node: KeyNode, child: KeyNode, separator: string): void {
    const key = keyBytes(child);
    this.#add('for (;;) {', `if (b[at] === ${separator} && ${equals(key, 1)}) { at += ${key.length + 1}; break; }`);
    this.#skip(node, separator);
    this.#add('}');
  }

  #skip(node: KeyNode, separator: string): void {
    this.#add(`at = skip(b, at, end, ${this.#use(node)}, ${separator}); if (at < 0) return -1;`);
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
        this.#add(`if (b[at] === ${separator} && ${equals(key, 1)}) {`, `at += ${key.length + 1}; o = 44;`);
        this.#add(`if (${equals([0x6e, 0x75, 0x6c, 0x6c], 0)}) {`, `at += 4; ${this.#fallback(field)}`, '} else {');
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

  #fallback({ index, type, fallback }: PlannedField): string {
    return type.kind === 'levels' ? `n${index} = 0;` : `v${index} = ${this.#use(fallback)};`;
  }

  #store({ name, index, type }: PlannedField): void {
    const property = `r[${JSON.stringify(name)}]`;
    this.#add(type.kind === 'levels' ? `${property}.length = n${index};` : `${property} = v${index};`);
  }

  #value(field: PlannedField): void {
    const { index, type } = field;
    const value = `v${index}`;
    switch (type.kind) {
      case 'bool':
        this.#add(`if (${equals(ascii('true'), 0)}) { ${value} = true; at += 4; }`);
        this.#add(`else if (${equals(ascii('false'), 0)}) { ${value} = false; at += 5; } else ${BAIL}`);
        return;
      case 'enum':
        for (const text of type.values) {
          const bytes = new TextEncoder().encode(text);
          if (needsEscape(bytes)) continue;
          const quoted = [0x22, ...bytes, 0x22];
          this.#add(`if (${equals(quoted, 0)}) { ${value} = ${JSON.stringify(text)}; at += ${quoted.length}; } else`);
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
        this.#double(value);
        return;
      case 'i64':
        this.#integer(value, type.as === 'bigint', type.form);
        return;
      case 'count':
        this.#grid(field.scale as PlannedScale, 'g');
        this.#count(value, field.scale as PlannedScale, 'g');
        return;
      case 'levels':
        this.#levels(field);
    }
  }

  /** Opens a number or a text of one: `q` says which, `s` where its digits start, `c` is its first digit. */
  #openNumber(isSigned: boolean, form: NumberForm): void {
    if (form === 'any') this.#add('q = b[at] === 34 ? 1 : 0; at += q;');
    else if (form === 'text') this.#add(`if (b[at] !== 34) ${BAIL} at++; q = 1;`);
    else this.#add('q = 0;');
    if (isSigned) this.#add('m = b[at] === 45 ? 1 : 0; at += m; const negative = m;');
    this.#add(`s = at; c = b[at] ^ 48; if (c > 9) ${BAIL}`);
  }

  #closeNumber(): void {
    this.#add(`if (q === 1) { if (c !== 18) ${BAIL} at++; }`);
  }

  /** After the first digit: JSON has no leading zeros, texts may. */
  #wholeDigits(value: string): void {
    this.#add(`${value} = c; c = b[++at] ^ 48;`, `if (q === 0 && ${value} === 0 && c <= 9) ${BAIL}`);
    this.#add(`while (c <= 9) { ${value} = ${value} * 10 + c; c = b[++at] ^ 48; }`);
  }

  #count(value: string, { fixed, signed, form }: PlannedScale, grid: string): void {
    this.#add('{');
    this.#openNumber(signed, form);
    if (fixed !== undefined && fixed.decimals <= MAX_UNROLLED) {
      const { decimals } = fixed;
      // Nine digits fit a small integer, which is quicker than a double; `m` counts them.
      this.#add(`${value} = c; c = b[++at] ^ 48;`, `if (q === 0 && ${value} === 0 && c <= 9) ${BAIL}`);
      this.#add(`while (c <= 9) { ${value} = (Math.imul(${value}, 10) + c) | 0; c = b[++at] ^ 48; }`, 'm = at - s;');
      const missing = decimals === 0 ? '' : ` else ${value} *= ${10 ** decimals};`;
      this.#add(
        `if (c === 30) { c = b[++at] ^ 48; if (c > 9) ${BAIL} w = at;`,
        fraction(value, decimals),
        `}${missing}`,
      );
      this.#add(`if (m > 9) { ${value} = scaled(b, s, at, ${decimals}); if (!(${value} >= 0)) ${BAIL} }`);
      this.#add(`if (${value} > ${MAX_SAFE}) ${BAIL}`);
    } else {
      const decimals = fixed === undefined ? `${grid}d` : fixed.decimals;
      this.#add(`${value} = c; c = b[++at] ^ 48;`, `if (q === 0 && ${value} === 0 && c <= 9) ${BAIL}`);
      this.#add(`while (c <= 9) { ${value} = (Math.imul(${value}, 10) + c) | 0; c = b[++at] ^ 48; }`);
      this.#add(`m = at - s; w = ${decimals};`, `if (c === 30) { c = b[++at] ^ 48; if (c > 9) ${BAIL} p = at;`);
      this.#add(`while (w > 0 && c <= 9) { ${value} = (Math.imul(${value}, 10) + c) | 0; w--; c = b[++at] ^ 48; }`);
      this.#add('m += at - p; while (c === 0) c = b[++at] ^ 48;', '}');
      this.#add(`if (m > 9) { ${value} = scaled(b, s, at, ${decimals}); if (!(${value} >= 0)) ${BAIL} }`);
      this.#add(`else if (w > 0) { if (w > 15) ${BAIL} ${value} *= POW[w]; }`, `if (${value} > ${MAX_SAFE}) ${BAIL}`);
    }
    this.#closeNumber();
    if (fixed === undefined) {
      this.#add(`if (${grid}s !== 1) { if (${value} % ${grid}s !== 0) ${BAIL} ${value} /= ${grid}s; }`);
    } else if (fixed.step !== 1) {
      this.#add(`if (${value} % ${fixed.step} !== 0) ${BAIL} ${value} /= ${fixed.step};`);
    }
    if (signed) this.#add(`if (negative === 1 && ${value} !== 0) ${value} = -${value};`);
    this.#add('}');
  }

  #grid({ fixed, scales, by }: PlannedScale, grid: string): void {
    if (fixed !== undefined) return;
    this.#add(`${grid} = ${this.#use(scales)}[v${by}]; if (${grid} === undefined) ${BAIL}`);
    this.#add(`${grid}d = ${grid}.decimals; ${grid}s = ${grid}.step;`);
  }

  #double(value: string): void {
    this.#add('{');
    this.#openNumber(true, 'any');
    this.#wholeDigits(value);
    this.#add('w = 0;', `if (c === 30) { c = b[++at] ^ 48; if (c > 9) ${BAIL}`, 'w = at;');
    this.#add(`while (c <= 9) { ${value} = ${value} * 10 + c; c = b[++at] ^ 48; }`, 'w = at - w; }');
    // An integer and a power of ten that are both exact: their quotient is the nearest double.
    this.#add(`if (at - s > 16 || ${value} > ${MAX_SAFE}) ${BAIL}`);
    this.#closeNumber();
    this.#add(`if (w > 0) ${value} /= POW[w];`, `if (negative === 1) ${value} = -${value};`, '}');
  }

  /** In two halves of at most nine and ten digits: small integers are quicker than doubles. */
  #integer(value: string, isBig: boolean, form: NumberForm): void {
    this.#add('{');
    this.#openNumber(true, form);
    this.#add('let high = c; c = b[++at] ^ 48;', `if (q === 0 && high === 0 && c <= 9) ${BAIL}`);
    this.#add(
      'let stop = s + 9;',
      'while (c <= 9 && at < stop) { high = (Math.imul(high, 10) + c) | 0; c = b[++at] ^ 48; }',
    );
    this.#add('w = 0; m = 0;', 'if (c <= 9) {', 'm = at; stop = s + 18;');
    this.#add('while (c <= 9 && at < stop) { w = (Math.imul(w, 10) + c) | 0; c = b[++at] ^ 48; }');
    if (isBig) this.#add('if (c <= 9) { w = w * 10 + c; c = b[++at] ^ 48; }');
    this.#add(`if (c <= 9) ${BAIL}`, 'm = at - m; }');
    if (isBig) {
      this.#add(`${value} = m === 0 ? BigInt(high) : BigInt(high) * BIGPOW[m] + BigInt(w);`);
      this.#add(`if (${value} > MAXINT64) ${BAIL}`, `if (negative === 1) ${value} = -${value};`);
    } else {
      this.#add(`${value} = m === 0 ? high : high * POW[m] + w;`, `if (${value} > ${MAX_SAFE}) ${BAIL}`);
      this.#add(`if (negative === 1 && ${value} !== 0) ${value} = -${value};`);
    }
    this.#closeNumber();
    this.#add('}');
  }

  #levels(field: PlannedField): void {
    const { name, index } = field;
    const count = `n${index}`;
    const price = field.scale as PlannedScale;
    const quantity = field.quantityScale as PlannedScale;
    this.#add('{', `const levels = r[${JSON.stringify(name)}];`, 'let ticks = levels.ticks, lots = levels.lots;');
    const room = `Math.min(ticks.length, lots.length, ${this.#plan.maxLevels})`;
    this.#add(`let room = ${room};`);
    this.#add('let gp = 0, gpd = 0, gps = 0, gq = 0, gqd = 0, gqs = 0, x = 0, y = 0;', `${count} = 0;`);
    this.#grid(price, 'gp');
    this.#grid(quantity, 'gq');
    this.#add(`if (b[at] !== 91) ${BAIL}`, 'if (b[at + 1] === 93) at += 2; else for (;;) {');
    this.#add(`if (b[at + 1] !== 91) ${BAIL}`, 'at += 2;');
    this.#count('x', price, 'gp');
    this.#add(`if (b[at] !== 44) ${BAIL}`, 'at++;');
    this.#count('y', quantity, 'gq');
    this.#add(`if (b[at] !== 93) ${BAIL}`);
    this.#add(`if (${count} >= room) {`, `if (${count} === ${this.#plan.maxLevels}) ${BAIL}`);
    this.#add(`grow(levels, ${this.#plan.maxLevels}); ticks = levels.ticks; lots = levels.lots; room = ${room};`, '}');
    this.#add(`ticks[${count}] = x; lots[${count}] = y; ${count}++;`);
    this.#add(`at++; if (b[at] === 44) continue; if (b[at] !== 93) ${BAIL} at++; break;`, '}', '}');
  }
}

/** Up to this many digits after the point, and the zeros that follow them; what is missing is multiplied. */
function fraction(value: string, decimals: number): string {
  if (decimals === 0) return 'm += at - w; while (c === 0) c = b[++at] ^ 48;';
  const rest = fraction(value, decimals - 1);
  const digit = `${value} = (Math.imul(${value}, 10) + c) | 0; c = b[++at] ^ 48;`;
  return `if (c <= 9) { ${digit} ${rest} } else { m += at - w; ${value} *= ${10 ** decimals}; }`;
}

/** The comparison of the bytes from `at + offset` with these. */
function equals(bytes: Iterable<number>, offset: number): string {
  return Array.from(bytes, (byte, index) => `b[at + ${offset + index}] === ${byte}`).join(' && ');
}

function keyBytes({ bytes }: KeyNode): number[] {
  return [0x22, ...bytes, 0x22, 0x3a];
}

function needsEscape(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
