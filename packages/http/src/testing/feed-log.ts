import { onTestFinished } from 'vitest';
import type { FeedError } from '../errors.ts';
import { Feed } from '../feed/feed.ts';
import type { FeedCloseInfo, FeedOpenInfo, FeedOptions, FeedStateChange } from '../feed/options.ts';

type Entry =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'state'; readonly change: FeedStateChange }
  | { readonly kind: 'open'; readonly info: FeedOpenInfo }
  | { readonly kind: 'close'; readonly info: FeedCloseInfo }
  | { readonly kind: 'error'; readonly error: FeedError };
type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>;

/** A feed that writes down everything it calls back, so that a test can wait for the nth of a kind. */
export class FeedLog {
  readonly feed: Feed;
  readonly entries: Entry[];
  #watchers: (() => void)[];

  constructor(options: Partial<FeedOptions> & Pick<FeedOptions, 'url'>) {
    this.entries = [];
    this.#watchers = [];
    this.feed = new Feed({
      reconnect: { minDelayMs: 1, maxDelayMs: 5 },
      onMessage: (frame) => this.#add({ kind: 'message', text: frame.toString() }),
      onStateChange: (change) => this.#add({ kind: 'state', change }),
      onOpen: (info) => this.#add({ kind: 'open', info }),
      onClose: (info) => this.#add({ kind: 'close', info }),
      onError: (error) => this.#add({ kind: 'error', error }),
      ...options,
    });
    onTestFinished(() => this.feed.destroy());
  }

  of<Kind extends Entry['kind']>(kind: Kind): EntryOf<Kind>[] {
    return this.entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind);
  }

  states(): string[] {
    return this.of('state').map(({ change }) => change.to);
  }

  messages(): string[] {
    return this.of('message').map(({ text }) => text);
  }

  /** The nth entry of a kind, as soon as there is one. */
  async nth<Kind extends Entry['kind']>(kind: Kind, count: number): Promise<EntryOf<Kind>> {
    for (;;) {
      const entry = this.of(kind)[count - 1];
      if (entry !== undefined) return entry;
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
      });
    }
  }

  #add(entry: Entry): void {
    this.entries.push(entry);
    for (const wake of this.#watchers.splice(0)) wake();
  }
}
