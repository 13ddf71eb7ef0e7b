// One file: into `<name>.part`, from where an earlier run stopped; checked on disk; renamed. The final name therefore
// never holds anything but the right bytes, whenever the process dies.
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeDiskError, describeNetworkError, FileFailure, Retryable, RunFailure } from './failure.mjs';
import { fault } from './verify.mjs';

/** Attempts that bring no new byte before a file is given up; one that gets further starts the count again. */
const ATTEMPTS = 5;
const TIMING = {
  firstBackoffMs: 500,
  maxBackoffMs: 15_000,
  /** A server that asks for longer than this is reported instead of waited for. */
  maxServerWaitMs: 120_000,
  /** A connection on which nothing arrives for this long is given up. */
  idleMs: 30_000,
};

/**
 * @param {import('./state.mjs').CorpusFile} file
 * @param {{ folder: string, url: URL, signal: AbortSignal, progress: { bytes(count: number): void, note(text: string): void },
 *   timing?: Partial<typeof TIMING> }} options
 * @throws {FileFailure} this file cannot be had
 * @throws {RunFailure} the disk is full or cannot be written
 */
export async function fetchFile(file, { folder, url, signal, progress, timing }) {
  const times = { ...TIMING, ...timing };
  const target = path.join(folder, file.path);
  const transfer = { file, url, part: `${target}.part`, signal, times, counted: 0, farthest: 0, count };
  function count(bytes) {
    transfer.counted += bytes;
    transfer.farthest = Math.max(transfer.farthest, transfer.counted);
    progress.bytes(bytes);
  }
  try {
    await onDisk(folder, () => mkdir(path.dirname(target), { recursive: true }));
    await onDisk(folder, () => rm(target, { force: true }));
    let failed = 0;
    for (;;) {
      const before = transfer.farthest;
      try {
        await attempt(transfer, folder);
        break;
      } catch (error) {
        if (signal.aborted || !(error instanceof Retryable)) throw error;
        if (error.discard) await onDisk(folder, () => rm(transfer.part, { force: true }));
        failed = transfer.farthest > before ? 1 : failed + 1;
        if (failed >= ATTEMPTS)
          throw Object.assign(new FileFailure(error.message, { cause: error }), { exhausted: true });
        // Full jitter: clients that failed together do not come back together.
        const backoffMs = Math.random() * Math.min(times.maxBackoffMs, times.firstBackoffMs * 2 ** failed);
        await sleep(Math.max(error.waitMs ?? 0, backoffMs), undefined, { signal });
      }
    }
    await onDisk(folder, () => rename(transfer.part, target));
  } catch (error) {
    // What is not under its final name does not count as progress.
    progress.bytes(-transfer.counted);
    throw error;
  }
}

/** Continues the partial file and returns when it is complete and right. */
async function attempt(transfer, folder) {
  const { file, part, count } = transfer;
  let have = await onDisk(folder, () => partSize(part));
  if (have > file.bytes) {
    await onDisk(folder, () => rm(part, { force: true }));
    have = 0;
  }
  count(have - transfer.counted);
  const resumed = have > 0;
  // An empty file is fetched as well: that it exists under this address is part of what is checked.
  if (have < file.bytes || have === 0) await download(transfer, have, folder);

  const wrong = await fault(part, file);
  if (wrong === undefined) return;
  await onDisk(folder, () => rm(part, { force: true }));
  count(-transfer.counted);
  // The first half may come from another version of the file: once more, from the start.
  if (resumed) throw new Retryable(`${wrong.reason} after resuming`);
  throw new FileFailure(
    `the server sent something else (SHA-256 differs); an error page or a changed mirror: look at ${transfer.url.origin}, or report corpora.json as outdated`,
  );
}

async function download(transfer, offset, folder) {
  const { file, part, url, signal, times, count } = transfer;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(), times.idleMs);
  try {
    const headers = { 'accept-encoding': 'identity' };
    if (offset > 0) headers.range = `bytes=${offset}-`;
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, idle.signal]) });
    let start;
    try {
      start = startOf(response, offset, file, times);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    count(start - transfer.counted);
    const handle = await onDisk(folder, () => open(part, start > 0 ? 'r+' : 'w'));
    try {
      let at = start;
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        if (at + chunk.byteLength > file.bytes) {
          const message = `the server sends more than the ${file.bytes} bytes of corpora.json; it is another file`;
          throw Object.assign(new FileFailure(message), { discard: true });
        }
        await onDisk(folder, () => handle.write(chunk, 0, chunk.byteLength, at));
        at += chunk.byteLength;
        count(chunk.byteLength);
      }
      if (at < file.bytes) throw new Retryable(`the server ends after ${at} of ${file.bytes} bytes`);
      await onDisk(folder, () => handle.sync());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof FileFailure && error.discard) await onDisk(folder, () => rm(part, { force: true }));
    if (signal.aborted || error instanceof FileFailure || error instanceof RunFailure || error instanceof Retryable)
      throw error;
    const message = idle.signal.aborted
      ? `${url.host} sent nothing for ${times.idleMs / 1000} s; run the command again to go on`
      : describeNetworkError(error, url);
    throw new Retryable(message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** At which offset the body of a response begins; throws what a response without one means. */
function startOf(response, offset, file, times) {
  const { status } = response;
  if (status === 200) return 0;
  if (status === 206) {
    const encoding = response.headers.get('content-encoding') ?? 'identity';
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (
      encoding === 'identity' &&
      range &&
      Number(range[1]) === offset &&
      (range[2] === '*' || Number(range[2]) === file.bytes)
    ) {
      return offset;
    }
    throw new Retryable('the server answers a range request with another range', { discard: true });
  }
  if (status === 416) throw new Retryable('the server refuses to continue the file', { discard: true });
  if (status === 404 || status === 410) {
    throw new FileFailure(
      `HTTP ${status}: not at ${new URL(response.url).origin}; check --base-url, or report corpora.json as outdated`,
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const waitMs = retryAfterMs(response.headers.get('retry-after'));
    const message = `HTTP ${status} from ${new URL(response.url).host}`;
    if (waitMs !== undefined && waitMs > times.maxServerWaitMs) {
      throw new FileFailure(
        `${message}: it asks to come back in ${Math.ceil(waitMs / 1000)} s; run the command again then`,
      );
    }
    throw new Retryable(`${message}; run the command again later`, { waitMs });
  }
  throw new FileFailure(
    `HTTP ${status} from ${new URL(response.url).host}; check the address or name a mirror with --base-url`,
  );
}

/** Seconds or an HTTP date; undefined when absent or unreadable. */
function retryAfterMs(text) {
  if (text === null) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

async function partSize(part) {
  try {
    return (await stat(part)).size;
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

async function onDisk(folder, work) {
  try {
    return await work();
  } catch (error) {
    throw new RunFailure(describeDiskError(error, folder), { cause: error });
  }
}
