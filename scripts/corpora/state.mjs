// Where the real data of tests and benchmarks lies and in which state it is. Synchronous, and runs on Node 18: bootstrap
// calls it before a newer Node is there. It compares names and sizes only; `npm run corpora -- --verify` compares digests.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * @typedef {{ path: string, bytes: number, sha256: string, licence: string, url: string }} CorpusFile
 * @typedef {{ count: number, bytes: number, licences: Record<string, object>, files: CorpusFile[] }} Manifest
 */

/** Segments that stay inside the folder on every platform. */
const SAFE_PATH = /^(?:(?!\.{1,2}(?:\/|$))[^\\/:*?"<>|]+\/)*(?!\.{1,2}$)[^\\/:*?"<>|]+$/;

/**
 * Reads `corpora.json`. Throws when it is missing, is no JSON, or holds an entry that cannot be fetched safely.
 * @param {string} root root of the repository
 * @returns {Manifest}
 */
export function readManifest(root) {
  const file = join(root, 'corpora.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const entry of manifest.files) {
    if (!SAFE_PATH.test(entry.path))
      throw new Error(`${file}: the path ${JSON.stringify(entry.path)} leaves the folder`);
    if (!Number.isSafeInteger(entry.bytes) || entry.bytes < 0 || !/^[0-9a-f]{64}$/.test(entry.sha256)) {
      throw new Error(`${file}: ${entry.path} needs "bytes" and a "sha256" of 64 hexadecimal digits`);
    }
  }
  return manifest;
}

/**
 * The folder in which tests look, whether or not anything is there: `PERF_CORPORA`, else `.corpora` in the root.
 * @param {Record<string, string | undefined>} env
 * @param {string} root
 * @returns {string} absolute
 */
export function corporaPlace(env, root) {
  return env.PERF_CORPORA ? resolve(root, env.PERF_CORPORA) : join(root, '.corpora');
}

/**
 * The folder in which tests look, when it holds every file of the manifest in its size; otherwise undefined.
 * @param {Record<string, string | undefined>} env
 * @param {string} root
 * @returns {string | undefined} absolute
 */
export function corporaFolder(env, root) {
  const folder = corporaPlace(env, root);
  for (const file of readManifest(root).files) {
    const stat = fileStat(join(folder, file.path));
    if (stat?.size !== file.bytes) return undefined;
  }
  return folder;
}

/**
 * A short digest over path, size and modification time of the manifest's files, for the task cache: it changes when a
 * file comes, goes or is edited. `none` when not one of them is there.
 * @param {Record<string, string | undefined>} env
 * @param {string} root
 * @returns {string} `none` or 16 hexadecimal digits
 */
export function corporaState(env, root) {
  const folder = corporaPlace(env, root);
  const digest = createHash('sha256');
  let present = 0;
  for (const file of readManifest(root).files) {
    const stat = fileStat(join(folder, file.path));
    if (stat) present += 1;
    digest.update(stat ? `${file.path}\0${stat.size}\0${stat.mtimeMs}\n` : `${file.path}\0absent\n`);
  }
  return present === 0 ? 'none' : digest.digest('hex').slice(0, 16);
}

/** Undefined for whatever cannot be read as a file, a broken link and a missing folder among them. */
function fileStat(path) {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? stat : undefined;
  } catch {
    return undefined;
  }
}
