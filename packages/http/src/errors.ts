import { errorClass } from '@perf/internal';

/** Codes of everything that `HttpPool` throws. The message is for people and may change; match on the code. */
export type HttpErrorCode =
  /** The server answered, but not with 2xx: `status`, `headers`, `excerpt`, and `retryAfterMs` where it named a time. */
  | 'ERR_PERF_HTTP_STATUS'
  /** The deadline, or the time allowed for one phase, ran out: `phase` says where. */
  | 'ERR_PERF_HTTP_TIMEOUT'
  /** The caller's signal aborted; `cause` is its reason. */
  | 'ERR_PERF_HTTP_ABORTED'
  /** No connection: name not found, refused, unreachable, TLS refused. Nothing was sent. */
  | 'ERR_PERF_HTTP_CONNECT'
  /** The connection broke, or what came over it was not HTTP, after the request was sent. */
  | 'ERR_PERF_HTTP_SOCKET'
  /** The body is larger than `maxBodyBytes`. */
  | 'ERR_PERF_HTTP_BODY_TOO_LARGE'
  /** `maxQueued` calls are waiting already. Nothing was sent. */
  | 'ERR_PERF_HTTP_QUEUE_FULL'
  /** The pool was closed or destroyed. */
  | 'ERR_PERF_HTTP_CLOSED'
  /** An option, a URL, a header or a body is wrong; the message names it. */
  | 'ERR_PERF_HTTP_OPTION'
  /** The body is not JSON: `status`, `contentType`, `excerpt`. */
  | 'ERR_PERF_HTTP_JSON';

/** Where a call was: waiting for a connection, opening one, waiting for headers, reading the body, waiting to retry. */
export type HttpPhase = 'queue' | 'connect' | 'headers' | 'body' | 'retry-wait';

/** Header names are lower case; a header that came more than once is an array. */
export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpErrorDetails {
  readonly method?: string;
  /** Origin and path. The query is cut off, because it is where keys and signatures are. */
  readonly url?: string;
  /** Attempts made, the first one included; a free replay on a stale socket is not counted. */
  readonly attempts?: number;
  readonly phase?: HttpPhase;
  readonly status?: number;
  /** Response headers without `set-cookie`. */
  readonly headers?: HttpHeaders;
  /** What the server's Retry-After asked for, from the moment the answer came. */
  readonly retryAfterMs?: number;
  /** The first 512 characters of the body at most. */
  readonly excerpt?: string;
  readonly contentType?: string;
  /** The option that is wrong. */
  readonly option?: string;
}

export interface HttpError extends Error, HttpErrorDetails {
  readonly code: HttpErrorCode;
}

export const HttpError: {
  new (code: HttpErrorCode, message: string, details?: HttpErrorDetails & { readonly cause?: unknown }): HttpError;
  readonly prototype: HttpError;
} = errorClass<HttpErrorCode, HttpErrorDetails, HttpError>('HttpError');

/** Codes of everything that `Feed` throws or reports. */
export type FeedErrorCode =
  /** An option, a URL or a frame to send is wrong. */
  | 'ERR_PERF_HTTP_OPTION'
  /** The connection could not be opened: name, socket, TLS, or an answer other than 101 (`status`). */
  | 'ERR_PERF_HTTP_CONNECT'
  /** The open connection broke. */
  | 'ERR_PERF_HTTP_SOCKET'
  /** The server broke the WebSocket protocol. */
  | 'ERR_PERF_HTTP_PROTOCOL'
  /** A message is larger than `maxMessageBytes`; the connection was closed with 1009. */
  | 'ERR_PERF_HTTP_FRAME_TOO_LARGE'
  /** No pong within `heartbeatIntervalMs`: the connection is half-open. */
  | 'ERR_PERF_HTTP_HEARTBEAT'
  /** Connected, but no message for `staleAfterMs`. */
  | 'ERR_PERF_HTTP_STALE'
  /** A callback of yours threw; `cause` is what it threw. */
  | 'ERR_PERF_HTTP_CALLBACK'
  /** `reconnect.maxAttempts` in a row failed; the feed is closed. */
  | 'ERR_PERF_HTTP_RECONNECT_LIMIT'
  /** More than `maxBufferedBytes` are unsent. */
  | 'ERR_PERF_HTTP_QUEUE_FULL'
  /** Sending on a feed that is not open. */
  | 'ERR_PERF_HTTP_NOT_OPEN'
  /** The signal given to `connect` aborted. */
  | 'ERR_PERF_HTTP_ABORTED'
  /** The feed was closed or destroyed. */
  | 'ERR_PERF_HTTP_CLOSED';

export interface FeedErrorDetails {
  /** The feed's URL without its query. */
  readonly url?: string;
  /** Status of the answer, where the server refused to upgrade. */
  readonly status?: number;
  readonly option?: string;
}

export interface FeedError extends Error, FeedErrorDetails {
  readonly code: FeedErrorCode;
}

export const FeedError: {
  new (code: FeedErrorCode, message: string, details?: FeedErrorDetails & { readonly cause?: unknown }): FeedError;
  readonly prototype: FeedError;
} = errorClass<FeedErrorCode, FeedErrorDetails, FeedError>('FeedError');
