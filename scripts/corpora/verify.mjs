import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * SHA-256 of a file's bytes, read in chunks.
 * @param {string} file
 * @returns {Promise<string>} hexadecimal
 */
export async function sha256(file) {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file)) digest.update(chunk);
  return digest.digest('hex');
}

/**
 * What is wrong with a file, or undefined when it is what the manifest says.
 * @param {string} file
 * @param {import('./state.mjs').CorpusFile} expected
 * @returns {Promise<{ missing: boolean, reason: string } | undefined>}
 */
export async function fault(file, expected) {
  const found = await stat(file).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found) return { missing: true, reason: 'missing' };
  if (!found.isFile()) return { missing: false, reason: 'not a file' };
  if (found.size !== expected.bytes) {
    return { missing: false, reason: `${found.size} bytes instead of ${expected.bytes}` };
  }
  if ((await sha256(file)) !== expected.sha256)
    return { missing: false, reason: 'the size is right, the content is not' };
  return undefined;
}

/**
 * Compares a folder with the manifest, without any network.
 * @param {import('./state.mjs').CorpusFile[]} files
 * @param {string} folder
 * @returns {Promise<{ path: string, reason: string }[]>}
 */
export async function verifyAll(files, folder) {
  const failures = [];
  for (const file of files) {
    const wrong = await fault(path.join(folder, file.path), file).catch((error) => ({ reason: error.message }));
    if (wrong) failures.push({ path: file.path, reason: wrong.reason });
  }
  return failures;
}
