import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { readTarball } from './tarball.mjs';

/**
 * publint, and for packages with types attw, on a tarball.
 * @param {string} file
 * @param {{ root: string, platform: boolean }} options
 * @returns {Promise<string[]>} problems
 */
export async function lintTarball(file, { root, platform }) {
  const bytes = readFileSync(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { manifest } = readTarball(file);
  const { messages } = await publint({ pack: { tarball }, level: 'warning', strict: true });
  const problems = messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`);
  return platform ? problems : [...problems, ...(await attw(file, root))];
}

function attw(file, root) {
  const program = path.join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  const args = [
    program,
    file,
    '--profile',
    'esm-only',
    '--no-emoji',
    '--no-color',
    '--format',
    'ascii',
    '--no-definitely-typed',
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (!error) resolve(/does not contain types/i.test(stdout) ? ['attw: the package contains no types'] : []);
      else resolve([`attw: ${`${stdout}${stderr}`.trim()}`]);
    });
  });
}
