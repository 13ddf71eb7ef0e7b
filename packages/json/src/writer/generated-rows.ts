// The writer of a schema as one function: the bytes of every key stand in its text, and the values are written by the
// same functions that closures call, so that both write the same.
//
//   b[at] = 123; b[at + 1] = 34; … at += 5;                            {"p":
//   p = count(b, at, c0[row], k7); at = p < 0 ? odd(0, p, …) : p;      "61800.2"

import { writeCount } from './count.ts';
import { writeDouble } from './double.ts';
import { wordsOf, writeInt64 } from './int64.ts';
import type { Layout, Place } from './layout.ts';
import { MAX_LEVEL_BYTES, writeLevels } from './levels.ts';
import { writeBytes } from './quoted-texts.ts';
import type { RowsWriter } from './rows.ts';
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
  readonly #names = ['odd', 'count', 'double', 'int64', 'words', 'levels', 'copy'];
  readonly #layout: Layout;
  readonly #forms: readonly ValueForm[];
  readonly #lines: string[] = [];
  /** Of the columns of texts that scales hang on. */
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(layout: Layout, forms: readonly ValueForm[], unwritable: Unwritable) {
    const odd: Unwritable['replace'] = (...values) => unwritable.replace(...values);
    this.known = [odd, writeCount, writeDouble, writeInt64, wordsOf, writeLevels, writeBytes];
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
    const head = 'return function rows(columns, row, end, b, at, limit, progress) {\nconst f = columns.fields;';
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

  #run(bytes: Uint8Array): void {
    const stores = Array.from(bytes, (byte, index) => `b[at${index === 0 ? '' : ` + ${index}`}] = ${byte};`);
    if (bytes.length > 0) this.#add(`${stores.join(' ')} at += ${bytes.length};`);
  }

  #column({ field: { name, index } }: Place): void {
    const column = `f[${JSON.stringify(name)}]`;
    this.#add(`const c${index} = ${this.#forms[index].kind === 'int64' ? `words(${column})` : column};`);
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
        this.#add(`p = double(b, at, ${value}, ${this.#use(form.guess)});`);
        break;
      case 'int64':
        // Every one of them has a text.
        if (form.isQuoted) this.#add(`b[at] = 34; at = int64(b, at + 1, c${index}, row); b[at] = 34; at++;`);
        else this.#add(`at = int64(b, at, c${index}, row);`);
        return;
      case 'bool':
        this.#add(`if (${value} === 0) {`);
        this.#run(Buffer.from(FALSE_TEXT));
        this.#add('} else {');
        this.#run(Buffer.from(TRUE_TEXT));
        this.#add('}');
        return;
      case 'count': {
        const count = this.#countForm(form.count, `q${index}`);
        this.#add(`p = ${count} === undefined ? -1 : count(b, at, ${value}, ${count});`);
        break;
      }
      case 'enum':
        this.#add(`const t${index} = ${this.#use(form.texts)}[${value}];`);
        this.#add(`p = t${index} === undefined ? -1 : copy(b, at, t${index});`);
        break;
      case 'text':
        this.#add(`p = t${index} === undefined ? -1 : copy(b, at, t${index});`);
        break;
      case 'levels': {
        const price = this.#countForm(form.price, `x${index}`);
        const quantity = this.#countForm(form.quantity, `y${index}`);
        this.#add(`p = ${price} === undefined || ${quantity} === undefined ? -1`);
        this.#add(`: levels(b, at, c${index}, row, ${price}, ${quantity});`);
      }
    }
    this.#add(`at = p < 0 ? odd(${index}, p, columns, row, begin, b, at, progress) : p;`);
  }

  /** A name for the form of a count: of an object, or declared as `name` for this row. */
  #countForm(source: CountSource, name: string): string {
    if (source.fixed !== undefined) return this.#use(source.fixed);
    const text = `c${this.#indexes.get(source.by)}[row]`;
    this.#add(`const ${name} = ${this.#use(source.forms)}.formOf(${text});`);
    return name;
  }
}
