// The naive twin of readNdjson: the whole input in memory, cut at line feeds, each line read by whatever is known to be right.
import { decoder } from '../../decoder/decoder.ts';
import { naiveDecode } from '../../decoder/testing/naive-decode.ts';
import type { Schema } from '../../decoder/types.ts';
import { validate } from '../../validate.ts';

export interface NaiveFault {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly byteOffset: number;
}

export interface NaiveLines<Row> {
  readonly rows: readonly Row[];
  readonly faults: readonly NaiveFault[];
  readonly rowsBeforeFault: number;
  readonly lines: number;
}

/** What a line is, with a fault's place in the line. */
export type NaiveLine<Row> = { readonly row: Row } | { readonly fault: NaiveFault };

/** A row's fields: texts of dictionaries as texts, levels as pairs. */
export type NaiveRow = Readonly<Record<string, unknown>>;

export function naiveColumns(input: Buffer, schema: Schema, maxLineBytes: number = Infinity): NaiveLines<NaiveRow> {
  const shape = {
    within: [],
    discriminator: undefined,
    kinds: { '': schema },
    maxLevels: 10_000,
    maxTextEntries: 10_000,
  };
  const reader = decoder(schema, { codeGeneration: false });
  return naiveLines(input, maxLineBytes, (line) => {
    const { values } = naiveDecode(line, shape);
    // The place of a fault in its message has tests of its own.
    return values === undefined ? { fault: reader.faultOf(line) as NaiveFault } : { row: values };
  });
}

export function naiveValues(input: Buffer, maxLineBytes: number = Infinity): NaiveLines<unknown> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return naiveLines<unknown>(input, maxLineBytes, (line) => {
    try {
      return { row: JSON.parse(text.decode(line)) as unknown };
    } catch {
      return { fault: validate(line) as NaiveFault };
    }
  });
}

export function naiveLines<Row>(
  input: Buffer,
  maxLineBytes: number,
  read: (line: Buffer) => NaiveLine<Row>,
): NaiveLines<Row> {
  const rows: Row[] = [];
  const faults: NaiveFault[] = [];
  let rowsBeforeFault = -1;
  let lines = 0;
  // A byte order mark at the very start is no part of the first line.
  let start = input.subarray(0, 3).toString('latin1') === '\xef\xbb\xbf' ? 3 : 0;
  while (start < input.length) {
    const lineFeed = input.indexOf('\n', start);
    const end = lineFeed < 0 ? input.length : lineFeed;
    const line = input.subarray(start, end);
    lines++;
    if (line.length > maxLineBytes) {
      refuse({ code: 'ERR_PERF_JSON_SIZE', line: 1, column: 1, byteOffset: 0 });
    } else if (!/^[ \t\r]*$/.test(line.toString('latin1'))) {
      const result = read(line);
      if ('row' in result) rows.push(result.row);
      else refuse(result.fault);
    }
    start = end + 1;
  }
  return { rows, faults, rowsBeforeFault: rowsBeforeFault < 0 ? rows.length : rowsBeforeFault, lines };

  function refuse({ code, column, byteOffset }: NaiveFault): void {
    if (rowsBeforeFault < 0) rowsBeforeFault = rows.length;
    faults.push({ code, line: lines, column, byteOffset: start + byteOffset });
  }
}

/** The part of an error that the twin knows. */
export function faultOf({ code, line, column, byteOffset }: Partial<NaiveFault>): Partial<NaiveFault> {
  return { code: code as string, line: line as number, column: column as number, byteOffset: byteOffset as number };
}
