import type { ConnectionOptions } from 'node:tls';
import {
  anyOption,
  integerOption,
  numberOption,
  readOptions,
  signalOption,
  stringOption,
  booleanOption,
} from '@perf/internal';
import { HttpError } from '../errors.ts';

/** Retry policy of a pool. */
export interface RetryOptions {
  /** The first retry waits up to this; the range doubles with each. Default 100. */
  baseDelayMs?: number | undefined;
  /** The range stops growing here. It does not shorten a Retry-After. Default 10,000. */
  maxDelayMs?: number | undefined;
  /** Methods retried without being asked. Default GET, HEAD, OPTIONS, TRACE, PUT, DELETE: those that RFC 9110 calls idempotent. */
  methods?: readonly string[] | undefined;
  /** Statuses retried. Default 408, 425, 429, 500, 502, 503, 504. */
  statuses?: readonly number[] | undefined;
}

/** TLS settings of every connection, as `tls.connect` takes them. */
export type HttpTlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'ciphers'
>;

export interface HttpPoolOptions {
  /** What a path (`/fapi/v1/depth`) is appended to. `headers` then go to this origin only. */
  baseUrl?: string | undefined;
  /** Connections per origin; one request is on each at a time. Default 32. */
  maxConnections?: number | undefined;
  /** Calls waiting for a connection, all origins together; the next one is refused at once. Default 10,000. */
  maxQueued?: number | undefined;
  /** Origins with open connections; the idle one unused for longest makes room. Default 128. */
  maxOrigins?: number | undefined;
  /** Retries after the first attempt. Default 2. */
  maxRetries?: number | undefined;
  retry?: RetryOptions | undefined;
  /** The deadline of a call from start to parsed body: queue, connecting, all attempts and the waits between. Default 30,000. Resolution 10 ms. */
  timeoutMs?: number | undefined;
  /** Time to open a connection. Above 1,000 its resolution is half a second. Default 5,000. */
  connectTimeoutMs?: number | undefined;
  /** Time from sending to the end of the response headers, per attempt. 0, the default, leaves it to the deadline. */
  headersTimeoutMs?: number | undefined;
  /** Longest silence within a body, per attempt. 0, the default, leaves it to the deadline. */
  bodyTimeoutMs?: number | undefined;
  /** An unused connection is closed after this, or sooner where the server says so. Default 4,000. */
  idleTimeoutMs?: number | undefined;
  /** Largest response body. Default 64 MiB. */
  maxBodyBytes?: number | undefined;
  /** Sent with every request (with `baseUrl`: to that origin only). */
  headers?: Readonly<Record<string, string>> | undefined;
  tls?: HttpTlsOptions | undefined;
}

export type QueryValue = string | number | bigint | boolean;

/** Options of one call. */
export interface RequestOptions {
  /** Aborts the call: it rejects at once, and its connection is closed if it was in use. */
  signal?: AbortSignal | undefined;
  /** Overrides the pool's deadline. */
  timeoutMs?: number | undefined;
  /** Added to the pool's; the same name replaces. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Appended to the URL in this order; `undefined` is left out, an array repeats the name. */
  query?: Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>> | undefined;
  /** Overrides the pool's. */
  maxRetries?: number | undefined;
  /** Says that sending twice is harmless (a POST with an idempotency key), or that it is not. Default by `retry.methods`. */
  idempotent?: boolean | undefined;
  /** `false`: an answer other than 2xx is returned, not thrown, once retries are used up. Default true. */
  throwOnStatus?: boolean | undefined;
}

/** Options of a call that may carry a body; `body` and `json` exclude each other. */
export interface BodyOptions extends RequestOptions {
  body?: string | Uint8Array | undefined;
  /** Sent as JSON with `content-type: application/json`. */
  json?: unknown;
}

export interface PoolSettings {
  readonly baseUrl: string | undefined;
  readonly maxConnections: number;
  readonly maxQueued: number;
  readonly maxOrigins: number;
  readonly maxRetries: number;
  readonly retryBaseDelayMs: number;
  readonly retryMaxDelayMs: number;
  readonly retryMethods: ReadonlySet<string>;
  readonly retryStatuses: ReadonlySet<number>;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: HttpTlsOptions | undefined;
}

/** The longest delay that a timer of Node takes; a longer one fires at once. */
export const MAX_TIMER_MS = 2_147_483_647;
const MAX_BODY_BYTES = 2 ** 31;
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

const optionFault = (message: string, option: string): HttpError =>
  new HttpError('ERR_PERF_HTTP_OPTION', message, { option });

const isRecord = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be a plain object';

const isHeaderRecord = (value: unknown): string | undefined =>
  isRecord(value) ??
  (Object.values(value as object).every((entry) => typeof entry === 'string')
    ? undefined
    : 'must have strings as values');

const POOL_RULES = {
  baseUrl: stringOption(undefined),
  maxConnections: integerOption(32, 1, 65_535),
  maxQueued: integerOption(10_000, 0),
  maxOrigins: integerOption(128, 1),
  maxRetries: integerOption(2, 0, 100),
  retry: anyOption<RetryOptions | undefined>(undefined, isRecord),
  timeoutMs: numberOption(30_000, 1, MAX_TIMER_MS),
  connectTimeoutMs: numberOption(5000, 1, MAX_TIMER_MS),
  headersTimeoutMs: numberOption(0, 0, MAX_TIMER_MS),
  bodyTimeoutMs: numberOption(0, 0, MAX_TIMER_MS),
  idleTimeoutMs: numberOption(4000, 1, MAX_TIMER_MS),
  maxBodyBytes: integerOption(64 * 1024 * 1024, 0, MAX_BODY_BYTES),
  headers: anyOption<Readonly<Record<string, string>>>({}, isHeaderRecord),
  tls: anyOption<HttpTlsOptions | undefined>(undefined, isRecord),
};

const isListOf =
  (type: 'string' | 'number') =>
  (value: unknown): string | undefined =>
    Array.isArray(value) && value.every((entry) => typeof entry === type) ? undefined : `must be an array of ${type}s`;

const RETRY_RULES = {
  baseDelayMs: numberOption(100, 0, MAX_TIMER_MS),
  maxDelayMs: numberOption(10_000, 0, MAX_TIMER_MS),
  methods: anyOption<readonly string[]>(IDEMPOTENT, isListOf('string')),
  statuses: anyOption<readonly number[]>(TRANSIENT, isListOf('number')),
};

const CALL_RULES = {
  signal: signalOption(),
  timeoutMs: numberOption(0, 1, MAX_TIMER_MS),
  headers: anyOption<Readonly<Record<string, string>> | undefined>(undefined, isHeaderRecord),
  query: anyOption<RequestOptions['query']>(undefined, isRecord),
  maxRetries: integerOption(-1, 0, 100),
  idempotent: booleanOption(false),
  throwOnStatus: booleanOption(true),
  body: anyOption<string | Uint8Array | undefined>(undefined, (value) =>
    typeof value === 'string' || value instanceof Uint8Array ? undefined : 'must be a string or a Uint8Array',
  ),
  json: anyOption<unknown>(undefined),
};

export function readPoolOptions(given: HttpPoolOptions | undefined): PoolSettings {
  const pool = readOptions('HttpPool', given, POOL_RULES, optionFault);
  const retry = readOptions('HttpPool retry', pool.retry, RETRY_RULES, optionFault);
  return Object.freeze({
    ...pool,
    headers: Object.freeze({ ...pool.headers }),
    tls: pool.tls === undefined ? undefined : Object.freeze({ ...pool.tls }),
    retryBaseDelayMs: retry.baseDelayMs,
    retryMaxDelayMs: retry.maxDelayMs,
    retryMethods: new Set(retry.methods.map((method) => method.toUpperCase())),
    retryStatuses: new Set(retry.statuses),
  });
}

/**
 * Checks the options of one call in place: a frozen copy with defaults, as `readOptions` makes it, would cost more than
 * the rest of the bookkeeping of a call.
 */
export function checkCallOptions(options: BodyOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw optionFault(`request: options must be an object, got ${String(options)}`, '');
  }
  for (const key in options) {
    const rule = CALL_RULES[key as keyof typeof CALL_RULES];
    const value = options[key as keyof BodyOptions];
    if (rule === undefined || (value !== undefined && rule.fault(value) !== undefined)) {
      // The words come from the one place that has them.
      readOptions('request', options, CALL_RULES, optionFault);
    }
  }
  if (options.body !== undefined && options.json !== undefined) {
    throw optionFault('request: "body" and "json" exclude each other', 'json');
  }
}
