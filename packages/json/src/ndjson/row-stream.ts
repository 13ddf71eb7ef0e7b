import type { ByteSource } from '../source/byte-source.ts';
import { openSource } from '../source/open-source.ts';
import { BatchStream, ItemStream } from '../stream/array-stream.ts';
import { LineReader, type Batching } from './line-reader.ts';
import type { Rows } from './line-decoder.ts';
import type { RowKind } from './row-kind.ts';
import type { Settings } from './settings.ts';
import { newTally, type NdjsonSummary } from './summary.ts';

/** Batches of rows as they are read. */
export class RowStream<Into extends Rows, Batch> extends BatchStream<Batch> {
  readonly summary: NdjsonSummary;

  constructor(
    caller: string,
    source: ByteSource,
    kind: RowKind<Into, Batch>,
    settings: Settings,
    batching: Batching<Into>,
  ) {
    const tally = newTally();
    super(settings.signal, (signal) => {
      const reading = { caller, signal };
      const reader = openSource(source, { ...reading, compression: settings.compression });
      async function* batches(): AsyncGenerator<Batch, void, undefined> {
        // Here, so that a stream that is never read takes no memory.
        yield* new LineReader(reader, reading, kind, settings, batching, tally).batches();
      }
      return { source: reader, batches: batches() };
    });
    this.summary = tally;
  }
}

/** The rows of batches, one by one. */
export class ValueStream<T> extends ItemStream<T> {
  readonly summary: NdjsonSummary;

  constructor(batches: RowStream<never, readonly T[]>) {
    super(batches);
    this.summary = batches.summary;
  }
}
