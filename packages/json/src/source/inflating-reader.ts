import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { ByteReader, Compression } from './byte-source.ts';
import { messageOf, sourceError } from './source-error.ts';

/** Compressed bytes that are given to the engine at once, and what it gives back at once. */
const INPUT_BYTES = 64 * 1024;
const OUTPUT_BYTES = 128 * 1024;

/** As much as is needed to tell the formats. */
const MAGIC_BYTES = 4;

type Format = 'none' | 'gzip' | 'zstd';

/** What there is of `node:zlib` beyond a stream. */
interface Engine extends Transform {
  /** How many of the bytes that were written the engine has used. */
  readonly bytesWritten: number;
}

/**
 * Decompresses another reader's bytes, on the threads of `node:zlib`, no further ahead than one chunk: whatever the ratio,
 * memory is bounded.
 *
 * A file may hold several gzip members or zstd frames. An engine of `node:zlib` may end after one of them and drop what follows in
 * the same chunk (nodejs/node#64741), so it gets one chunk at a time, and what it has not used goes to a new engine.
 */
export class InflatingReader implements ByteReader {
  readonly #raw: ByteReader;
  readonly #input: Buffer = Buffer.allocUnsafe(INPUT_BYTES);
  /** Input that no engine has used yet. */
  #from = 0;
  #to = 0;
  #format: Format | undefined;
  #isRawOver = false;
  #engine: Engine | undefined;
  #given = 0;
  #isBusy = false;
  #isEnded = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;
  #output: Buffer = Buffer.alloc(0);
  #at = 0;
  #isClosed = false;

  constructor(raw: ByteReader, compression: Compression) {
    this.#raw = raw;
    this.#format = compression === 'auto' ? undefined : compression;
  }

  get bytesRead(): number {
    return this.#raw.bytesRead;
  }

  get totalBytes(): number | undefined {
    return this.#raw.totalBytes;
  }

  async read(target: Uint8Array, from: number): Promise<number> {
    if (this.#isClosed) return 0;
    this.#format ??= await this.#recognize();
    if (this.#format === 'none') return this.#pass(target, from);
    while (this.#at === this.#output.length) {
      const output = await this.#inflate();
      if (output === undefined) return 0;
      this.#output = output;
      this.#at = 0;
    }
    const count = Math.min(this.#output.length - this.#at, target.length - from);
    target.set(this.#output.subarray(this.#at, this.#at + count), from);
    this.#at += count;
    return count;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopEngine();
    this.#wake();
    await this.#raw.close();
  }

  /** What was read to recognize the format, then the source itself. */
  async #pass(target: Uint8Array, from: number): Promise<number> {
    if (this.#from === this.#to) return this.#raw.read(target, from);
    const count = Math.min(this.#to - this.#from, target.length - from);
    target.set(this.#input.subarray(this.#from, this.#from + count), from);
    this.#from += count;
    return count;
  }

  async #recognize(): Promise<Format> {
    while (this.#to - this.#from < MAGIC_BYTES && (await this.#fill()));
    return formatOf(this.#input.subarray(this.#from, this.#to));
  }

  /** Adds to the input, whose used part is given up. False at the end. */
  async #fill(): Promise<boolean> {
    if (this.#isRawOver) return false;
    if (this.#from > 0) {
      this.#input.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
    }
    const count = await this.#raw.read(this.#input, this.#to);
    this.#to += count;
    this.#isRawOver = count === 0;
    return !this.#isRawOver;
  }

  /** The next chunk of output, or undefined at the end. */
  async #inflate(): Promise<Buffer | undefined> {
    while (!this.#isClosed) {
      const engine = (this.#engine ??= this.#startEngine());
      const output = engine.read() as Buffer | null;
      if (output !== null) return output;
      if (this.#failure !== undefined) throw this.#damaged(this.#failure);
      if (this.#isEnded) {
        if (!(await this.#continues())) return undefined;
      } else {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        if (!this.#isBusy) await this.#feed(engine);
        await woken;
      }
    }
    return undefined;
  }

  async #feed(engine: Engine): Promise<void> {
    this.#isBusy = true;
    if (this.#from === this.#to) await this.#fill();
    if (this.#isClosed) return;
    if (this.#from === this.#to) {
      // Busy from now on: what comes is the rest of the output, and the end or an error.
      engine.end();
      return;
    }
    this.#given += this.#to - this.#from;
    engine.write(this.#input.subarray(this.#from, this.#to), () => {
      if (engine !== this.#engine) return;
      this.#from = this.#to - this.#unused(engine);
      // What is left is not for this engine: it has ended, and says so when its output is read.
      this.#isBusy = this.#from < this.#to;
      this.#wake();
    });
  }

  #unused(engine: Engine): number {
    return this.#given - engine.bytesWritten;
  }

  /** After an engine has ended: whether there is another member or frame. */
  async #continues(): Promise<boolean> {
    this.#from = this.#to - this.#unused(this.#engine as Engine);
    this.#stopEngine();
    while (this.#to - this.#from < MAGIC_BYTES && (await this.#fill()));
    const rest = this.#input.subarray(this.#from, this.#to);
    if (rest.length === 0) return false;
    if (formatOf(rest) === this.#format) return true;
    // Some archives are padded.
    if (this.#format === 'gzip' && (await this.#areZeros())) return false;
    throw this.#damaged(new Error('something else follows the compressed data'));
  }

  async #areZeros(): Promise<boolean> {
    do {
      if (this.#input.subarray(this.#from, this.#to).some((byte) => byte !== 0)) return false;
      this.#from = this.#to;
    } while (await this.#fill());
    return true;
  }

  #startEngine(): Engine {
    const create = this.#format === 'gzip' ? createGunzip : createZstdDecompress;
    const engine = create({ chunkSize: OUTPUT_BYTES }) as unknown as Engine;
    this.#given = 0;
    this.#isBusy = false;
    this.#isEnded = false;
    const wake = (): void => this.#wake();
    engine.on('readable', wake);
    engine.on('end', () => {
      if (engine !== this.#engine) return;
      this.#isEnded = true;
      wake();
    });
    engine.on('error', (error: Error) => {
      if (engine !== this.#engine) return;
      this.#failure = error;
      wake();
    });
    return engine;
  }

  #stopEngine(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    engine?.destroy();
  }

  #damaged(cause: Error): Error {
    const what = `the ${this.#format} data is damaged or cut off`;
    return sourceError(what, this.bytesRead, messageOf(cause), cause);
  }
}

function formatOf(bytes: Uint8Array): Format {
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.length < MAGIC_BYTES) return 'none';
  const magic = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE();
  // Frames of data, and those that are to be skipped.
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none';
}
