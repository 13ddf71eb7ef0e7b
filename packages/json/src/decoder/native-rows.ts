import { backend, type NativeColumn, type PreparedRows } from '../backend.ts';
import { growLevelsColumn, type AnyColumns } from './columns.ts';
import { nativeProgramOf, type KnownTexts, type NativeProgram } from './native-program.ts';
import type { Plan, PlannedField } from './plan.ts';
import type { LevelsColumn } from './types.ts';

/** Why native code stopped, by its number; 2 is for a line or document that JavaScript has to read. */
export const END = 0;
export const FULL = 1;
/** The levels of a field need more room. */
const ROOM = 3;

/** Numbers that go in and out of a call, see crates/perf_node/src/decode.rs. */
const CONTROL_LENGTH = 5;

/** The answer to a call: `at` is where the next one starts. */
export interface Progress {
  stop: number;
  at: number;
  lines: number;
}

/** What native code needs of one plan: prepared once, and told of new texts before every call. */
export class NativeRows {
  readonly #prepared: PreparedRows;
  readonly #fields: readonly PlannedField[];
  readonly #dictionaries: readonly KnownTexts[];
  /** How many texts of each dictionary native code knows. */
  readonly #known: number[];

  constructor(prepared: PreparedRows, program: NativeProgram, fields: readonly PlannedField[]) {
    this.#prepared = prepared;
    this.#fields = fields;
    this.#dictionaries = program.dictionaries;
    this.#known = program.dictionaries.map(() => 0);
  }

  /** A request for `request` or `requestLines`, for one call at a time. */
  newControl(): Float64Array {
    return new Float64Array(CONTROL_LENGTH);
  }

  /** Decodes lines of `bytes[from, to)` into rows from `columns.length` on. */
  lines(
    control: Float64Array,
    bytes: Uint8Array,
    from: number,
    to: number,
    columns: AnyColumns,
    maxLineBytes: number,
    progress: Progress,
  ): void {
    progress.lines = 0;
    let at = from;
    do {
      this.#request(control, at, to, columns, maxLineBytes);
      at = this.#answer(this.#prepared.decodeLines(bytes, control, this.#arrays(columns)), control, columns, progress);
    } while (progress.stop === ROOM);
  }

  /** The same on a thread. */
  async linesAsync(
    control: Float64Array,
    bytes: Uint8Array,
    from: number,
    to: number,
    columns: AnyColumns,
    maxLineBytes: number,
    progress: Progress,
  ): Promise<void> {
    progress.lines = 0;
    let at = from;
    do {
      this.#request(control, at, to, columns, maxLineBytes);
      // oxlint-disable-next-line no-await-in-loop -- again only where levels need more room than there was
      const stop = await this.#prepared.decodeLinesAsync(bytes, control, this.#arrays(columns));
      at = this.#answer(stop, control, columns, progress);
    } while (progress.stop === ROOM);
  }

  /** Decodes documents from the one with index `first` on up to `count`; `ends[i]` is where each one ends. */
  documents(
    control: Float64Array,
    bytes: Uint8Array,
    ends: Uint32Array,
    first: number,
    count: number,
    columns: AnyColumns,
    progress: Progress,
  ): void {
    let at = first;
    do {
      this.#request(control, at, count, columns, 0);
      const stop = this.#prepared.decodeDocuments(bytes, control, ends, this.#arrays(columns));
      at = this.#answer(stop, control, columns, progress);
    } while (progress.stop === ROOM);
  }

  #request(control: Float64Array, at: number, to: number, columns: AnyColumns, maxLineBytes: number): void {
    this.#learn();
    control[0] = at;
    control[1] = to;
    control[2] = columns.length;
    control[3] = columns.capacity;
    control[4] = maxLineBytes;
  }

  #answer(stop: number, control: Float64Array, columns: AnyColumns, progress: Progress): number {
    progress.stop = stop;
    progress.at = control[0];
    columns.length += control[1];
    progress.lines += control[2];
    if (stop === ROOM) {
      const column = columns.fields[this.#fields[control[3]].name] as LevelsColumn;
      growLevelsColumn(column, column.ticks.length + 1);
    }
    return progress.at;
  }

  #arrays({ fields }: AnyColumns): NativeColumn[] {
    const arrays: NativeColumn[] = [];
    for (const { name, type } of this.#fields) {
      if (type.kind === 'levels') {
        const { ticks, lots, starts } = fields[name] as LevelsColumn;
        arrays.push(ticks, lots, starts);
      } else {
        arrays.push(fields[name] as NativeColumn);
      }
    }
    return arrays;
  }

  #learn(): void {
    for (let place = 0; place < this.#dictionaries.length; place++) {
      if (this.#dictionaries[place].size > this.#known[place]) this.#teach(place);
    }
  }

  #teach(place: number): void {
    const dictionary = this.#dictionaries[place];
    const { size } = dictionary;
    const texts: Uint8Array[] = [];
    const ends = new Uint32Array(size - this.#known[place]);
    let end = 0;
    for (let index = this.#known[place]; index < size; index++) {
      const bytes = Buffer.from(dictionary.textOf(index) as string);
      end += bytes.length;
      ends[texts.push(bytes) - 1] = end;
    }
    this.#prepared.learnTexts(place, Buffer.concat(texts), ends);
    this.#known[place] = size;
  }
}

/** Undefined where native code is not available or does not read the plan. */
export function nativeRowsOf(plan: Plan): NativeRows | undefined {
  const { prepareRows } = backend();
  if (prepareRows === undefined) return undefined;
  const program = nativeProgramOf(plan);
  return program && new NativeRows(prepareRows(program.words, program.keys), program, plan.kinds[0].fields);
}
