import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from './capture.mjs';
import { BootstrapFailure, remedyFor } from './failure.mjs';
import { say } from './say.mjs';

/** Installs the workspace as the lockfile says, unless the same was installed before. */
export async function installDependencies(root, { node, pnpm }) {
  const stamp = path.join(root, 'node_modules', '.perf', 'install.stamp');
  const wanted = inputDigest(root, node.version);
  if (existsSync(path.join(root, 'node_modules', '.modules.yaml')) && read(stamp) === wanted) return;
  say('installing dependencies');
  const { code, output } = await capture(
    path.join(pnpm, process.platform === 'win32' ? 'pnpm.cmd' : 'pnpm'),
    ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'],
    {
      cwd: root,
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        PATH: `${path.dirname(node.path)}${path.delimiter}${pnpm}${path.delimiter}${process.env.PATH}`,
      },
    },
  );
  if (code !== 0) {
    throw new BootstrapFailure('the dependencies could not be installed', remedyFor(output, 'see below'), output);
  }
  writeFileSync(stamp, wanted);
}

/** Everything that decides what an install does: the lockfile, the settings, each manifest and Node. */
function inputDigest(root, nodeVersion) {
  const hash = createHash('sha256').update(nodeVersion);
  const folders = ['packages', 'packages/native/npm', 'benchmarks'].flatMap((parent) => children(root, parent));
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...folders.map((f) => `${f}/package.json`),
  ]) {
    const content = read(path.join(root, file));
    if (content !== undefined) hash.update(file).update('\0').update(content).update('\0');
  }
  return hash.digest('hex');
}

function children(root, parent) {
  const folder = path.join(root, parent);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .sort();
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
