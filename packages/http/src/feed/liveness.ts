import type { FeedCounters } from './stats.ts';

export interface LivenessOptions {
  readonly heartbeatIntervalMs: number;
  readonly staleAfterMs: number;
}

export interface LivenessEvents {
  readonly ping: () => void;
  readonly onDead: () => void;
  readonly onStale: (idleMs: number) => void;
  /** Whether messages are to be expected at all. */
  readonly expectsData: () => boolean;
}

/** A beat after this many intervals instead of one means that the loop stood still. */
const LATE_BEATS = 1.5;

/**
 * Watches one open connection with two clocks: pings, which find a half-open connection, and the time since the last
 * message, which finds a server that is there and says nothing.
 *
 * Both verdicts are given one turn of the event loop after their timer: when the loop was blocked, timers run before the
 * sockets are read, and the pong may be lying there. A beat that comes late itself proves such a block; it judges nothing,
 * unless the one before it was late as well.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #events: LivenessEvents;
  readonly #counters: FeedCounters;
  readonly #openedAt: number;
  #heartbeat: NodeJS.Timeout | undefined;
  #stale: NodeJS.Timeout | undefined;
  #isAwaitingPong: boolean;
  #messagesAtPing: number;
  #lastBeatAt: number;
  #wasLate: boolean;
  #stopped: boolean;

  constructor(options: LivenessOptions, events: LivenessEvents, counters: FeedCounters) {
    this.#options = options;
    this.#events = events;
    this.#counters = counters;
    this.#openedAt = performance.now();
    this.#isAwaitingPong = false;
    this.#messagesAtPing = 0;
    this.#lastBeatAt = this.#openedAt;
    this.#wasLate = false;
    this.#stopped = false;
    const { heartbeatIntervalMs, staleAfterMs } = options;
    // Unref'd: the socket that they watch keeps the process alive.
    this.#heartbeat =
      heartbeatIntervalMs > 0 ? setInterval(() => this.#beat(), heartbeatIntervalMs).unref() : undefined;
    this.#stale = undefined;
    if (staleAfterMs > 0) this.#watchSilence(staleAfterMs);
  }

  pong(): void {
    this.#isAwaitingPong = false;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#stale);
  }

  #beat(): void {
    const now = performance.now();
    const isLate = now - this.#lastBeatAt > LATE_BEATS * this.#options.heartbeatIntervalMs;
    const isExcused = isLate && !this.#wasLate;
    this.#lastBeatAt = now;
    this.#wasLate = isLate;
    if (!this.#isUnanswered()) {
      this.#isAwaitingPong = true;
      this.#messagesAtPing = this.#counters.messages;
      this.#events.ping();
      return;
    }
    if (isExcused) return;
    setImmediate(() => {
      if (!this.#stopped && this.#isUnanswered()) this.#events.onDead();
    });
  }

  /** Data since the ping counts as an answer: the pong is behind it. */
  #isUnanswered(): boolean {
    return this.#isAwaitingPong && this.#messagesAtPing === this.#counters.messages;
  }

  #watchSilence(delayMs: number): void {
    this.#stale = setTimeout(() => {
      setImmediate(() => {
        if (this.#stopped) return;
        const { staleAfterMs } = this.#options;
        const idleMs = performance.now() - Math.max(this.#counters.lastMessageAt, this.#openedAt);
        if (idleMs < staleAfterMs) this.#watchSilence(staleAfterMs - idleMs);
        else if (this.#events.expectsData()) this.#events.onStale(idleMs);
        else this.#watchSilence(staleAfterMs);
      });
    }, Math.ceil(delayMs)).unref();
  }
}
