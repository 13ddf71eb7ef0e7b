// The writer of a schema as one function: the bytes of every key stand in its text, and usual numbers are written in
// place. Anything else is left to the functions that closures call too.
//
//   b.setInt32(at, 578822779, true); b.setUint8(at + 4, 58); at += 5;        {"p":
//   n = c0[row]; if ((w = n | 0) === n && w >= 0) { … } else { count(…) }    "61800.2"

import { writeCount, type CountForm } from './count.ts';
import { INLINE_VARIABLES, inlineFixed, inlineInteger, MAX_INLINE_DECIMALS } from './inline-digits.ts';
import { LOW, SAFE_HIGH, wordsOf, writeInt64 } from './int64.ts';
import type { Layout, Place } from './layout.ts';
import { MAX_LEVEL_BYTES, writeLevels } from './levels.ts';
import type { RowsWriter } from './rows.ts';
import { writeRun } from './run.ts';
import type { Unwritable } from './unwritable.ts';
import { fixedRoom, type CountSource, type ValueForm } from './value-form.ts';

const FALSE_TEXT = 'false';
const TRUE_TEXT = 'true';

/** Builds the writer of a layout. Undefined where the process disallows generating code. */
export function generatedRows(
  layout: Layout,
  forms: readonly ValueForm[],
  unwritable: Unwritable,
): RowsWriter | undefined {
  const source = new Source(layout, forms, unwritable);
  const text = source.write();
  try {
    // Of the schema, keys are in the text as numbers and names as quoted literals; nothing else comes from outside.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- generating code is the subject
    const build = new Function('known', text) as (known: readonly unknown[]) => RowsWriter;
    return build(source.known);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

class Source {
  /** Objects that the text uses, as `known[i]`. */
  readonly known: unknown[];
  readonly #names = ['odd', 'count', 'int64', 'words', 'levels', 'run'];
  readonly #layout: Layout;
  readonly #forms: readonly ValueForm[];
  readonly #lines: string[] = [];
  /** Of the columns of texts that scales hang on. */
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(layout: Layout, forms: readonly ValueForm[], unwritable: Unwritable) {
    const odd: Unwritable['replace'] = (...values) => unwritable.replace(...values);
    this.known = [odd, writeCount, writeInt64, wordsOf, writeLevels, writeRun];
    this.#layout = layout;
    this.#forms = forms;
    this.#indexes = new Map(layout.places.map(({ field }) => [field.name, field.index]));
  }

  write(): string {
    const { places, after } = this.#layout;
    for (const place of places) this.#column(place);
    this.#add('for (; row < end; row++) {', `let room = ${fixedRoom(this.#layout, this.#forms)};`);
    for (const place of places) this.#room(place);
    this.#add('if (at + room > limit) { progress.room = room; break; }', 'const begin = at;', 'let p = 0;');

    for (const place of places) {
      this.#run(place.before);
      this.#value(place);
    }
    this.#run(after);
    this.#add('}', 'progress.row = row;', 'return at;');
    const declarations = this.#names.map((name, place) => `const ${name} = known[${place}];`);
    const head = `return function rows(columns, row, end, b, at, limit, progress) {\nconst f = columns.fields;\n${INLINE_VARIABLES}`;
    return [`'use strict';`, ...declarations, head, ...this.#lines, '};'].join('\n');
  }

  #add(...lines: string[]): void {
    this.#lines.push(...lines);
  }

  /** The name under which the text knows an object. */
  #use(value: unknown): string {
    const place = this.known.push(value) - 1;
    const name = `k${place}`;
    this.#names.push(name);
    return name;
  }

  /** Four bytes at a time, then two, then one: nothing behind them is touched. */
  #run(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length;) {
      const place = at === 0 ? 'at' : `at + ${at}`;
      const left = bytes.length - at;
      if (left >= 4) this.#add(`b.setInt32(${place}, ${view.getInt32(at, true)}, true);`);
      else if (left >= 2) this.#add(`b.setInt16(${place}, ${view.getInt16(at, true)}, true);`);
      else this.#add(`b.setUint8(${place}, ${bytes[at]});`);
      at += left >= 4 ? 4 : left >= 2 ? 2 : 1;
    }
    if (bytes.length > 0) this.#add(`at += ${bytes.length};`);
  }

  #column({ field: { name, index } }: Place): void {
    const form = this.#forms[index];
    const column = `f[${JSON.stringify(name)}]`;
    this.#add(`const c${index} = ${form.kind === 'int64' ? `words(${column})` : column};`);
    if (form.kind === 'double') this.#add(`const d${index} = ${this.#use(form.column)}; d${index}.begin();`);
  }

  #room({ field: { index } }: Place): void {
    const form = this.#forms[index];
    if (form.kind === 'text') {
      this.#add(`const t${index} = ${this.#use(form.texts)}.at(c${index}[row]);`);
      this.#add(`if (t${index} !== undefined) room += t${index}.length;`);
    } else if (form.kind === 'levels') {
      const starts = `c${index}.starts`;
      this.#add(`if (${starts}[row + 1] > ${starts}[row])`);
      this.#add(`room += (${starts}[row + 1] - ${starts}[row]) * ${MAX_LEVEL_BYTES};`);
    }
  }

  #value({ field: { index } }: Place): void {
    const form = this.#forms[index];
    const value = `c${index}[row]`;
    switch (form.kind) {
      case 'double':
        this.#add(`p = d${index}.write(b, at, c${index}, row);`);
        break;
      case 'int64':
        // Every one of them has a text.
        this.#quote(form.isQuoted);
        this.#add(`x = c${index}[row * 2 + ${1 - LOW}];`, `if (x >= 0 && x < ${SAFE_HIGH}) {`);
        this.#add(`n = x * 4294967296 + (c${index}[row * 2 + ${LOW}] >>> 0);`, inlineInteger());
        this.#add(`} else at = int64(b, at, c${index}, row);`);
        this.#quote(form.isQuoted);
        return;
      case 'bool':
        this.#add(`if (${value} === 0) {`);
        this.#run(Buffer.from(FALSE_TEXT));
        this.#add('} else {');
        this.#run(Buffer.from(TRUE_TEXT));
        this.#add('}');
        return;
      case 'count':
        if (form.count.fixed !== undefined) {
          this.#fixedCount(value, form.count.fixed, this.#refuse(index));
          return;
        }
        this.#countByText(index, form.count);
        break;
      case 'enum':
        this.#add(`const t${index} = ${this.#use(form.texts)}[${value}];`);
        this.#add(`p = t${index} === undefined ? -1 : run(b, at, t${index});`);
        break;
      case 'text':
        this.#add(`p = t${index} === undefined ? -1 : run(b, at, t${index});`);
        break;
      case 'levels':
        if (form.price.fixed !== undefined && form.quantity.fixed !== undefined) {
          this.#fixedLevels(index, form.price.fixed, form.quantity.fixed);
          return;
        }
        this.#levels(index, form.price, form.quantity);
    }
    this.#add(`${this.#refuse(index)} else at = p;`);
  }
  /** What happens when `p` is a refusal. */
  #refuse(index: number): string {
    return `if (p < 0) at = odd(${index}, p, columns, row, begin, b, at, progress);`;
  }

  #quote(isQuoted: boolean): void {
    if (isQuoted) this.#add('b.setUint8(at++, 34);');
  }

  /** Writes a count in place where it is usual, and else by the function; `refuse` is what happens where that refuses. */
  #fixedCount(value: string, form: CountForm, refuse: string): void {
    const { decimals, step, isQuoted } = form;
    this.#add(`n = ${value};`);
    if (decimals <= MAX_INLINE_DECIMALS) {
      const isInteger = decimals === 0 && step === 1;
      if (isInteger) this.#add(`if (n >= 0 && n <= ${Number.MAX_SAFE_INTEGER} && Math.floor(n) === n) {`);
      else this.#add(`if ((w = n | 0) === n && w >= 0 && w <= ${Math.floor(0x7fff_ffff / step)}) {`);
      this.#quote(isQuoted);
      if (step !== 1) this.#add(`w = Math.imul(w, ${step});`);
      if (isInteger) this.#add(inlineInteger());
      else if (decimals === 0) this.#add('n = w;', inlineInteger());
      else this.#add(inlineFixed(decimals));
      this.#quote(isQuoted);
      this.#add('} else {');
    } else {
      this.#add('{');
    }
    this.#add(`p = count(b, at, n, ${this.#use(form)});`, `${refuse} else at = p;`, '}');
  }

  #countByText(index: number, source: CountSource): void {
    const form = this.#countForm(source, `q${index}`);
    this.#add(`p = ${form} === undefined ? -1 : count(b, at, c${index}[row], ${form});`);
  }

  #fixedLevels(index: number, price: CountForm, quantity: CountForm): void {
    const refuse = 'if (p < 0) { p -= entry - first; break; }';
    this.#add('{', `const { ticks, lots, starts } = c${index};`, 'const first = starts[row], last = starts[row + 1];');
    this.#add('const from = at;', 'p = last < first ? -1 : 0;', 'b.setUint8(at++, 91);');
    this.#add('for (let entry = first; entry < last; entry++) {');
    this.#add('if (entry > first) b.setUint8(at++, 44);', 'b.setUint8(at++, 91);');
    this.#fixedCount('ticks[entry]', price, refuse);
    this.#add('b.setUint8(at++, 44);');
    this.#fixedCount('lots[entry]', quantity, refuse);
    this.#add('b.setUint8(at++, 93);', '}');
    this.#add(`if (p < 0) { at = from; ${this.#refuse(index)} } else b.setUint8(at++, 93);`, '}');
  }

  #levels(index: number, price: CountSource, quantity: CountSource): void {
    const ticks = this.#countForm(price, `x${index}`);
    const lots = this.#countForm(quantity, `y${index}`);
    this.#add(`p = ${ticks} === undefined || ${lots} === undefined ? -1`);
    this.#add(`: levels(b, at, c${index}, row, ${ticks}, ${lots});`);
  }

  /** A name for the form of a count: of an object, or declared as `name` for this row. */
  #countForm(source: CountSource, name: string): string {
    if (source.fixed !== undefined) return this.#use(source.fixed);
    const text = `c${this.#indexes.get(source.by)}[row]`;
    this.#add(`const ${name} = ${this.#use(source.forms)}.formOf(${text});`);
    return name;
  }
}
