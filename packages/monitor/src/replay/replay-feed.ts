import type { VenueId } from '@perf/structures';
import { decimalsOf } from '@perf/internal';
import { MonitorError } from '../errors.ts';
import { Pipeline } from '../pipeline.ts';
import type { SymbolWatch } from '../symbol-watch.ts';
import { openFrame } from '../venues/binance/general.ts';
import { decodeSnapshot, snapshotTexts } from '../venues/binance/snapshot.ts';
import type { Instrument } from '../venues/instrument.ts';
import { levelColumns } from '../venues/records.ts';
import { FrameRejection, RejectionLog } from '../venues/rejection.ts';
import { decimalScale, type Scale } from '../venues/scale.ts';

interface HeldMessage {
  readonly bytes: Uint8Array;
  readonly line: number;
}

/** Messages kept until the symbol and its scales are known; a recorder asks for the snapshot within seconds. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;
const SNAPSHOT_START = Buffer.from('{"lastUpdateId"');

/**
 * The messages of a recording on their way into the pipeline.
 *
 * A recording names neither its symbol nor its tick and lot size. So messages are held until the first event (which has
 * the symbol) and the first snapshot (which has the decimals) were read, and then go through in order. When a later value
 * has more decimals than any before, the scales are refined and the book with them, exactly; scales that the user gave
 * are never changed.
 */
export class ReplayFeed {
  pipeline: Pipeline | undefined;
  /** Lines that never reached the pipeline. */
  readonly refused: RejectionLog = new RejectionLog();
  snapshots = 0;
  /** Snapshots that came while the book was in order, so they were not needed. */
  unusedSnapshots = 0;

  readonly #venue: VenueId;
  readonly #tick: Scale | undefined;
  readonly #lot: Scale | undefined;
  #held: HeldMessage[] = [];
  #heldBytes = 0;
  #symbol: string | undefined;
  #snapshotBody: Uint8Array | undefined;
  #watch: SymbolWatch | undefined;

  constructor(venue: VenueId, scales: { readonly tick: Scale | undefined; readonly lot: Scale | undefined }) {
    this.#venue = venue;
    this.#tick = scales.tick;
    this.#lot = scales.lot;
  }

  get watch(): SymbolWatch | undefined {
    return this.#watch;
  }

  message(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.pipeline === undefined) this.#hold(bytes.slice(start, end), line);
    else this.#process(bytes, start, end, line);
  }

  refuse(line: number, message: string): void {
    this.refused.add('wrong-shape', `line ${line}: ${message}`);
  }

  /** The recording is at its end. Throws `ERR_PERF_MONITOR_RECORDING` where it cannot make a book. */
  finish(): void {
    if (this.#watch === undefined) throw this.#unusable();
    this.#watch.check.finish();
    if (this.#watch.sync.state !== 'live') {
      throw new MonitorError(
        'ERR_PERF_MONITOR_BOOK',
        `the recording ends with the ${this.#watch.symbol} book out of step: it would need another snapshot`,
        { symbol: this.#watch.symbol },
      );
    }
  }

  /** The recording broke off: what can still be decided is. */
  abandon(): void {
    this.#watch?.check.finish();
  }

  #hold(bytes: Uint8Array, line: number): void {
    this.#held.push({ bytes, line });
    this.#heldBytes += bytes.length;
    this.#look(bytes);
    const scalesKnown = this.#snapshotBody !== undefined || (this.#tick !== undefined && this.#lot !== undefined);
    if (this.#symbol !== undefined && scalesKnown) this.#start();
    else if (this.#heldBytes > MAX_HELD_BYTES) throw this.#unusable();
  }

  /** Takes symbol or snapshot out of a message; what cannot be read is left to the pipeline to refuse. */
  #look(bytes: Uint8Array): void {
    let data: Record<string, unknown>;
    try {
      ({ data } = openFrame(bytes));
    } catch (error) {
      if (error instanceof FrameRejection) return;
      throw error;
    }
    if ('lastUpdateId' in data) this.#snapshotBody ??= bytes;
    else if (data.e === 'depthUpdate' && typeof data.s === 'string') this.#symbol ??= data.s;
  }

  #start(): void {
    const held = this.#held;
    let { tick, lot } = this.#scales();
    // A value before the snapshot may be finer than all of it: begin again with the finer scale, the book is still empty.
    for (;;) {
      const instrument: Instrument = { symbol: this.#symbol!, tick, lot };
      this.pipeline = new Pipeline({ venue: this.#venue, instruments: [instrument], maxFrameBytes: Infinity });
      this.#watch = this.pipeline.watches.get(instrument.symbol)!;
      this.snapshots = 0;
      this.unusedSnapshots = 0;
      if (held.every(({ bytes, line }) => this.#process(bytes, 0, bytes.length, line, true))) break;
      ({ tick, lot } = instrument);
    }
    this.#held = [];
    this.#heldBytes = 0;
    this.#snapshotBody = undefined;
  }

  #scales(): { tick: Scale; lot: Scale } {
    if (this.#tick !== undefined && this.#lot !== undefined) return { tick: this.#tick, lot: this.#lot };
    const { prices, quantities } = snapshotTexts(this.#snapshotBody!);
    return {
      tick: this.#tick ?? decimalScale(mostDecimals(prices)),
      lot: this.#lot ?? decimalScale(mostDecimals(quantities)),
    };
  }

  /** Returns false where the scales were refined and `restart` was asked for. */
  #process(bytes: Uint8Array, start: number, end: number, line: number, restart = false): boolean {
    const pipeline = this.pipeline!;
    for (;;) {
      if (startsWith(bytes, start, SNAPSHOT_START)) {
        this.#snapshot(bytes.subarray(start, end), line);
        return true;
      }
      const refusals = pipeline.rejections.total;
      const kind = pipeline.frame(bytes, start, end);
      if (kind === 'other' && this.#snapshot(bytes.subarray(start, end), line)) {
        pipeline.others--;
        return true;
      }
      if (kind !== 'rejected' || pipeline.rejections.total === refusals) return true;
      const { rejection } = pipeline.decoder;
      if (rejection?.reason !== 'off-grid' || !this.#refine(rejection, restart)) return true;
      pipeline.rejections.takeBack('off-grid');
      pipeline.frames--;
      if (restart) return false;
    }
  }

  /** A REST depth answer in the recording; false where the message is something else. */
  #snapshot(body: Uint8Array, line: number): boolean {
    const watch = this.#watch!;
    try {
      if (!('lastUpdateId' in openFrame(body).data)) return false;
      this.snapshots++;
      if (watch.sync.state === 'live') {
        this.unusedSnapshots++;
        return true;
      }
      watch.snapshot(decodeSnapshot(body, watch.instrument));
    } catch (error) {
      if (error instanceof FrameRejection)
        this.pipeline!.rejections.add(error.reason, `line ${line}: ${error.message}`);
      else this.pipeline!.rejections.add('refused-by-book', `line ${line}: ${(error as Error).message}`);
    }
    return true;
  }

  /** Moves to the decimals that the refused value needs. False where the user fixed the scale, or it would not fit. */
  #refine({ decimals, scale }: FrameRejection, restart: boolean): boolean {
    const { instrument } = this.#watch!;
    if (decimals === undefined || scale === undefined) return false;
    const isTick = scale === instrument.tick;
    if ((isTick ? this.#tick : this.#lot) !== undefined) return false;
    const factor = 10 ** (decimals - scale.decimals);
    if (!restart && !this.#rescale(isTick ? factor : 1, isTick ? 1 : factor)) return false;
    if (isTick) instrument.tick = decimalScale(decimals);
    else instrument.lot = decimalScale(decimals);
    return true;
  }

  #rescale(tickFactor: number, lotFactor: number): boolean {
    const watch = this.#watch!;
    const { book, sync, check } = watch;
    // What is buffered for a snapshot is on the old scale; a new snapshot restarts from its own buffer anyway.
    if (sync.state !== 'live') watch.reset('the scale was refined');
    const bids = levelColumns(Math.max(1, book.bidLevels));
    const asks = levelColumns(Math.max(1, book.askLevels));
    book.depthInto('bid', bids, book.bidLevels);
    book.depthInto('ask', asks, book.askLevels);
    for (const side of [bids, asks]) {
      for (let index = 0; index < side.length; index++) {
        side.ticks[index] *= tickFactor;
        side.lots[index] *= lotFactor;
        if (side.ticks[index] > Number.MAX_SAFE_INTEGER || side.lots[index] > Number.MAX_SAFE_INTEGER) return false;
      }
    }
    book.load({ bids, asks });
    check.rescale(tickFactor, lotFactor);
    return true;
  }

  #unusable(): MonitorError {
    const missing = this.#symbol === undefined ? 'depth event' : 'depth snapshot (a line with "lastUpdateId")';
    return new MonitorError(
      'ERR_PERF_MONITOR_RECORDING',
      `the recording has no ${missing}, so there is no book to build: is it a ${this.#venue} recording in this format?`,
    );
  }
}

function mostDecimals(texts: readonly string[]): number {
  let most = 0;
  for (const text of texts) most = Math.max(most, decimalsOf(text));
  return most;
}

function startsWith(bytes: Uint8Array, start: number, expected: Uint8Array): boolean {
  for (let at = 0; at < expected.length; at++) if (bytes[start + at] !== expected[at]) return false;
  return true;
}
