import { setTimeout as sleep } from 'node:timers/promises';
import type { VenueId } from '@perf/structures';
import { MonitorError } from '../errors.ts';
import type { Pipeline } from '../pipeline.ts';
import { scaleOf } from '../venues/scale.ts';
import { LineSplitter } from './line-splitter.ts';
import { MESSAGE_AT, openRecording, readFailure, receiveTimeMs } from './recording.ts';
import { ReplayFeed } from './replay-feed.ts';
import { replayReport, type ReplayReport } from './report.ts';

export interface ReplayOptions {
  readonly file: string;
  /** Default `binance-usdm`, the only one whose recordings are read today. */
  readonly venue?: VenueId | undefined;
  /** `max` (default), or a multiple of real time: 1 is as recorded, 10 ten times as fast. */
  readonly speed?: 'max' | number | undefined;
  /** Tick and lot size; default: the fewest decimals that represent every value of the first snapshot. */
  readonly tick?: string | undefined;
  readonly lot?: string | undefined;
  readonly maxLineBytes?: number | undefined;
  /** Ends the replay; the report says how far it came. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the live state at most every 100 ms. */
  readonly onProgress?: ((pipeline: Pipeline, progress: ReplayProgress) => void) | undefined;
}

export interface ReplayProgress {
  readonly lines: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Time since the first line on the recorder's clock. */
  readonly feedMs: number;
}

const DEFAULT_MAX_LINE_BYTES = 16 * 1024 * 1024;
const PROGRESS_EVERY_MS = 100;
/** A timer is no finer than this: lines that are due sooner go now. */
const TIMER_MS = 2;

/**
 * Runs a recorded feed through the pipeline and checks the book against the exchange's own best bid and ask.
 *
 * Never rejects for what is in the file: the report carries what was done and `error` where it had to stop.
 * Rejects with `ERR_PERF_MONITOR_OPTION` for wrong options.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const speed = options.speed ?? 'max';
  if (speed !== 'max' && !(speed > 0 && Number.isFinite(speed))) {
    throw new MonitorError('ERR_PERF_MONITOR_OPTION', `speed must be "max" or a positive number, got ${speed}`);
  }
  const venue = options.venue ?? 'binance-usdm';
  const feed = new ReplayFeed(venue, {
    tick: options.tick === undefined ? undefined : scaleOf(options.tick),
    lot: options.lot === undefined ? undefined : scaleOf(options.lot),
  });
  const splitter = new LineSplitter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES);
  const started = performance.now();
  let error: MonitorError | undefined;
  try {
    await run(options, speed, feed, splitter, started);
    feed.finish();
  } catch (cause) {
    error = readFailure(options.file, cause, splitter.line);
    feed.abandon();
  }
  return replayReport({
    file: options.file,
    venue,
    speed,
    feed,
    lines: splitter.line,
    bytes: splitter.offset,
    durationMs: performance.now() - started,
    interrupted: options.signal?.aborted === true,
    error,
  });
}

async function run(
  options: ReplayOptions,
  speed: 'max' | number,
  feed: ReplayFeed,
  splitter: LineSplitter,
  started: number,
): Promise<void> {
  const { signal, onProgress } = options;
  let originSeconds = Number.NaN;
  let firstMs = Number.NaN;
  let feedMs = 0;
  let nextProgress = started + PROGRESS_EVERY_MS;

  const takeLine = (): void => {
    const { bytes, start, end, line } = splitter;
    if (Number.isNaN(originSeconds)) originSeconds = Number(String.fromCharCode(...bytes.subarray(start, start + 10)));
    const timeMs = receiveTimeMs(bytes, start, end, originSeconds);
    if (Number.isNaN(timeMs)) {
      feed.refuse(line, 'the line does not start with a receive time of 19 digits and a space');
      return;
    }
    if (Number.isNaN(firstMs)) firstMs = timeMs;
    feedMs = timeMs - firstMs;
    feed.message(bytes, start + MESSAGE_AT, end, line);
  };
  const report = (now: number): void => {
    nextProgress = now + PROGRESS_EVERY_MS;
    const { pipeline } = feed;
    if (pipeline === undefined) return;
    onProgress?.(pipeline, { lines: splitter.line, bytes: splitter.offset, elapsedMs: now - started, feedMs });
  };

  const source = await openRecording(options.file);
  try {
    for await (const chunk of source) {
      if (signal?.aborted === true) return;
      splitter.push(chunk as Uint8Array);
      while (splitter.next()) {
        takeLine();
        if (speed === 'max') continue;
        const aheadMs = feedMs / speed - (performance.now() - started);
        if (aheadMs < TIMER_MS) continue;
        report(performance.now());
        if (!(await pause(aheadMs, signal))) return;
      }
      const now = performance.now();
      if (now >= nextProgress) report(now);
    }
    if (splitter.finish()) takeLine();
  } finally {
    source.destroy();
  }
}

/** False where the signal ended the wait. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(ms, undefined, signal === undefined ? undefined : { signal });
    return true;
  } catch (error) {
    if (signal?.aborted === true) return false;
    throw error;
  }
}
