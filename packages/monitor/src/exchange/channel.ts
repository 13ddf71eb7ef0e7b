import type { TextFrame } from './frame.ts';

/**
 * The venue splits its streams between `/public` (books) and `/market` (trades); each pushes its own kind only. Without
 * such a prefix, as in the addresses that clients have used for years, everything is pushed here.
 */
export type Route = 'public' | 'market' | 'any';

/** One stream and who listens to it. */
export interface Channel {
  readonly name: string;
  readonly route: Route;
  /** What a combined message begins with. */
  readonly envelope: string;
  readonly listeners: Listener[];
  /** Messages handed to listeners, one for each. */
  sent: number;
}

/** A connection, as streams see it. */
export interface Listener {
  readonly combined: boolean;
  /** Listed among the connections that have frames for the end of the slice. */
  queued: boolean;
  push(frame: TextFrame): void;
  flush(): void;
  close(code: number, reason: string): void;
}

/** What a connection needs of the streams it can subscribe to. */
export interface Subscribable {
  /** The stream of that name, or undefined for a name that stays silent. */
  channel(name: string, route: Route): Channel | undefined;
  join(channel: Channel, listener: Listener): void;
  leave(channel: Channel, listener: Listener): void;
  left(listener: Listener, cut: boolean): void;
}
