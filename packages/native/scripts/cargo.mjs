import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * What cargo says when the registry is out of reach. Anything else that goes wrong while fetching (a stale lockfile, a
 * broken manifest) is an error of the checkout and must not pass as "no network".
 */
export const UNREACHABLE =
  /failed to (download|fetch|update registry)|network failure|could not (resolve|connect)|timed? ?out|spurious|--offline was specified/i;

/**
 * Why the addon cannot be built on this machine, or undefined when it can. `env` is completed with the toolchain to use.
 *
 * Reasons to skip are a missing compiler and an unreachable registry; a checkout that is wrong throws.
 */
export function whyNoBuild(root, env, run = runProgram) {
  if (env.PERF_CARGO === 'none') return 'cargo not found, or its crates cannot be fetched';
  const toolchain = installedToolchain(root, env, run);
  if (toolchain !== undefined) env.RUSTUP_TOOLCHAIN = toolchain;
  const version = run('cargo', ['--version'], { cwd: root, env });
  if (version.missing) return 'cargo not found';
  if (version.code !== 0) return `cargo cannot run (${firstLine(version.output)})`;
  const fetched = run('cargo', ['fetch', '--locked'], { cwd: root, env });
  if (fetched.code === 0) return undefined;
  if (UNREACHABLE.test(fetched.output)) return 'the crates cannot be fetched';
  throw new Error(`cargo fetch --locked failed:\n${fetched.output.trim()}`);
}

/**
 * `stable` where the pinned toolchain is not installed under its number but stable is that version: rustup would
 * download the same compiler again, or refuse where it may not.
 */
export function installedToolchain(root, env, run = runProgram) {
  if (env.RUSTUP_TOOLCHAIN !== undefined) return undefined;
  const pinned = /^channel = "(.+)"$/m.exec(readFileSync(path.join(root, 'rust-toolchain.toml'), 'utf8'))?.[1];
  const list = run('rustup', ['toolchain', 'list'], { cwd: os.tmpdir(), env });
  if (pinned === undefined || list.code !== 0) return undefined;
  if (list.output.split('\n').some((line) => line.startsWith(pinned))) return undefined;
  const stable = run('rustup', ['run', 'stable', 'rustc', '--version'], { cwd: os.tmpdir(), env });
  return stable.code === 0 && stable.output.startsWith(`rustc ${pinned} `) ? 'stable' : undefined;
}

/**
 * Flags for every crate of the build, in the form that survives spaces in paths. They replace `.cargo/config.toml`'s, so
 * those of the target stand here too. Paths are remapped so that two checkouts give the same addon.
 */
export function encodedRustflags(root, target, env) {
  const cargoHome = env.CARGO_HOME ?? path.join(os.homedir(), '.cargo');
  const flags = (env.RUSTFLAGS ?? '').split(' ').filter((flag) => flag !== '');
  flags.push(`--remap-path-prefix=${root}=/perf`, `--remap-path-prefix=${cargoHome}=/cargo`);
  if (target.endsWith('-musl')) flags.push('-Ctarget-feature=-crt-static');
  if (target.endsWith('-msvc')) flags.push('-Ctarget-feature=+crt-static');
  return flags.join('\u{1f}');
}

/** Runs a program to its end: `{ code, output, missing }`. */
export function runProgram(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  return { code: status ?? 127, output: `${stdout ?? ''}${stderr ?? ''}`, missing: error?.code === 'ENOENT' };
}

function firstLine(text) {
  return text.trim().split('\n')[0];
}
