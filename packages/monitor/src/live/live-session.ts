import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { runConcurrent } from '@perf/concurrency';
import { Feed, HttpPool } from '@perf/http';
import { MonitorError } from '../errors.ts';
import { Pipeline } from '../pipeline.ts';
import type { SymbolWatch } from '../symbol-watch.ts';
import { instrumentsFrom } from '../venues/binance/exchange-info.ts';
import { streamNames, subscribeFrame, unsubscribeFrame } from '../venues/binance/streams.ts';
import { compareWithExchange, type BookVerdict } from './final-check.ts';
import type { LiveOptions } from './live-options.ts';
import { SnapshotRequests } from './snapshot-requests.ts';

/** Frames still under way when the market was paused arrive within this, or are lost. */
const DRAIN_WITHIN_MS = 3_000;
const DRAIN_STEP_MS = 5;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/**
 * Watches a live exchange: REST for instruments and snapshots, one WebSocket for all streams, and the pipeline in
 * between. `run()` goes on until the signal, then compares every book with the exchange's own.
 */
export class LiveSession {
  readonly startedAt: number = performance.now();
  pipeline: Pipeline | undefined;
  verdicts: readonly BookVerdict[] = [];
  /** Snapshots applied after the first of each symbol. */
  resyncs = 0;
  sent: number | undefined;
  /** Frames refused by the connection because of their size. */
  oversizedFrames = 0;

  readonly #options: LiveOptions;
  readonly #pool: HttpPool;
  readonly #snapshots: SnapshotRequests;
  readonly #synced = new Set<SymbolWatch>();
  #feed: Feed | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#pool = new HttpPool({ baseUrl: options.url, maxConnections: 4, timeoutMs: 10_000 });
    this.#snapshots = new SnapshotRequests({
      pool: this.#pool,
      onApplied: (watch) => {
        if (this.#synced.has(watch)) this.resyncs++;
        this.#synced.add(watch);
      },
      onFailure: (watch, error) => this.#notice(`${watch.symbol}: no snapshot: ${error.message}`),
    });
  }

  get feedState(): string {
    return this.#feed?.state ?? 'idle';
  }

  get reconnects(): number {
    return this.#feed?.stats.reconnects ?? 0;
  }

  get bytes(): number {
    return this.#feed?.stats.bytes ?? 0;
  }

  /** Resolves after the signal and the final comparison. Rejects with `ERR_PERF_MONITOR_EXCHANGE` where the exchange cannot be used at all. */
  async run(): Promise<void> {
    const { signal, onProgress, progressEveryMs = 1_000 } = this.#options;
    const ticker = setInterval(() => onProgress?.(this), progressEveryMs);
    try {
      await this.#connect();
      if (this.#feed?.state === 'open') this.#options.onConnected?.();
      if (!signal.aborted) await once(signal, 'abort');
      await this.#settle();
    } catch (error) {
      if (!signal.aborted || error instanceof MonitorError) throw error;
    } finally {
      clearInterval(ticker);
      this.#snapshots.cancel();
      this.#feed?.destroy();
      this.#pool.destroy();
    }
  }

  async #connect(): Promise<void> {
    const { symbols, signal, url, streamUrl = url.replace(/^http/, 'ws') } = this.#options;
    let answer: unknown;
    try {
      answer = await this.#pool.getJson('/fapi/v1/exchangeInfo', { signal });
    } catch (cause) {
      if (signal.aborted) return;
      throw new MonitorError('ERR_PERF_MONITOR_EXCHANGE', unreachable(url, cause as Error), { cause });
    }
    this.pipeline = new Pipeline({
      venue: 'binance-usdm',
      instruments: instrumentsFrom(answer, symbols),
      maxFrameBytes: MAX_FRAME_BYTES,
      onGap: (watch) => {
        const { lastGap } = watch.sync;
        this.#notice(`${watch.symbol}: gap, expected ${lastGap?.expected}, got ${lastGap?.got}`);
        this.#snapshots.request(watch);
      },
      onBuffered: (watch) => this.#snapshots.request(watch),
    });
    const { pipeline } = this;
    const feed = new Feed({
      url: `${streamUrl}/stream`,
      subscriptions: symbols.flatMap(streamNames),
      subscribeFrame,
      unsubscribeFrame,
      maxMessageBytes: MAX_FRAME_BYTES,
      onMessage: (frame) => {
        pipeline.frame(frame);
      },
      onClose: ({ code, reason, willReconnect }) => {
        if (!willReconnect) return;
        this.#notice(`connection closed (${code}${reason === '' ? '' : ` ${reason}`}): connecting again`);
        this.#snapshots.cancel();
        for (const watch of pipeline.watches.values()) watch.reset('the connection was closed');
      },
      onError: (error) => {
        if (error.code === 'ERR_PERF_HTTP_FRAME_TOO_LARGE') {
          this.oversizedFrames++;
          pipeline.rejections.add('too-large', error.message);
        }
        this.#notice(error.message);
      },
    });
    this.#feed = feed;
    try {
      await feed.connect({ signal });
    } catch (cause) {
      if (signal.aborted) return;
      throw new MonitorError('ERR_PERF_MONITOR_EXCHANGE', unreachable(streamUrl, cause as Error), { cause });
    }
  }

  /** Stops the market where it is ours, takes what is still under way, and compares the books. */
  async #settle(): Promise<void> {
    const { exchange } = this.#options;
    const { pipeline } = this;
    if (pipeline === undefined) return;
    if (exchange !== undefined) {
      this.sent = await exchange.pause();
      await this.#drain(pipeline, this.sent);
    }
    this.verdicts = await runConcurrent(
      (watch) => compareWithExchange(watch, this.#pool),
      [...pipeline.watches.values()],
      { maxWorkers: 4 },
    );
  }

  async #drain(pipeline: Pipeline, sent: number): Promise<void> {
    const deadline = performance.now() + DRAIN_WITHIN_MS;
    while (pipeline.frames < sent && performance.now() < deadline) await sleep(DRAIN_STEP_MS);
    // A book that was being brought in step when the time was up gets the rest of it.
    while (
      [...pipeline.watches.values()].some((watch) => watch.sync.state !== 'live') &&
      performance.now() < deadline
    ) {
      await sleep(DRAIN_STEP_MS);
    }
  }

  #notice(text: string): void {
    this.#options.onNotice?.(text);
  }
}

function unreachable(url: string, cause: Error): string {
  return `the exchange at ${url} cannot be used: ${cause.message}; start one with "perf-monitor exchange", or check the address`;
}
