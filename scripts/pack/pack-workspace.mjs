import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { readWorkspace } from '../check-imports/workspace.mjs';

const run = promisify(execFile);

/**
 * Packs the public packages of the workspace into a folder.
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.folder gets the tarballs
 * @param {string} [options.only] a package's name without its scope
 * @param {boolean} [options.stubs] pack platform packages without a binary too, so that an installer finds their manifests
 * @returns {Promise<{ packed: { name: string, file: string, platform: boolean, binary: boolean }[],
 *   skipped: { name: string, reason: string }[] }>} `platform`: it holds one binary and no JavaScript
 */
export async function packWorkspace({ root, folder, only, stubs = false }) {
  mkdirSync(folder, { recursive: true });
  const result = { packed: [], skipped: [] };
  for (const member of readWorkspace(root)) {
    if (!member.published || (only !== undefined && member.name !== `@perf/${only}`)) continue;
    const platform = member.manifest.os !== undefined;
    if (platform) {
      const binary = path.join(root, 'packages', 'native', member.manifest.main);
      if (existsSync(binary) || stubs) {
        const file = await packPlatform(member, existsSync(binary) ? binary : undefined, { root, folder });
        result.packed.push({ name: member.name, file, platform, binary: existsSync(binary) });
      } else {
        result.skipped.push({ name: member.name, reason: 'no binary for it was built here' });
      }
      continue;
    }
    if (!existsSync(path.join(member.folder, 'dist'))) {
      throw new Error(`${member.name} has no dist folder; run \`npm run build\` first`);
    }
    result.packed.push({ name: member.name, file: await pnpmPack(member.folder, folder), platform, binary: false });
  }
  return result;
}

/** Staged elsewhere, so that no binary of one machine stays in the folder that is committed. */
async function packPlatform(member, binary, { root, folder }) {
  const stage = mkdtempSync(path.join(tmpdir(), 'perf-platform-'));
  try {
    cpSync(path.join(member.folder, 'package.json'), path.join(stage, 'package.json'));
    cpSync(path.join(root, 'LICENSE'), path.join(stage, 'LICENSE'));
    if (binary) copyFileSync(binary, path.join(stage, path.basename(binary)));
    return await pnpmPack(stage, folder);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

async function pnpmPack(from, folder) {
  try {
    const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', folder], {
      cwd: from,
      shell: process.platform === 'win32',
    });
    return JSON.parse(stdout).filename;
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('pnpm is not on the PATH; use `npm run pack`', { cause: error });
    throw new Error(`pnpm pack failed in ${from}: ${error.stderr || error.message}`, { cause: error });
  }
}
