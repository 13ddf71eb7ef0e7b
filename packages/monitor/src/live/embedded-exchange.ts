import { fork, type ChildProcess } from 'node:child_process';
import { entryUrl } from '../entry-url.ts';
import { MonitorError, type MonitorErrorCode } from '../errors.ts';
import type { ExchangeOptions, ExchangeStats } from '../exchange/index.ts';

/** How long the exchange stays away when it died by itself. */
const RESTART_AFTER_MS = 1_000;
/** A restart that follows this often within a run is not bad luck. */
const MAX_RESTARTS = 10;
const ANSWER_WITHIN_MS = 5_000;
/** Ids and logical time move on over a restart, as on an exchange that had an outage. */
const FIRST_UPDATE_ID = 5_000_000_000_000;
const UPDATE_IDS_PER_LIFE = 1_000_000_000_000;

type FromChild =
  | { readonly type: 'listening'; readonly url: string; readonly port: number }
  | { readonly type: 'paused' | 'stats'; readonly stats: ExchangeStats }
  | { readonly type: 'failed'; readonly code: MonitorErrorCode; readonly message: string };

/**
 * The exchange in a process of its own, so that the monitor's CPU and memory are the monitor's. Started again on the same
 * port when it dies.
 */
export class EmbeddedExchange {
  url = '';
  restarts = 0;

  readonly #options: ExchangeOptions;
  readonly #onGone: ((error: MonitorError) => void) | undefined;
  #child: ChildProcess | undefined;
  #port: number;
  #stats: ExchangeStats | undefined;
  #sentBefore = 0;
  /** Where the market's clock goes on after a restart. */
  #startTimeMs: number | undefined;
  #closing = false;
  #restartTimer: NodeJS.Timeout | undefined;
  #restartAfterMs = RESTART_AFTER_MS;

  /** `onGone` is called when the exchange has died too often to be started again. */
  constructor(options: ExchangeOptions, onGone?: (error: MonitorError) => void) {
    this.#options = options;
    this.#onGone = onGone;
    this.#port = options.port ?? 0;
  }

  /** Data messages sent so far over all lives. After a kill what was sent in the last 100 ms before it is not known. */
  get messagesSent(): number {
    return this.#sentBefore + (this.#stats?.messagesSent ?? 0);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process; rejects with the error it failed with (`ERR_PERF_MONITOR_PORT_IN_USE`, …). */
  async start(): Promise<void> {
    const life = this.restarts;
    const options: ExchangeOptions = {
      ...this.#options,
      port: this.#port,
      ...(life === 0
        ? {}
        : { firstUpdateId: FIRST_UPDATE_ID + life * UPDATE_IDS_PER_LIFE, startTimeMs: this.#startTimeMs }),
    };
    const child = fork(entryUrl('exchange/process'), [JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    const listening = await new Promise<{ url: string; port: number }>((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if (message.type === 'listening') resolve(message);
        else if (message.type === 'failed') reject(new MonitorError(message.code, message.message));
        else this.#stats = message.stats;
      });
      child.on('error', (cause) => reject(exchangeError('the embedded exchange could not be started', cause)));
      child.on('exit', (code, signal) => {
        reject(exchangeError(`the embedded exchange ended at once (${signal ?? `code ${code}`})`));
        if (this.#child === child) this.#lost();
      });
    });
    this.url = listening.url;
    this.#port = listening.port;
  }

  /** SIGKILL, and a new life after `awayMs`. */
  kill(awayMs: number): void {
    this.#restartAfterMs = awayMs;
    this.#child?.kill('SIGKILL');
  }

  /** Stops the market; resolves with the number of data messages sent until then. */
  async pause(): Promise<number> {
    const child = this.#child;
    if (child === undefined || !child.connected) throw exchangeError('the embedded exchange is not running');
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onMessage = (message: FromChild): void => {
        if (message.type === 'paused') settle();
      };
      const onExit = (): void => settle(exchangeError('the embedded exchange died while it was asked to pause'));
      const timer = setTimeout(() => settle(exchangeError('the embedded exchange does not answer')), ANSWER_WITHIN_MS);
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send({ type: 'pause' });
    });
    return this.messagesSent;
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), ANSWER_WITHIN_MS);
    if (child.connected) child.send({ type: 'close' });
    else child.kill('SIGKILL');
    await exited;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #lost(): void {
    const awayMs = this.#restartAfterMs;
    this.#restartAfterMs = RESTART_AFTER_MS;
    if (this.#stats !== undefined) {
      this.#sentBefore += this.#stats.messagesSent;
      this.#startTimeMs = Math.ceil(this.#stats.logicalTimeMs + awayMs);
      this.#stats = undefined;
    }
    if (this.#closing || this.url === '') return;
    if (this.restarts >= MAX_RESTARTS) {
      this.#onGone?.(exchangeError(`the embedded exchange died ${MAX_RESTARTS + 1} times: it is not started again`));
      return;
    }
    this.#restartTimer = setTimeout(() => {
      this.restarts++;
      // A start that fails ends its process as well, so the next try is made from here.
      this.start().catch(() => undefined);
    }, awayMs);
  }
}

function exchangeError(message: string, cause?: unknown): MonitorError {
  return new MonitorError('ERR_PERF_MONITOR_EXCHANGE', message, { cause });
}
