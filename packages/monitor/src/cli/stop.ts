/** A second Ctrl-C sooner than this is the same one: `npm start` passes on what the terminal has sent already. */
const SAME_SIGNAL_MS = 500;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stop {
  readonly signal: AbortSignal;
  /** Aborts after this time from now. */
  after(durationMs: number): void;
  now(): void;
  /** Removes the listeners and the timer. */
  release(): void;
}

/** Aborts at the first SIGINT or SIGTERM, or when `after` says so. A second Ctrl-C ends the process at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController();
  let firstAt = Number.NaN;
  const onSignal = (name: 'SIGINT' | 'SIGTERM'): void => {
    const now = performance.now();
    if (Number.isNaN(firstAt)) firstAt = now;
    else if (now - firstAt > SAME_SIGNAL_MS) process.exit(EXIT_CODES[name]);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    after(durationMs) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), durationMs);
    },
    now() {
      controller.abort();
    },
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      clearTimeout(timer);
    },
  };
}
