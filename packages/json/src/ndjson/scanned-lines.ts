import { rowWriter, type AnyColumns, type RowWriter } from '../decoder/columns.ts';
import type { Decoder } from '../decoder/decoder.ts';
import { OK } from '../decoder/reasons.ts';
import type { Slots } from '../decoder/read-value.ts';
import type { Schema } from '../decoder/types.ts';
import type { JsonError, JsonPosition } from '../errors.ts';
import { LineByLine } from './line-decoder.ts';

/** Lines into columns by the scanners of a decoder. */
export class ScannedLines extends LineByLine<AnyColumns> {
  readonly #decoder: Decoder<Schema>;
  readonly #record: Slots;
  readonly #write: RowWriter;

  constructor(decoder: Decoder<Schema>, maxLineBytes: number) {
    super(maxLineBytes);
    this.#decoder = decoder;
    this.#record = decoder.record();
    this.#write = rowWriter(decoder.schema, decoder.isGenerated);
  }

  protected override read(bytes: Buffer, start: number, end: number, columns: AnyColumns): boolean {
    if (this.#decoder.tryDecode(bytes, this.#record as never, start, end) !== OK) return false;
    this.#write(this.#record, columns, columns.length);
    return true;
  }

  override faultOf(line: Buffer, origin: JsonPosition): JsonError {
    return this.#decoder.faultOf(line, 0, line.length, origin) as JsonError;
  }
}
