const SURROGATE_MASK = 0xfc00;
const HIGH_SURROGATE = 0xd800;

/** Text on its way to bytes: put together until a chunk is full, then encoded, so that small parts cost no call each. */
export class TextChunks {
  readonly #chunkBytes: number;
  readonly #encoder = new TextEncoder();
  #text = '';

  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  add(text: string): void {
    this.#text += text;
  }

  /** Whether a chunk can be filled: a character takes at least one byte. */
  get isFull(): boolean {
    return this.#text.length >= this.#chunkBytes;
  }

  *full(): Generator<Uint8Array, void, undefined> {
    while (this.isFull) yield this.#take();
  }

  *rest(): Generator<Uint8Array, void, undefined> {
    while (this.#text !== '') yield this.#take();
  }

  /** Characters are never cut: a chunk may be up to three bytes short. */
  #take(): Uint8Array {
    const end = this.#end();
    // A UTF-16 unit takes at most three bytes.
    const chunk = Buffer.allocUnsafeSlow(Math.min(this.#chunkBytes, end * 3));
    // No more than may fit: what the encoder does with the rest of a long text is its own business.
    const { read, written } = this.#encoder.encodeInto(this.#text.slice(0, end), chunk);
    this.#text = this.#text.slice(read);
    return chunk.subarray(0, written);
  }

  /** Up to where the text may fit into a chunk, but not between the halves of a pair. */
  #end(): number {
    const end = Math.min(this.#chunkBytes, this.#text.length);
    const isCut = end < this.#text.length && (this.#text.charCodeAt(end - 1) & SURROGATE_MASK) === HIGH_SURROGATE;
    return isCut ? end - 1 : end;
  }
}
