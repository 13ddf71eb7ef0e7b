/** What a feed has done since it was made. */
export interface FeedStats {
  /** Messages handed to `onMessage`. */
  readonly messages: number;
  readonly bytes: number;
  /** Connections opened. */
  readonly opens: number;
  /** Connections opened after the first one. */
  readonly reconnects: number;
  /** Attempts to connect, successful or not. */
  readonly attempts: number;
  readonly pingsSent: number;
  readonly pongsReceived: number;
  readonly framesSent: number;
  /** Connections dropped because no message came for `staleAfterMs`. */
  readonly staleDrops: number;
  /** Connections dropped because no pong came. */
  readonly heartbeatDrops: number;
  /** Messages refused for their size. */
  readonly tooLarge: number;
  /** Errors reported, callbacks that threw included. */
  readonly errors: number;
  /** Epoch milliseconds of the last message; 0 before the first. */
  readonly lastMessageAtMs: number;
}

export interface FeedCounters {
  messages: number;
  bytes: number;
  opens: number;
  reconnects: number;
  attempts: number;
  pingsSent: number;
  pongsReceived: number;
  framesSent: number;
  staleDrops: number;
  heartbeatDrops: number;
  tooLarge: number;
  errors: number;
  /** By the monotonic clock, because the watch for silence reads it too. */
  lastMessageAt: number;
}

export function newFeedCounters(): FeedCounters {
  return {
    messages: 0,
    bytes: 0,
    opens: 0,
    reconnects: 0,
    attempts: 0,
    pingsSent: 0,
    pongsReceived: 0,
    framesSent: 0,
    staleDrops: 0,
    heartbeatDrops: 0,
    tooLarge: 0,
    errors: 0,
    lastMessageAt: 0,
  };
}

export function snapshotOf(counters: FeedCounters): FeedStats {
  const { lastMessageAt, ...counts } = counters;
  return {
    ...counts,
    lastMessageAtMs: lastMessageAt === 0 ? 0 : Math.round(Date.now() - (performance.now() - lastMessageAt)),
  };
}
