import type { Chunks } from './chunk-reader.ts';

/** The part of a web `ReadableStream` that is used: its type belongs to no language level that is asked for. */
interface WebStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
    cancel(): Promise<void>;
  };
}

type AnyIterator = AsyncIterator<unknown> | Iterator<unknown>;

/** The chunks of a stream or an iterable, which is not touched before the first is asked for; undefined for anything else. */
export function chunksOf(source: unknown): Chunks | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  // Before the iterators: a reader can cancel while it waits, an iterator cannot.
  if ('getReader' in source && typeof source.getReader === 'function') return webChunks(source as unknown as WebStream);
  if (Symbol.asyncIterator in source) {
    return iteratedChunks(source, () => (source as AsyncIterable<unknown>)[Symbol.asyncIterator]());
  }
  if (Symbol.iterator in source) return iteratedChunks(source, () => (source as Iterable<unknown>)[Symbol.iterator]());
  return undefined;
}

/** Bytes at hand, as the only chunk. */
export function oneChunk(bytes: Uint8Array): Chunks {
  let rest: Uint8Array | undefined = bytes;
  return {
    next: () => {
      const chunk = rest;
      rest = undefined;
      return Promise.resolve(chunk);
    },
    stop: () => undefined,
  };
}

function webChunks(stream: WebStream): Chunks {
  let reader: ReturnType<WebStream['getReader']> | undefined;
  const started = (): NonNullable<typeof reader> => (reader ??= stream.getReader());
  return {
    next: async () => {
      const { done, value } = await started().read();
      return done ? undefined : value;
    },
    stop: () => started().cancel(),
  };
}

function iteratedChunks(source: object, start: () => AnyIterator): Chunks {
  let iterator: AnyIterator | undefined;
  return {
    next: async () => {
      const { done, value } = await (iterator ??= start()).next();
      return done === true ? undefined : value;
    },
    stop: () => {
      // A Readable: its iterator would hear of it only after the next chunk.
      if ('destroy' in source && typeof source.destroy === 'function') return void source.destroy();
      return iterator?.return?.();
    },
  };
}
