/** A way to ask whether something is a document. */
export interface EntryPoint {
  readonly name: string;
  /** What it is given in place of a document, where it reads something that holds one. The engine is then asked about that. */
  readonly around?: (document: Buffer) => Buffer;
  /** Reads in pieces, and is asked with many sizes of them. */
  readonly isChunked?: boolean;
  accepts(bytes: Buffer, chunkBytes: number): boolean | Promise<boolean>;
}
