/**
 * Where bytes come from: the path of a file or its `file:` URL, the bytes themselves, or what gives them in chunks (a
 * `Readable`, a web `ReadableStream`, any iterable of `Uint8Array`). Text is always a path, never a document.
 */
export type ByteSource = string | URL | Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** How the bytes are compressed. `auto` looks at the first four, which no JSON document starts with. */
export type Compression = 'auto' | 'none' | 'gzip' | 'zstd';

/** How far reading has come, for progress bars. */
export interface SourceProgress {
  /** Bytes taken from the source so far: compressed ones, where it is compressed. */
  readonly bytesRead: number;
  /** How many the source has, where that is known: of files and of bytes. */
  readonly totalBytes: number | undefined;
}

/** Chunks of bytes, one after the other. */
export interface ByteReader extends SourceProgress {
  /**
   * Puts bytes into `target` from `from` on. How many: at least one and at most what fits, or 0 at the end. One call at a
   * time; nothing refers to `target` once it has settled.
   */
  read(target: Uint8Array, from: number): Promise<number>;
  /** Releases the source. May be called again, never fails, and waits for a read of a file that is under way. */
  close(): Promise<void>;
}
