import { rmSync } from 'node:fs';
import { mkdir, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskError, FileFailure, RunFailure } from './failure.mjs';
import { fetchFile } from './fetch-file.mjs';
import { megabytes } from './units.mjs';
import { fault } from './verify.mjs';

/** Files in a row that no attempt could bring: then the network is down, and trying hundreds more would take minutes. */
const GIVE_UP_AFTER = 4;
/** A lock file is empty between its creation and the writing of its owner. */
const LOCK_SETTLE_MS = 5000;

/**
 * Brings every file into the folder, `jobs` at a time. A file that fails is listed and the others go on; a full or
 * unwritable disk ends the run with a RunFailure.
 * @param {import('./state.mjs').CorpusFile[]} files
 * @param {{ folder: string, jobs: number, baseUrl?: string, signal: AbortSignal, progress: object, timing?: object }} options
 * @returns {Promise<{ good: number, fetched: number, kept: number, failures: { path: string, reason: string }[] }>}
 */
export async function fetchAll(files, { folder, jobs, baseUrl, signal, progress, timing }) {
  const release = await takeFolder(folder);
  try {
    const wanted = await missingFiles(files, folder, { progress, signal });
    const result = { good: files.length - wanted.length, fetched: 0, kept: files.length - wanted.length, failures: [] };
    await checkSpace(wanted, folder);

    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const queue = wanted.values();
    let fatal;
    let inARow = 0;
    const worker = async () => {
      for (const file of queue) {
        if (either.aborted) return;
        try {
          await fetchFile(file, { folder, url: addressOf(file, baseUrl), signal: either, progress, timing });
          result.good += 1;
          result.fetched += 1;
          inARow = 0;
          progress.file();
        } catch (error) {
          if (either.aborted) return;
          if (!(error instanceof FileFailure)) {
            fatal = error;
            stop.abort();
            return;
          }
          result.failures.push({ path: file.path, reason: error.message });
          if (!error.exhausted) continue;
          inARow += 1;
          if (inARow < GIVE_UP_AFTER) continue;
          for (const untried of queue) result.failures.push({ path: untried.path, reason: error.message });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, wanted.length) }, worker));
    if (fatal) throw fatal;
    result.failures.sort((a, b) => (a.path < b.path ? -1 : 1));
    return result;
  } finally {
    release();
  }
}

/** `#` and `+` stand in file names, so each segment is encoded. */
export function addressOf(file, baseUrl) {
  if (baseUrl === undefined) return new URL(file.url);
  return new URL(`${baseUrl.replace(/\/+$/, '')}/${file.path.split('/').map(encodeURIComponent).join('/')}`);
}

async function missingFiles(files, folder, { progress, signal }) {
  const wanted = [];
  for (const file of files) {
    if (signal.aborted) break;
    const wrong = await fault(path.join(folder, file.path), file).catch((error) => {
      throw new RunFailure(`${path.join(folder, file.path)} cannot be read: ${error.message}`, { cause: error });
    });
    if (wrong) {
      wanted.push(file);
      if (!wrong.missing) progress.note(`${file.path}: ${wrong.reason}; it is fetched again`);
    } else {
      progress.bytes(file.bytes);
      progress.file();
    }
  }
  return wanted;
}

async function checkSpace(wanted, folder) {
  const needed = wanted.reduce((sum, file) => sum + file.bytes, 0);
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  // A file system that does not tell its size reports 0 blocks.
  if (disk.blocks > 0 && free < needed) {
    throw new RunFailure(
      `the disk of ${folder} has ${megabytes(free)} free and ${megabytes(needed)} are needed; free some space, or fetch elsewhere with --dir and set PERF_CORPORA to it`,
    );
  }
}

/** Two runs that append to the same partial file would spoil it, so a folder belongs to one process at a time. */
async function takeFolder(folder) {
  const lock = path.join(folder, '.fetching');
  try {
    await mkdir(folder, { recursive: true });
    for (;;) {
      try {
        await writeFile(lock, String(process.pid), { flag: 'wx' });
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      if (await isHeld(lock)) {
        throw new RunFailure(
          `${folder} is being filled by another run; wait for it, or remove ${lock} if there is none`,
        );
      }
      rmSync(lock, { force: true });
    }
  } catch (error) {
    throw error instanceof RunFailure ? error : new RunFailure(describeDiskError(error, folder), { cause: error });
  }
  return () => rmSync(lock, { force: true });
}

async function isHeld(lock) {
  try {
    const owner = await readFile(lock, 'utf8');
    if (owner === '') return Date.now() - (await stat(lock)).mtimeMs < LOCK_SETTLE_MS;
    // Our own number is left over from a run before: in a container every run may get the same one.
    if (Number(owner) === process.pid) return false;
    process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
