import { HttpError } from '../errors.ts';
import { Call, WANT_BODY, WANT_JSON, WANT_VALUE } from './call.ts';
import { PoolCore } from './core.ts';
import { checkCallOptions, readPoolOptions } from './options.ts';
import type { BodyOptions, HttpPoolOptions, PoolSettings, RequestOptions } from './options.ts';
import { flattenHeaders, mergeHeaders } from './request-headers.ts';
import type { FlatHeaders } from './request-headers.ts';
import type { HttpResponse, JsonResponse } from './response.ts';
import type { HttpPoolStats } from './stats.ts';
import { appendQuery, readBaseUrl, resolveTarget } from './target.ts';
import type { BaseUrl } from './target.ts';

const NO_OPTIONS: BodyOptions = Object.freeze({});

/**
 * A keep-alive HTTP/1.1 client over undici: bounded connections and queue, one deadline per call over all its retries,
 * retries with full jitter that never come before the server's Retry-After, typed errors.
 *
 * Every call settles exactly once, within its deadline plus 10 ms of timer resolution. Bodies are held in memory up to
 * `maxBodyBytes`. Redirects are not followed, cookies not kept, content encodings not asked for. Not for streaming.
 *
 * ```js
 * const pool = new HttpPool({ baseUrl: 'https://fapi.binance.com', maxConnections: 16, timeoutMs: 5000 });
 * const depth = await pool.getJson('/fapi/v1/depth', { query: { symbol: 'BTCUSDT', limit: 1000 } });
 * await pool.close();
 * ```
 */
export class HttpPool {
  readonly #settings: PoolSettings;
  readonly #core: PoolCore;
  readonly #base: BaseUrl | undefined;
  readonly #headers: FlatHeaders;
  readonly #jsonHeaders: FlatHeaders;
  /** For origins other than the base's: without the pool's own headers, which may hold keys. */
  readonly #foreignHeaders: FlatHeaders;
  readonly #foreignJsonHeaders: FlatHeaders;
  #closed: boolean;
  #closing: Promise<void> | undefined;

  /** Opens nothing. Throws `ERR_PERF_HTTP_OPTION`. */
  constructor(options?: HttpPoolOptions) {
    const settings = readPoolOptions(options);
    this.#settings = settings;
    this.#base = settings.baseUrl === undefined ? undefined : readBaseUrl(settings.baseUrl);
    this.#core = new PoolCore(settings, Math.random);
    this.#headers = flattenHeaders(settings.headers, '*/*');
    this.#jsonHeaders = flattenHeaders(settings.headers, 'application/json');
    const isOpen = this.#base === undefined;
    this.#foreignHeaders = isOpen ? this.#headers : flattenHeaders({}, '*/*');
    this.#foreignJsonHeaders = isOpen ? this.#jsonHeaders : flattenHeaders({}, 'application/json');
    this.#closed = false;
    this.#closing = undefined;
  }

  /**
   * The body of a GET, parsed. This is the fast path: one handler object per call, the body decoded and parsed once.
   *
   * `url` is absolute, or a path that is appended to `baseUrl`. An answer other than 2xx throws `ERR_PERF_HTTP_STATUS`
   * whatever `throwOnStatus` says; a body that is not JSON throws `ERR_PERF_HTTP_JSON`.
   */
  getJson<T = unknown>(url: string | URL, options?: RequestOptions): Promise<T> {
    return this.#start('GET', url, options, WANT_VALUE);
  }

  /** Any method, body parsed, with status and headers beside it (`x-mbx-used-weight-1m` and the like). */
  requestJson<T = unknown>(method: string, url: string | URL, options?: BodyOptions): Promise<JsonResponse<T>> {
    return this.#start(method, url, options, WANT_JSON);
  }

  /** Any method, body as bytes. */
  request(method: string, url: string | URL, options?: BodyOptions): Promise<HttpResponse> {
    return this.#start(method, url, options, WANT_BODY);
  }

  get(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#start('GET', url, options, WANT_BODY);
  }

  /** Never sent twice once sent, unless `idempotent: true`. */
  post(url: string | URL, options?: BodyOptions): Promise<HttpResponse> {
    return this.#start('POST', url, options, WANT_BODY);
  }

  put(url: string | URL, options?: BodyOptions): Promise<HttpResponse> {
    return this.#start('PUT', url, options, WANT_BODY);
  }

  /** Never sent twice once sent, unless `idempotent: true`. */
  patch(url: string | URL, options?: BodyOptions): Promise<HttpResponse> {
    return this.#start('PATCH', url, options, WANT_BODY);
  }

  delete(url: string | URL, options?: BodyOptions): Promise<HttpResponse> {
    return this.#start('DELETE', url, options, WANT_BODY);
  }

  /** A copy of the counters. */
  stats(): HttpPoolStats {
    return { ...this.#core.counters };
  }

  /** Takes no more calls, waits until those begun have settled, then closes the connections. */
  close(): Promise<void> {
    this.#closed = true;
    this.#closing ??= this.#core.idle().then(() => this.#core.close());
    return this.#closing;
  }

  /** Rejects every unsettled call with `ERR_PERF_HTTP_CLOSED` and destroys the connections. */
  async destroy(): Promise<void> {
    this.#closed = true;
    await this.#core.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start<Result>(method: string, url: string | URL, given: BodyOptions | undefined, want: number): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      // What throws in here rejects the promise: a caller has one way to learn of a failure, not two.
      const call = this.#prepare(method, url, given ?? NO_OPTIONS, want, resolve, reject);
      call?.start();
    });
  }

  #prepare(
    method: string,
    url: string | URL,
    options: BodyOptions,
    want: number,
    resolve: (result: never) => void,
    reject: (error: HttpError) => void,
  ): Call | undefined {
    if (this.#closed) throw new HttpError('ERR_PERF_HTTP_CLOSED', 'the pool is closed: make a new one');
    if (options !== NO_OPTIONS) checkCallOptions(options);
    const { signal, json } = options;
    if (signal?.aborted === true) {
      throw new HttpError('ERR_PERF_HTTP_ABORTED', `${method} was aborted by its signal before it began`, {
        method,
        cause: signal.reason,
      });
    }
    const settings = this.#settings;
    const verb = method === 'GET' ? method : readMethod(method);
    const target = resolveTarget(url, this.#base, this.#core.knows);
    const isHome = this.#base === undefined || target.origin === this.#base.origin;
    const plain = isHome ? this.#headers : this.#foreignHeaders;
    const forJson = isHome ? this.#jsonHeaders : this.#foreignJsonHeaders;
    return new Call(
      this.#core,
      {
        origin: this.#core.origin(target.origin),
        method: verb,
        path: options.query === undefined ? target.path : appendQuery(target.path, options.query),
        headers: mergeHeaders(want === WANT_BODY ? plain : forJson, options.headers, json !== undefined),
        body: json === undefined ? options.body : stringify(json),
        want,
        timeoutMs: options.timeoutMs ?? settings.timeoutMs,
        maxRetries: options.maxRetries ?? settings.maxRetries,
        idempotent: options.idempotent ?? settings.retryMethods.has(verb),
        throwOnStatus: options.throwOnStatus ?? true,
        signal,
      },
      performance.now(),
      resolve,
      reject,
    );
  }
}

function readMethod(method: string): string {
  if (typeof method === 'string' && /^[A-Za-z]+$/.test(method) && method.toUpperCase() !== 'CONNECT') {
    return method.toUpperCase();
  }
  throw new HttpError('ERR_PERF_HTTP_OPTION', `method must be letters, and not CONNECT, got ${String(method)}`, {
    option: 'method',
  });
}

function stringify(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new HttpError('ERR_PERF_HTTP_OPTION', 'option "json" cannot be written as JSON', { option: 'json', cause });
  }
  if (text !== undefined) return text;
  throw new HttpError('ERR_PERF_HTTP_OPTION', 'option "json" must be a value that JSON has', { option: 'json' });
}
