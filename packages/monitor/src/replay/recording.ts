import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MonitorError } from '../errors.ts';

// A recording is text, plain or gzip: one received message a line,
//
//   1723161255030314667 {"stream":"btcusdt@depth@0ms","data":{…}}
//   └ receive time, ns ┘ └ the message as it came, or the body of the REST depth answer
//
// The time has 19 digits and is beyond 2^53, so it is read as seconds and nanoseconds.

const SPACE = 0x20;
const ZERO = 0x30;
const TIME_DIGITS = 19;
const SECOND_DIGITS = 10;
/** Where the message starts in a line. */
export const MESSAGE_AT: number = TIME_DIGITS + 1;

/** Receive time of the line in milliseconds since `originSeconds`, or NaN where the line does not start as above. */
export function receiveTimeMs(bytes: Uint8Array, start: number, end: number, originSeconds: number): number {
  if (end - start <= MESSAGE_AT || bytes[start + TIME_DIGITS] !== SPACE) return Number.NaN;
  const seconds = digits(bytes, start, start + SECOND_DIGITS);
  const nanoseconds = digits(bytes, start + SECOND_DIGITS, start + TIME_DIGITS);
  return (seconds - originSeconds) * 1e3 + nanoseconds / 1e6;
}

function digits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Opens a recording as a stream of text chunks; gzip is told by its first bytes, not by the name. Throws
 * `ERR_PERF_MONITOR_RECORDING` where the file cannot be read.
 */
export async function openRecording(file: string): Promise<Readable> {
  const magic = new Uint8Array(2);
  let read: number;
  try {
    const handle = await open(file, 'r');
    try {
      if (!(await handle.stat()).isFile()) {
        throw new MonitorError('ERR_PERF_MONITOR_RECORDING', `${file} is not a file`);
      }
      ({ bytesRead: read } = await handle.read(magic, 0, 2, 0));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw cause instanceof MonitorError ? cause : unreadable(file, cause);
  }
  if (read === 0) throw new MonitorError('ERR_PERF_MONITOR_RECORDING', `${file} is empty`);
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return raw;
  const text = createGunzip({ chunkSize: 256 * 1024 });
  raw.on('error', (error) => text.destroy(error));
  text.on('close', () => raw.destroy());
  return raw.pipe(text);
}

/** Puts what reading a recording can fail with into words. */
export function readFailure(file: string, cause: unknown, line: number): MonitorError {
  if (cause instanceof MonitorError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const where = `after line ${line}`;
  if (code === 'Z_BUF_ERROR') {
    return recordingError(`${file} is cut off ${where}: the gzip data end too early`, line, cause);
  }
  if (code?.startsWith('Z_')) return recordingError(`${file} is damaged ${where}: ${message}`, line, cause);
  return unreadable(file, cause);
}

function recordingError(message: string, line: number, cause: unknown): MonitorError {
  return new MonitorError('ERR_PERF_MONITOR_RECORDING', message, { line, cause });
}

function unreadable(file: string, cause: unknown): MonitorError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const what = code === 'ENOENT' ? 'there is no such file' : message;
  return new MonitorError('ERR_PERF_MONITOR_RECORDING', `${file} cannot be read: ${what}`, { cause });
}
