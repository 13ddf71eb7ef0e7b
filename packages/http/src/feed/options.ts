import { anyOption, booleanOption, functionOption, integerOption, numberOption, readOptions } from '@perf/internal';
import { FeedError } from '../errors.ts';
import type { FeedErrorCode } from '../errors.ts';

export type FeedState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closing' | 'closed';

export interface FeedStateChange {
  readonly from: FeedState;
  readonly to: FeedState;
  /** For people: "connection lost", "closed by the caller". */
  readonly reason: string;
}

export interface FeedOpenInfo {
  /** Attempts that this connection took, 1 where the first one succeeded. */
  readonly attempt: number;
  /** Connections opened after the first one. */
  readonly reconnects: number;
}

export interface FeedCloseInfo {
  /** The WebSocket close code; 1006 where there was no close frame. */
  readonly code: number;
  readonly reason: string;
  readonly willReconnect: boolean;
}

export interface ReconnectOptions {
  /** Second attempt in a row: up to this; the range doubles with each. The first one is made at once. Default 250. */
  minDelayMs?: number | undefined;
  /** The range stops growing here. Default 30,000. */
  maxDelayMs?: number | undefined;
  /** Attempts in a row before the feed gives up and closes; 0, the default, is no limit. */
  maxAttempts?: number | undefined;
}

export interface FeedOptions {
  /** `ws:` or `wss:`. A function is asked before every attempt (listen keys, tokens). */
  url: string | (() => string | Promise<string>);
  /**
   * Every message, whole, as bytes, called synchronously. The bytes are a view of what the socket delivered: copy what
   * you keep. A throw is reported by `onError` and the feed goes on.
   */
  onMessage: (frame: Buffer, isBinary: boolean) => void;
  onStateChange?: ((change: FeedStateChange) => void) | undefined;
  /** Connected, and the frames that subscribe have been sent. State built on the stream must be rebuilt from here. */
  onOpen?: ((info: FeedOpenInfo) => void) | undefined;
  /** A connection that was open has ended. */
  onClose?: ((info: FeedCloseInfo) => void) | undefined;
  onError?: ((error: FeedError) => void) | undefined;
  /** Subscribed on every open. Needs `subscribeFrame`. */
  subscriptions?: readonly string[] | undefined;
  /** Writes the frame that subscribes. `id` counts the frames of this feed. */
  subscribeFrame?: ((streams: string[], id: number) => string) | undefined;
  unsubscribeFrame?: ((streams: string[], id: number) => string) | undefined;
  /** Default 200. */
  maxStreamsPerFrame?: number | undefined;
  /** Default 10,000. */
  maxSubscriptions?: number | undefined;
  /** From asking for the URL to the upgraded connection. Default 10,000. */
  connectTimeoutMs?: number | undefined;
  /** A ping each; a connection that sent nothing by the next one is dropped. 0 is off. Default 5,000. */
  heartbeatIntervalMs?: number | undefined;
  /** A connection without a message for this long is dropped, pongs or not. 0 is off. Default 60,000. */
  staleAfterMs?: number | undefined;
  reconnect?: ReconnectOptions | undefined;
  /** A larger message ends the connection with 1009. Default 16 MiB. */
  maxMessageBytes?: number | undefined;
  /** Unsent bytes above which `send` refuses. Default 1 MiB. */
  maxBufferedBytes?: number | undefined;
  /** Offer compression. It costs far more processor time per message than it saves in bytes nearby. Default false. */
  permessageDeflate?: boolean | undefined;
  /** Headers of the opening request. */
  headers?: Readonly<Record<string, string>> | undefined;
}

export interface FeedSettings {
  readonly url: FeedOptions['url'];
  readonly onMessage: FeedOptions['onMessage'];
  readonly onStateChange: NonNullable<FeedOptions['onStateChange']> | undefined;
  readonly onOpen: NonNullable<FeedOptions['onOpen']> | undefined;
  readonly onClose: NonNullable<FeedOptions['onClose']> | undefined;
  readonly onError: NonNullable<FeedOptions['onError']> | undefined;
  readonly subscriptions: readonly string[];
  readonly subscribeFrame: NonNullable<FeedOptions['subscribeFrame']> | undefined;
  readonly unsubscribeFrame: NonNullable<FeedOptions['unsubscribeFrame']> | undefined;
  readonly maxStreamsPerFrame: number;
  readonly maxSubscriptions: number;
  readonly connectTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly staleAfterMs: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly maxAttempts: number;
  readonly maxMessageBytes: number;
  readonly maxBufferedBytes: number;
  readonly permessageDeflate: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** The longest delay that a timer of Node takes; a longer one fires at once. */
export const MAX_TIMER_MS = 2_147_483_647;
const MEBIBYTE = 1024 * 1024;

export const feedFault = (message: string, option: string): FeedError =>
  new FeedError('ERR_PERF_HTTP_OPTION' satisfies FeedErrorCode, message, { option });

const isStreamList = (value: unknown): string | undefined =>
  Array.isArray(value) && value.every((stream) => typeof stream === 'string' && stream.length > 0)
    ? undefined
    : 'must be an array of non-empty strings';

const isRecord = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be a plain object';

const FEED_RULES = {
  url: anyOption<FeedOptions['url'] | undefined>(undefined, (value) =>
    typeof value === 'function' || typeof value === 'string' ? undefined : 'must be a string or a function',
  ),
  onMessage: functionOption<FeedOptions['onMessage'] | undefined>(undefined),
  onStateChange: functionOption<FeedSettings['onStateChange']>(undefined),
  onOpen: functionOption<FeedSettings['onOpen']>(undefined),
  onClose: functionOption<FeedSettings['onClose']>(undefined),
  onError: functionOption<FeedSettings['onError']>(undefined),
  subscriptions: anyOption<readonly string[]>([], isStreamList),
  subscribeFrame: functionOption<FeedSettings['subscribeFrame']>(undefined),
  unsubscribeFrame: functionOption<FeedSettings['unsubscribeFrame']>(undefined),
  maxStreamsPerFrame: integerOption(200, 1),
  maxSubscriptions: integerOption(10_000, 1),
  connectTimeoutMs: numberOption(10_000, 1, MAX_TIMER_MS),
  heartbeatIntervalMs: numberOption(5000, 0, MAX_TIMER_MS),
  staleAfterMs: numberOption(60_000, 0, MAX_TIMER_MS),
  reconnect: anyOption<ReconnectOptions | undefined>(undefined, isRecord),
  maxMessageBytes: integerOption(16 * MEBIBYTE, 1, 2 ** 31 - 1),
  maxBufferedBytes: integerOption(MEBIBYTE, 1),
  permessageDeflate: booleanOption(false),
  headers: anyOption<Readonly<Record<string, string>>>({}, isRecord),
};

const RECONNECT_RULES = {
  minDelayMs: numberOption(250, 0, MAX_TIMER_MS),
  maxDelayMs: numberOption(30_000, 0, MAX_TIMER_MS),
  maxAttempts: integerOption(0, 0),
};

export function readFeedOptions(given: FeedOptions): FeedSettings {
  const { reconnect, ...feed } = readOptions('Feed', given, FEED_RULES, feedFault);
  const { url, onMessage } = feed;
  if (url === undefined) throw feedFault('Feed: option "url" is missing', 'url');
  if (typeof url === 'string') checkFeedUrl(url);
  if (onMessage === undefined) throw feedFault('Feed: option "onMessage" is missing', 'onMessage');
  if (feed.subscriptions.length > 0 && feed.subscribeFrame === undefined) {
    throw feedFault('Feed: option "subscriptions" needs "subscribeFrame", which writes the frame', 'subscribeFrame');
  }
  return Object.freeze({
    ...feed,
    url,
    onMessage,
    headers: Object.freeze({ ...feed.headers }),
    ...readOptions('Feed reconnect', reconnect, RECONNECT_RULES, feedFault),
  });
}

/** Throws where `text` is no WebSocket URL. The text is not shown: there may be a key in it. */
export function checkFeedUrl(text: unknown): void {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (url === null || (url.protocol !== 'ws:' && url.protocol !== 'wss:') || url.hash !== '') {
    throw feedFault('Feed: "url" must be an absolute ws: or wss: URL without a fragment', 'url');
  }
}

/** Scheme, host and path: what may be shown of a URL. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? '(invalid URL)' : `${url.protocol}//${url.host}${url.pathname}`;
}
