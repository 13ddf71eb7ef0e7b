import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ByteReader } from './byte-source.ts';
import { throwIfAborted } from './reading.ts';
import type { Reading } from './reading.ts';
import { messageOf, sourceError } from './source-error.ts';

/**
 * Reads a file straight into the caller's memory: a stream would allocate every chunk and copy it.
 *
 * The file is opened by the first read. A regular file is read up to the size that it has then, so that a log which is
 * appended to gives what it held, and one that becomes shorter is an error instead of an early end. What has no size (a pipe,
 * a device, most of /proc) is read to its end.
 */
export class FileReader implements ByteReader {
  bytesRead = 0;
  totalBytes: number | undefined;
  readonly #path: string | URL;
  readonly #reading: Reading;
  #file: FileHandle | undefined;
  #underWay: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(path: string | URL, reading: Reading) {
    this.#path = path;
    this.#reading = reading;
  }

  read(target: Uint8Array, from: number): Promise<number> {
    const read = this.#read(target, from);
    // Closing waits for it; its error is for whoever reads.
    this.#underWay = read.catch(() => undefined);
    return read;
  }

  async #read(target: Uint8Array, from: number): Promise<number> {
    throwIfAborted(this.#reading);
    if (this.#isClosed) return 0;
    const file = (this.#file ??= await this.#open());
    const room = target.length - from;
    const wanted = this.totalBytes === undefined ? room : Math.min(room, this.totalBytes - this.bytesRead);
    if (wanted === 0) return 0;
    let count: number;
    try {
      // Where the file itself is: pipes have no other positions.
      ({ bytesRead: count } = await file.read(target, from, wanted, null));
    } catch (cause) {
      throw sourceError(`${this.#name()} cannot be read on`, this.bytesRead, messageOf(cause), cause);
    }
    if (count === 0 && this.totalBytes !== undefined) {
      const what = `${this.#name()} had ${this.totalBytes} bytes when it was opened, and ends`;
      throw sourceError(what, this.bytesRead, 'read it when nothing truncates it');
    }
    this.bytesRead += count;
    return count;
  }

  async #open(): Promise<FileHandle> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, 'r');
      const status = await file.stat();
      if (status.isDirectory()) throw new Error('it is a directory');
      // A size of 0 may be that of a file of /proc, which has content all the same.
      if (status.isFile() && status.size > 0) this.totalBytes = status.size;
      return file;
    } catch (cause) {
      await file?.close();
      throw sourceError(`${this.#name()} cannot be opened`, 0, messageOf(cause), cause);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // A descriptor that is closed under a read may have become another file's when the read gets to it.
    await this.#underWay;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  #name(): string {
    return `file ${typeof this.#path === 'string' ? JSON.stringify(this.#path) : this.#path.href}`;
  }
}
