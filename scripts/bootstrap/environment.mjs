import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { capture } from './capture.mjs';
import { corporaFolder, corporaState } from '../corpora/state.mjs';

/** The environment that every tool runs in: the right Node and pnpm first, and what turbo's hash cannot see by itself. */
export async function toolEnvironment(root, { node, pnpm, cargo, counting }) {
  const env = { ...process.env };
  const search = [path.dirname(node.path), pnpm, path.join(root, 'node_modules', '.bin'), env.PATH ?? env.Path ?? ''];
  delete env.Path;
  env.PATH = search.join(path.delimiter);
  env.PERF_NODE = `${node.version}-${process.platform}-${process.arch}`;
  env.PERF_CARGO = cargo.digest;
  if (cargo.toolchain !== undefined) env.RUSTUP_TOOLCHAIN = cargo.toolchain;
  if (counting) env.PERF_VALGRIND = await valgrindVersion();
  env.PERF_MACHINE = machine(node.version, cargo.digest);
  const corpora = corporaFolder(process.env, root);
  if (corpora !== undefined) env.PERF_CORPORA = corpora;
  // Which data the tests see, so that a cached success is not replayed over missing or changed files.
  env.PERF_CORPORA_STATE = corporaState(process.env, root);
  env.TURBO_TELEMETRY_DISABLED = '1';
  env.DO_NOT_TRACK = '1';
  if (!process.stdout.isTTY && env.FORCE_COLOR === undefined) env.NO_COLOR = '1';
  return env;
}

/** What counts instructions: another version may count otherwise. */
async function valgrindVersion() {
  const { code, stdout } = await capture('valgrind', ['--version']);
  return code === 0 ? stdout.trim() : 'none';
}

function machine(nodeVersion, cargo) {
  const cpus = os.cpus();
  return createHash('sha256')
    .update([cpus[0]?.model ?? 'unknown', cpus.length, nodeVersion, process.platform, process.arch, cargo].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
