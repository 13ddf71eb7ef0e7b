import { isUtf8 } from 'node:buffer';
import { backend } from '../backend.ts';
import type { JsonError, JsonPosition } from '../errors.ts';
import type { Fault } from '../fault.ts';
import { ANY_DEPTH } from '../limits.ts';
import { faultError } from '../report.ts';
import type { LineBlock } from './line-blocks.ts';
import { LineByLine, type LineProgress, type Rows } from './line-decoder.ts';

/** The values of lines. */
export class ValueRows implements Rows {
  readonly capacity: number;
  readonly values: unknown[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.values.length;
  }
}

/** Lines into the values that `JSON.parse` makes of strictly decoded text. */
export class ParsedLines extends LineByLine<ValueRows> {
  /** Whether the block is UTF-8: one look at all of it is cheaper than one per line. */
  #isUtf8 = false;
  #block: LineBlock | undefined;

  override decode(block: LineBlock, from: number, rows: ValueRows): LineProgress {
    if (this.#block !== block) {
      this.#block = block;
      this.#isUtf8 = isUtf8(block.bytes.subarray(block.from, block.end));
    }
    return super.decode(block, from, rows);
  }

  protected override read(bytes: Buffer, start: number, end: number, { values }: ValueRows): boolean {
    if (!this.#isUtf8 && !isUtf8(bytes.subarray(start, end))) return false;
    const text = bytes.toString('utf8', start, end);
    try {
      values.push(JSON.parse(text));
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  override faultOf(line: Buffer, origin: JsonPosition): JsonError {
    const fault = backend().findFault(line, ANY_DEPTH) as Fault;
    return faultError(line, fault, ANY_DEPTH, undefined, origin);
  }
}
