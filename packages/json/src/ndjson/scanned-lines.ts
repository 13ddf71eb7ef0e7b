import type { AnyColumns } from '../decoder/columns.ts';
import { rowReaderOf, type Decoder, type RowReader } from '../decoder/decoder.ts';
import { OK } from '../decoder/reasons.ts';
import type { Schema } from '../decoder/types.ts';
import type { JsonError, JsonPosition } from '../errors.ts';
import { LineByLine } from './line-decoder.ts';

/** Lines into columns by the scanners of a decoder. */
export class ScannedLines extends LineByLine<AnyColumns> {
  readonly #decoder: Decoder<Schema>;
  readonly #rows: RowReader;

  constructor(decoder: Decoder<Schema>, maxLineBytes: number) {
    super(maxLineBytes);
    this.#decoder = decoder;
    this.#rows = rowReaderOf(decoder) as RowReader;
  }

  protected override read(bytes: Buffer, start: number, end: number, columns: AnyColumns): boolean {
    if (this.#rows.read(bytes, start, end, columns) !== OK) return false;
    columns.length++;
    return true;
  }

  override faultOf(line: Buffer, origin: JsonPosition): JsonError {
    return this.#decoder.faultOf(line, 0, line.length, origin) as JsonError;
  }
}
