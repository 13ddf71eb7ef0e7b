import { channel } from 'node:diagnostics_channel';
import type { Channel } from 'node:diagnostics_channel';
import type { buildConnector } from 'undici';
import { HttpError } from '../errors.ts';
import type { Random } from '../policy/backoff.ts';
import type { Call } from './call.ts';
import type { PoolSettings } from './options.ts';
import { Origin } from './origin.ts';
import type { HttpRequestEvent } from './request-event.ts';
import { urlOf } from './response.ts';
import { newCounters } from './stats.ts';
import type { PoolCounters } from './stats.ts';
import { undici } from './undici.ts';

/** Resolution of deadlines. One sweep over the unsettled calls costs less than a timer for each. */
const SWEEP_MS = 10;

const requests: Channel = channel('perf:http:request');

/** What all calls of a pool share: origins, the list of unsettled calls, the sweep over it, and the counters. */
export class PoolCore {
  readonly settings: PoolSettings;
  readonly random: Random;
  readonly counters: PoolCounters;
  readonly #origins: Map<string, Origin>;
  readonly #connector: buildConnector.connector;
  #head: Call | undefined;
  #tail: Call | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #onIdle: (() => void) | undefined;

  constructor(settings: PoolSettings, random: Random) {
    this.settings = settings;
    this.random = random;
    this.counters = newCounters();
    this.#origins = new Map();
    // One for all connections, because it holds the TLS sessions that make the second handshake short.
    this.#connector = undici().buildConnector({ allowH2: false, timeout: settings.connectTimeoutMs, ...settings.tls });
    this.#head = undefined;
    this.#tail = undefined;
    this.#sweep = undefined;
    this.#onIdle = undefined;
  }

  readonly knows = (href: string): boolean => this.#origins.has(href);

  origin(href: string): Origin {
    let origin = this.#origins.get(href);
    if (origin === undefined) {
      if (this.#origins.size >= this.settings.maxOrigins) this.#evict();
      origin = new Origin(href, this.settings, this.counters, this.#connector);
      this.#origins.set(href, origin);
    }
    return origin;
  }

  enter(call: Call): void {
    this.counters.requests++;
    this.counters.active++;
    call.origin.active++;
    call.activeBefore = this.#tail;
    if (this.#tail === undefined) this.#head = call;
    else this.#tail.activeAfter = call;
    this.#tail = call;
    // Unref'd: an unsettled call always has a socket or a retry timer somewhere that keeps the process alive.
    this.#sweep ??= setInterval(() => this.#expire(), SWEEP_MS).unref();
  }

  leave(call: Call): void {
    this.counters.active--;
    call.origin.active--;
    if (call.activeBefore === undefined) this.#head = call.activeAfter;
    else call.activeBefore.activeAfter = call.activeAfter;
    if (call.activeAfter === undefined) this.#tail = call.activeBefore;
    else call.activeAfter.activeBefore = call.activeBefore;
    // Or a settled call that has grown old keeps every later one alive through its link, until a full collection.
    call.activeBefore = undefined;
    call.activeAfter = undefined;
    if (this.#head === undefined && this.#onIdle !== undefined) this.#onIdle();
  }

  publish(call: Call, error: HttpError | undefined): void {
    if (!requests.hasSubscribers) return;
    const event: HttpRequestEvent = {
      method: call.method,
      url: urlOf(call),
      status: call.status,
      attempts: call.attempts,
      durationMs: performance.now() - call.startedAt,
      bodyBytes: call.bytes,
      error,
    };
    requests.publish(event);
  }

  /** Resolves once no call is unsettled. */
  async idle(): Promise<void> {
    if (this.#head !== undefined) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.#stopSweep();
    await Promise.all([...this.#origins.values()].map((origin) => origin.close()));
  }

  /** Settles every call with `ERR_PERF_HTTP_CLOSED` and destroys the connections. */
  async destroy(): Promise<void> {
    for (let call = this.#head; call !== undefined; call = this.#head) {
      call.cancel('ERR_PERF_HTTP_CLOSED', 'was cut off: the pool was destroyed', undefined);
    }
    this.#stopSweep();
    await Promise.all([...this.#origins.values()].map((origin) => origin.destroy()));
  }

  #expire(): void {
    if (this.#head === undefined) {
      this.#stopSweep();
      return;
    }
    const now = performance.now();
    for (let call: Call | undefined = this.#head; call !== undefined;) {
      // Read before: expiring takes the call out of the list.
      const next: Call | undefined = call.activeAfter;
      if (now >= call.deadlineAt || now >= call.phaseEndsAt) call.expire(now);
      call = next;
    }
  }

  #stopSweep(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  #evict(): void {
    for (const [href, origin] of this.#origins) {
      if (origin.active > 0) continue;
      this.#origins.delete(href);
      void origin.close();
      return;
    }
    throw new HttpError(
      'ERR_PERF_HTTP_QUEUE_FULL',
      `calls to ${this.#origins.size} origins are unsettled: send to fewer at once, or raise maxOrigins`,
      { option: 'maxOrigins' },
    );
  }
}
