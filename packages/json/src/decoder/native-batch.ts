import { isGone } from '../input.ts';
import type { AnyColumns } from './columns.ts';
import { END, type NativeRows } from './native-rows.ts';

/** As much as stays in a cache next to the CPU between the copy and the reading. */
const STAGE_BYTES = 64 * 1024;
const STAGE_FRAMES = 512;
const LINE_FEED = 0x0a;

/**
 * Small messages in one call: they are copied one behind the other, because asking the engine where each of them is costs
 * more than copying it. Larger ones are decoded where they are.
 */
export class NativeBatch {
  readonly #rows: NativeRows;
  readonly #control: Float64Array;
  readonly #progress = { stop: END, at: 0, lines: 0 };
  readonly #stage: Uint8Array = new Uint8Array(STAGE_BYTES);
  readonly #ends: Uint32Array = new Uint32Array(STAGE_FRAMES);
  /** The frame that is first on the stage, and how many there are. */
  #first = 0;
  #count = 0;

  constructor(rows: NativeRows) {
    this.#rows = rows;
    this.#control = rows.newControl();
  }

  /** Forgets the frames of the batch before. */
  begin(): void {
    this.#count = 0;
  }

  /**
   * Appends rows for frames from `from` on, until the columns are full or a frame is for JavaScript. How many frames were
   * taken.
   */
  decode(frames: readonly Uint8Array[], from: number, columns: AnyColumns): number {
    let at = from;
    while (at < frames.length && columns.length < columns.capacity) {
      const isStaged = at >= this.#first && at < this.#first + this.#count;
      if (!isStaged && !this.#fill(frames, at)) {
        // One that is too long for the stage, or no frame at all.
        if (!this.#decodeAlone(frames[at], columns)) break;
        at++;
        continue;
      }
      const progress = this.#progress;
      const index = at - this.#first;
      this.#rows.documents(this.#control, this.#stage, this.#ends, index, this.#count, columns, progress);
      at = this.#first + progress.at;
      if (progress.stop !== END) break;
    }
    return at - from;
  }

  /** Puts frames on the stage, as many as there is room for. False where the first is not one for it. */
  #fill(frames: readonly Uint8Array[], from: number): boolean {
    const stage = this.#stage;
    const ends = this.#ends;
    const last = Math.min(frames.length, from + STAGE_FRAMES);
    let end = 0;
    let at = from;
    for (; at < last; at++) {
      const frame = frames[at];
      // Whatever else it may be, JavaScript has the error for it.
      if (!(frame instanceof Uint8Array) || isGone(frame) || end + frame.length >= STAGE_BYTES) break;
      stage.set(frame, end);
      end += frame.length;
      ends[at - from] = end;
      stage[end++] = LINE_FEED;
    }
    this.#first = from;
    this.#count = at - from;
    return at > from;
  }

  #decodeAlone(frame: unknown, columns: AnyColumns): boolean {
    if (!(frame instanceof Uint8Array)) return false;
    const ends = Uint32Array.of(frame.length);
    this.#rows.documents(this.#control, frame, ends, 0, 1, columns, this.#progress);
    return this.#progress.stop === END;
  }
}
