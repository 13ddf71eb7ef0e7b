import { feedFault } from './options.ts';
import type { FeedSettings } from './options.ts';

type WriteFrame = (streams: string[], id: number) => string;

/** The streams that are wanted, in the order they were asked for, and the frames that say so to the server. */
export class Subscriptions {
  readonly #settings: FeedSettings;
  readonly #wanted: Set<string>;
  #lastId: number;

  constructor(settings: FeedSettings) {
    this.#settings = settings;
    this.#wanted = new Set();
    this.#lastId = 0;
    this.add(settings.subscriptions);
  }

  get size(): number {
    return this.#wanted.size;
  }

  list(): string[] {
    return [...this.#wanted];
  }

  /** Returns those that were not wanted before. */
  add(streams: readonly string[]): string[] {
    const added = [...new Set(streams)].filter((stream) => !this.#wanted.has(stream));
    const { maxSubscriptions } = this.#settings;
    if (this.#wanted.size + added.length > maxSubscriptions) {
      throw feedFault(
        `Feed: ${this.#wanted.size + added.length} streams are more than maxSubscriptions ${maxSubscriptions}`,
        'maxSubscriptions',
      );
    }
    for (const stream of added) this.#wanted.add(stream);
    return added;
  }

  /** Returns those that were wanted. */
  remove(streams: readonly string[]): string[] {
    return [...new Set(streams)].filter((stream) => this.#wanted.delete(stream));
  }

  /** The frames for `streams`, at most `maxStreamsPerFrame` in each; none where `write` is undefined. */
  frames(streams: readonly string[], write: WriteFrame | undefined): string[] {
    if (write === undefined) return [];
    const frames: string[] = [];
    const { maxStreamsPerFrame } = this.#settings;
    for (let from = 0; from < streams.length; from += maxStreamsPerFrame) {
      frames.push(write(streams.slice(from, from + maxStreamsPerFrame), ++this.#lastId));
    }
    return frames;
  }
}
