import type { LineBlock, LineBlocks } from './line-blocks.ts';
import type { Rows } from './line-decoder.ts';

/** What of a block was decoded before its turn: the lines up to `at`. */
export interface DecodedAhead<Into extends Rows> {
  readonly rows: Into;
  readonly at: number;
  readonly lines: number;
}

/** Decodes blocks elsewhere while others are delivered. */
export interface Ahead<Into extends Rows> {
  decode(block: LineBlock): Promise<DecodedAhead<Into>>;
  /** Gives the memory of the rows back. */
  release(decoded: DecodedAhead<Into>): void;
}

/** A block in its turn, with what was decoded of it before. */
export interface Turn<Into extends Rows> {
  readonly block: LineBlock;
  readonly decoded: DecodedAhead<Into> | undefined;
}

/** Below this, having a thread do it takes longer than doing it. */
const AHEAD_MIN_BYTES = 16 * 1024;

/**
 * Keeps `depth` blocks on their way, in order: each is read when the one before it has been, and then decoded, where
 * there are threads to do that, while the next is read.
 */
export class BlocksAhead<Into extends Rows> {
  readonly #blocks: LineBlocks;
  readonly #depth: number;
  readonly #ahead: Ahead<Into> | undefined;
  readonly #turns: Promise<Turn<Into> | undefined>[] = [];
  #read: Promise<unknown> = Promise.resolve();

  constructor(blocks: LineBlocks, depth: number, ahead: Ahead<Into> | undefined) {
    this.#blocks = blocks;
    this.#depth = depth;
    this.#ahead = ahead;
  }

  /** The block whose turn it is, or undefined behind the last one. The same until `shift`. */
  peek(): Promise<Turn<Into> | undefined> {
    this.#fill();
    return this.#turns[0];
  }

  /** Goes on to the next. */
  shift(): void {
    this.#turns.shift();
    this.#fill();
  }

  #fill(): void {
    while (this.#turns.length < this.#depth) {
      const block = this.#read.then(() => this.#blocks.next());
      const turn = block.then((block) => this.#turn(block));
      // Whoever comes to its turn has the error; nobody may.
      block.catch(ignore);
      turn.catch(ignore);
      this.#read = block;
      this.#turns.push(turn);
    }
  }

  async #turn(block: LineBlock | undefined): Promise<Turn<Into> | undefined> {
    if (block === undefined) return undefined;
    const isLarge = block.end - block.from >= AHEAD_MIN_BYTES;
    return { block, decoded: isLarge ? await this.#ahead?.decode(block) : undefined };
  }
}

function ignore(): void {}
