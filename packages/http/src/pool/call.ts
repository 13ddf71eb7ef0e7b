import type { Dispatcher } from 'undici';
import type { HttpError, HttpErrorCode, HttpHeaders, HttpPhase } from '../errors.ts';
import { fullJitter } from '../policy/backoff.ts';
import { parseRetryAfter } from '../policy/retry-after.ts';
import { callError, isBrokenConnection, isTransient, statusError, translateError } from './call-error.ts';
import type { PoolCore } from './core.ts';
import type { Lane, Origin } from './origin.ts';
import type { FlatHeaders } from './request-headers.ts';
import { BufferedResponse, decodeBody, firstValue, jsonFault } from './response.ts';

/** What a call resolves with. */
export const WANT_VALUE = 0;
export const WANT_JSON = 1;
export const WANT_BODY = 2;

const QUEUE = 0;
const CONNECT = 1;
const HEADERS = 2;
const BODY = 3;
const RETRY_WAIT = 4;
const DONE = 5;
const PHASES: readonly HttpPhase[] = ['queue', 'connect', 'headers', 'body', 'retry-wait'];

const EMPTY_BODY = Buffer.alloc(0);
const NO_HEADERS: HttpHeaders = Object.freeze({});
/** A body that fills less of its slab than this is copied out before it is handed to someone who may keep it. */
const SLAB_SHARE = 2;

/** Everything about a request that is decided before it starts. */
export interface CallPlan {
  readonly origin: Origin;
  readonly method: string;
  readonly path: string;
  readonly headers: FlatHeaders;
  readonly body: string | Uint8Array | undefined;
  readonly want: number;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly idempotent: boolean;
  readonly throwOnStatus: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * One call, from start to settled, and the undici handler of each of its attempts: one object for all of it is what
 * makes the fast path fast. An attempt ends with exactly one of `onResponseEnd` and `onResponseError`, and the next one
 * starts only after that, so the fields of an attempt need no owner of their own.
 *
 *            ┌─────────────── retry-wait ◄──────────────┐
 *            ▼                                          │
 *   start → queue → connect → headers → body → answer or error → DONE
 *
 * Deadline, abort and `destroy` lead to DONE from everywhere, at once.
 */
export class Call implements Dispatcher.DispatchHandler {
  readonly method: string;
  readonly origin: Origin;
  readonly path: string;
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** When the present phase has taken too long; Infinity where only the deadline counts. */
  phaseEndsAt: number;
  // Places in the pool's list of unsettled calls and in the origin's queue.
  activeBefore: Call | undefined;
  activeAfter: Call | undefined;
  queuedBefore: Call | undefined;
  queuedAfter: Call | undefined;

  readonly #core: PoolCore;
  readonly #plan: CallPlan;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: HttpError) => void;
  #phase: number;
  #attempts: number;
  #replayed: boolean;
  #retryTimer: NodeJS.Timeout | undefined;
  #lastError: HttpError | undefined;

  // Of the present attempt.
  #lane: Lane | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #reused: boolean;
  #received: boolean;
  #status: number;
  #headers: HttpHeaders;
  #firstChunk: Buffer | undefined;
  #moreChunks: Buffer[] | undefined;
  #size: number;

  constructor(
    core: PoolCore,
    plan: CallPlan,
    startedAt: number,
    resolve: (result: never) => void,
    reject: (error: HttpError) => void,
  ) {
    this.method = plan.method;
    this.origin = plan.origin;
    this.path = plan.path;
    this.startedAt = startedAt;
    this.deadlineAt = startedAt + plan.timeoutMs;
    this.phaseEndsAt = Number.POSITIVE_INFINITY;
    this.activeBefore = undefined;
    this.activeAfter = undefined;
    this.queuedBefore = undefined;
    this.queuedAfter = undefined;
    this.#core = core;
    this.#plan = plan;
    this.#resolve = resolve as (result: unknown) => void;
    this.#reject = reject;
    this.#phase = QUEUE;
    this.#attempts = 0;
    this.#replayed = false;
    this.#retryTimer = undefined;
    this.#lastError = undefined;
    this.#lane = undefined;
    this.#controller = undefined;
    this.#reused = false;
    this.#received = false;
    this.#status = 0;
    this.#headers = NO_HEADERS;
    this.#firstChunk = undefined;
    this.#moreChunks = undefined;
    this.#size = 0;
  }

  get phase(): HttpPhase | undefined {
    return PHASES[this.#phase];
  }

  get attempts(): number {
    return this.#attempts;
  }

  get status(): number {
    return this.#status;
  }

  get bytes(): number {
    return this.#size;
  }

  start(): void {
    this.#core.enter(this);
    // The call itself is the listener: no closure, and removing it needs no record.
    this.#plan.signal?.addEventListener('abort', this);
    this.#attempts = 1;
    this.#submit();
  }

  /** The origin has a connection for this call. */
  sendOn(lane: Lane): void {
    const plan = this.#plan;
    this.#lane = lane;
    this.#phase = CONNECT;
    this.#controller = undefined;
    this.#reused = lane.uses > 0;
    this.#received = false;
    this.#status = 0;
    this.#firstChunk = undefined;
    this.#moreChunks = undefined;
    this.#size = 0;
    lane.client.dispatch(
      {
        path: plan.path,
        method: plan.method,
        headers: plan.headers as string[],
        body: plan.body ?? null,
      } as Dispatcher.DispatchOptions,
      this,
    );
  }

  /** The signal aborted. */
  handleEvent(): void {
    const reason: unknown = this.#plan.signal?.reason;
    this.cancel('ERR_PERF_HTTP_ABORTED', 'was aborted by its signal', reason);
  }

  /** Called by the sweep once one of the two times has passed. */
  expire(now: number): void {
    if (now >= this.deadlineAt) {
      this.cancel('ERR_PERF_HTTP_TIMEOUT', `did not finish within ${this.#plan.timeoutMs} ms`, this.#lastError);
      return;
    }
    this.phaseEndsAt = Number.POSITIVE_INFINITY;
    const { headersTimeoutMs, bodyTimeoutMs } = this.#core.settings;
    const what =
      this.#phase === HEADERS
        ? `sent no headers within ${headersTimeoutMs} ms`
        : `sent nothing of the body for ${bodyTimeoutMs} ms`;
    this.#controller?.abort(callError(this, 'ERR_PERF_HTTP_TIMEOUT', `: the server ${what}`));
  }

  /** Settles the call now, whatever it is doing, and frees its connection. */
  cancel(code: HttpErrorCode, what: string, cause: unknown): void {
    const phase = this.#phase;
    if (phase === DONE) return;
    const error = callError(this, code, ` ${what} (${PHASES[phase]})`, cause === undefined ? {} : { cause });
    if (phase === QUEUE) this.origin.unqueue(this);
    const controller = this.#controller;
    this.#fail(error);
    // While connecting there is nothing to abort yet: `onRequestStart` will refuse.
    controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Settled while the connection was being opened. undici takes the throw as the end of this request before a byte
    // of it is written, and the new connection stays for the next call; an abort would destroy it.
    if (this.#phase === DONE) throw new Error('settled before the request was sent');
    this.#controller = controller;
    this.#phase = HEADERS;
    this.#reused = (this.#lane as Lane).uses > 0;
    const { headersTimeoutMs } = this.#core.settings;
    if (headersTimeoutMs > 0) this.phaseEndsAt = performance.now() + headersTimeoutMs;
  }

  onResponseStarted(): void {
    this.#received = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    if (status < 200) return; // 100 Continue, 103 Early Hints: the answer is still to come
    this.#phase = BODY;
    this.#status = status;
    this.#headers = headers;
    this.#watchBody();
    const length = headers['content-length'];
    if (length !== undefined && Number(length) > this.#core.settings.maxBodyBytes && this.method !== 'HEAD') {
      this.#refuseBody(controller, `${firstValue(length)} bytes`);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#core.settings.maxBodyBytes) {
      this.#refuseBody(controller, 'larger');
      return;
    }
    if (this.#firstChunk === undefined) this.#firstChunk = chunk;
    else if (this.#moreChunks === undefined) this.#moreChunks = [chunk];
    else this.#moreChunks.push(chunk);
    this.#watchBody();
  }

  onResponseEnd(): void {
    const lane = this.#lane as Lane;
    this.#lane = undefined;
    this.#controller = undefined;
    this.phaseEndsAt = Number.POSITIVE_INFINITY;
    lane.uses++;
    this.#core.counters.bytesReceived += this.#size;
    lane.origin.release(lane);
    if (this.#phase === DONE) return;
    if (this.#status >= 200 && this.#status < 300) this.#succeed();
    else this.#answeredWithFailure();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, cause: Error): void {
    const lane = this.#lane as Lane;
    const sent = this.#controller !== undefined;
    this.#lane = undefined;
    this.#controller = undefined;
    this.phaseEndsAt = Number.POSITIVE_INFINITY;
    this.#core.counters.bytesReceived += this.#size;
    // Not here and now: undici reports errors while it takes the client apart, and asserts that nothing is added meanwhile.
    queueMicrotask(() => lane.origin.release(lane));
    if (this.#phase === DONE) return;

    const error = translateError(this, cause, sent, this.#core.settings.connectTimeoutMs);
    const repeatable = !sent || this.#plan.idempotent;
    if (repeatable && this.#reused && !this.#received && !this.#replayed && isBrokenConnection(error)) {
      // The server closed an idle connection as we were writing to it. That says nothing about the server's health,
      // so it costs neither a retry nor a wait; once only, because the next connection may be as old.
      this.#replayed = true;
      this.#core.counters.replays++;
      this.#lastError = error;
      this.#submit();
      return;
    }
    if (repeatable && isTransient(error) && this.#attempts <= this.#plan.maxRetries) this.#retry(error, undefined);
    else this.#fail(error);
  }

  #submit(): void {
    this.#phase = QUEUE;
    if (this.origin.trySend(this)) return;
    const { counters, settings } = this.#core;
    if (counters.queued < settings.maxQueued) {
      this.origin.enqueue(this);
      return;
    }
    counters.refused++;
    this.#fail(
      callError(
        this,
        'ERR_PERF_HTTP_QUEUE_FULL',
        ` was refused: ${counters.queued} calls are waiting for one of ${settings.maxConnections} connections; send less or raise maxQueued`,
        this.#lastError === undefined ? {} : { cause: this.#lastError },
      ),
    );
  }

  #succeed(): void {
    const body = this.#takeBody();
    let result: unknown;
    if (this.#plan.want === WANT_BODY) {
      result = this.#bufferedResponse(body);
    } else {
      try {
        result = JSON.parse(decodeBody(body));
      } catch (cause) {
        this.#fail(jsonFault(body, this.#status, this.#headers, this, this.#attempts, cause));
        return;
      }
      if (this.#plan.want === WANT_JSON) {
        result = { status: this.#status, headers: this.#headers, value: result, attempts: this.#attempts };
      }
    }
    this.#finish();
    this.#core.counters.succeeded++;
    this.#core.publish(this, undefined);
    this.#resolve(result);
  }

  #answeredWithFailure(): void {
    const core = this.#core;
    const retryAfterMs = parseRetryAfter(this.#headers['retry-after'], this.#headers['date'], Date.now());
    const canRetry =
      this.#plan.idempotent && this.#attempts <= this.#plan.maxRetries && core.settings.retryStatuses.has(this.#status);
    if (canRetry && this.#retry(undefined, retryAfterMs)) return;
    if (!this.#plan.throwOnStatus && this.#plan.want !== WANT_VALUE) {
      this.#succeed();
      return;
    }
    const remainingMs = this.deadlineAt - performance.now();
    let advice = '';
    if (canRetry && retryAfterMs !== undefined && retryAfterMs >= remainingMs) {
      advice = `: it asks to wait ${retryAfterMs} ms, and the deadline is in ${Math.max(0, Math.round(remainingMs))} ms`;
    } else if (this.#status >= 300 && this.#status < 400) {
      advice = `: redirects are not followed, call ${shortened(firstValue(this.#headers['location']))}`;
    }
    this.#fail(this.#statusError(advice, retryAfterMs));
  }

  /** Waits, then sends again; false where the deadline leaves no time (with `error` given, fails with it instead). */
  #retry(error: HttpError | undefined, retryAfterMs: number | undefined): boolean {
    const { settings, random, counters } = this.#core;
    const remainingMs = this.deadlineAt - performance.now();
    const jitterMs = fullJitter(this.#attempts, settings.retryBaseDelayMs, settings.retryMaxDelayMs, random);
    // Jitter comes on top of Retry-After, or all clients that were told "1" return in the same moment.
    const delayMs =
      retryAfterMs === undefined ? jitterMs : retryAfterMs + Math.min(jitterMs, (remainingMs - retryAfterMs) / 2);
    if (delayMs >= remainingMs || (retryAfterMs !== undefined && retryAfterMs >= remainingMs)) {
      if (error !== undefined) this.#fail(error);
      return false;
    }
    this.#lastError = error ?? this.#statusError('', retryAfterMs);
    this.#phase = RETRY_WAIT;
    // Timers count whole milliseconds from a clock that was read earlier: one more keeps the promise never to be early.
    this.#retryTimer = setTimeout(
      () => {
        this.#retryTimer = undefined;
        this.#attempts++;
        counters.retries++;
        this.#submit();
      },
      Math.ceil(delayMs) + 1,
    );
    return true;
  }

  #fail(error: HttpError): void {
    const { counters } = this.#core;
    this.#finish();
    counters.failed++;
    if (error.code === 'ERR_PERF_HTTP_TIMEOUT') counters.timeouts++;
    else if (error.code === 'ERR_PERF_HTTP_ABORTED') counters.aborted++;
    this.#core.publish(this, error);
    this.#reject(error);
  }

  /** Lets go of everything that could settle the call again. */
  #finish(): void {
    this.#phase = DONE;
    this.#plan.signal?.removeEventListener('abort', this);
    if (this.#retryTimer !== undefined) clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#core.leave(this);
  }

  #refuseBody(controller: Dispatcher.DispatchController, size: string): void {
    const { maxBodyBytes } = this.#core.settings;
    const error = callError(
      this,
      'ERR_PERF_HTTP_BODY_TOO_LARGE',
      `: the body is ${size}, the limit ${maxBodyBytes} bytes`,
      {
        status: this.#status,
      },
    );
    controller.abort(error);
  }

  #watchBody(): void {
    const { bodyTimeoutMs } = this.#core.settings;
    this.phaseEndsAt = bodyTimeoutMs > 0 ? performance.now() + bodyTimeoutMs : Number.POSITIVE_INFINITY;
  }

  #takeBody(): Buffer {
    const head = this.#firstChunk;
    const rest = this.#moreChunks;
    this.#firstChunk = undefined;
    this.#moreChunks = undefined;
    if (head === undefined) return EMPTY_BODY;
    return rest === undefined ? head : Buffer.concat([head, ...rest], this.#size);
  }

  #bufferedResponse(body: Buffer): BufferedResponse {
    // A chunk is a view of what the socket read at once, up to 64 KiB, and would keep all of that alive. The copy is not
    // pooled, or it would keep the pool's slab instead.
    let own = body;
    if (body.length * SLAB_SHARE < body.buffer.byteLength) {
      own = Buffer.allocUnsafeSlow(body.length);
      body.copy(own);
    }
    return new BufferedResponse(this.#status, this.#headers, own, this.#attempts, this);
  }

  #statusError(advice: string, retryAfterMs: number | undefined): HttpError {
    const answer = { status: this.#status, headers: this.#headers, body: this.#takeBody() };
    return statusError(this, answer, retryAfterMs, advice);
  }
}

function shortened(text: string | undefined): string {
  if (text === undefined) return 'the new address';
  const cut = text.search(/[?#]/);
  return cut < 0 ? text : text.slice(0, cut);
}
