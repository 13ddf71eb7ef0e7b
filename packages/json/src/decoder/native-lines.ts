import { JsonError } from '../errors.ts';
import type { AnyColumns } from './columns.ts';
import { planOfDecoder } from './decoder.ts';
import { END, FULL, nativeRowsOf, type NativeRows, type Progress } from './native-rows.ts';
import type { Plan } from './plan.ts';

/** Why native decoding of lines stopped. */
export type LinesStop =
  /** All lines of the range are decoded. */
  | 'end'
  /** The columns are full. */
  | 'full'
  /**
   * The line at `at` is for JavaScript: bad, too long, or unusual (a text that is new to a dictionary, a key that comes
   * twice, an escape where native code does not read one).
   */
  | 'line';

export interface LinesResult {
  readonly stop: LinesStop;
  /** The start of the first line that is not decoded, or the end of the range. */
  readonly at: number;
  /** Line feeds that were passed; blank lines count. */
  readonly lines: number;
}

/** Decodes lines natively. Bad lines are neither told nor passed: decoding stops in front of them. */
export interface NativeLines {
  /**
   * Decodes lines of `bytes[from, to)`, which starts with a line and ends with one, into rows from `columns.length` on,
   * and raises that. A line longer than `maxLineBytes`, without its line feed, stops it.
   */
  decode(bytes: Uint8Array, from: number, to: number, columns: AnyColumns, maxLineBytes: number): LinesResult;
  /**
   * The same on a thread of ours, several at a time. `bytes` and `columns` must be on shared memory, which cannot be
   * detached while a thread works on it, and nobody else may use them until the promise is settled. Rejects with
   * `ERR_PERF_JSON_INPUT` where they are not.
   */
  decodeAsync(
    bytes: Uint8Array,
    from: number,
    to: number,
    columns: AnyColumns,
    maxLineBytes: number,
  ): Promise<LinesResult>;
}

class RowsOfLines implements NativeLines {
  readonly #rows: NativeRows;
  readonly #control: Float64Array;

  constructor(rows: NativeRows) {
    this.#rows = rows;
    this.#control = rows.newControl();
  }

  decode(bytes: Uint8Array, from: number, to: number, columns: AnyColumns, maxLineBytes: number): LinesResult {
    const progress = { stop: END, at: from, lines: 0 };
    this.#rows.lines(this.#control, bytes, from, to, columns, maxLineBytes, progress);
    return resultOf(progress);
  }

  async decodeAsync(
    bytes: Uint8Array,
    from: number,
    to: number,
    columns: AnyColumns,
    maxLineBytes: number,
  ): Promise<LinesResult> {
    if (!(bytes.buffer instanceof SharedArrayBuffer)) {
      throw new JsonError('ERR_PERF_JSON_INPUT', 'decodeAsync: bytes and columns must be on shared memory');
    }
    const progress = { stop: END, at: from, lines: 0 };
    await this.#rows.linesAsync(this.#rows.newControl(), bytes, from, to, columns, maxLineBytes, progress);
    return resultOf(progress);
  }
}

function resultOf({ stop, at, lines }: Progress): LinesResult {
  return { stop: stop === END ? 'end' : stop === FULL ? 'full' : 'line', at, lines };
}

/** Prepared once per decoder: its threads stay as long as it does. */
const PREPARED = new WeakMap<Plan, NativeLines>();

/** Undefined where native code is not available, or the schema is one that only JavaScript reads. */
export function nativeLines(decoder: unknown): NativeLines | undefined {
  const plan = planOfDecoder(decoder);
  if (plan === undefined) return undefined;
  const prepared = PREPARED.get(plan);
  if (prepared !== undefined) return prepared;
  const rows = nativeRowsOf(plan);
  const lines = rows && new RowsOfLines(rows);
  if (lines !== undefined) PREPARED.set(plan, lines);
  return lines;
}
