import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodePackage } from '../bootstrap/node.mjs';
import { npm } from '../bootstrap/npm.mjs';

/** The floor of `engines.node`, then the lines that follow it. The last is the Node of toolchain/node. */
export const NODE_VERSIONS = ['22.19.0', '24.21.0', '26.10.0'];

/**
 * A Node program for each version: the running one where it fits, else from npm, kept in node_modules/.perf/nodes.
 * A version that the registry does not offer falls back to the newest of its line.
 * @param {string} root
 * @param {string[]} versions
 * @returns {Promise<{ version: string, program: string }[]>}
 */
export async function findNodes(root, versions) {
  const nodes = [];
  for (const version of versions) {
    const program =
      process.version === `v${version}`
        ? process.execPath
        : ((await installNode(root, version)) ?? (await installNode(root, version.split('.')[0])));
    if (program === undefined) {
      throw new Error(
        `Node ${version} could not be installed from npm; check the network, or choose others with --nodes`,
      );
    }
    nodes.push({ version, program });
  }
  return nodes;
}

async function installNode(root, version) {
  const folder = path.join(root, 'node_modules', '.perf', 'nodes', version);
  const name = nodePackage();
  const program = path.join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  process.stderr.write(`consumer: installing Node ${version} (once)\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', '--no-package-lock'];
  const { code, output } = await npm([...args, `${name}@${version}`], folder);
  if (code === 0 && existsSync(program)) return program;
  process.stderr.write(output);
  return undefined;
}
