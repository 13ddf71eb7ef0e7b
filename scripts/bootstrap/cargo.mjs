import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installedToolchain, UNREACHABLE } from '../../packages/native/scripts/cargo.mjs';
import { capture } from './capture.mjs';
import { say } from './say.mjs';

/**
 * What native builds depend on beyond the sources: `{ digest, toolchain }`. `digest` is one word for turbo's hash, `none` or a
 * digest of the compiler; without it turbo would replay a skipped build after cargo was installed. `toolchain` is what rustup
 * has to be told, where it has the pinned version under another name.
 *
 * Two things make it `none`: no cargo, and crates that cannot be fetched although the manifest is good. Anything else
 * that is wrong (a stale Cargo.lock, a broken manifest) must fail in the build, not be skipped here.
 */
export async function describeCargo(root, needed) {
  const toolchain = installedToolchain(root, process.env);
  const env = toolchain === undefined ? process.env : { ...process.env, RUSTUP_TOOLCHAIN: toolchain };
  const rustc = await capture('rustc', ['-vV'], { cwd: root, env });
  const cargo = rustc.missing ? rustc : await capture('cargo', ['--version'], { cwd: root, env });
  if (rustc.code !== 0 || cargo.code !== 0) return { digest: 'none', toolchain };
  const digest = createHash('sha256').update(rustc.stdout).update(cargo.stdout).digest('hex').slice(0, 16);
  return { digest: !needed || (await canFetch(root, env, digest)) ? digest : 'none', toolchain };
}

async function canFetch(root, env, digest) {
  const memory = path.join(root, 'node_modules', '.perf', 'cargo-fetch.stamp');
  const state = createHash('sha256')
    .update(digest)
    .update(read(path.join(root, 'Cargo.lock')) ?? '')
    .digest('hex');
  if (read(memory) === state) return true;
  const { code, output } = await capture('cargo', ['fetch', '--locked'], { cwd: root, env });
  if (code === 0) {
    mkdirSync(path.dirname(memory), { recursive: true });
    writeFileSync(memory, state);
    return true;
  }
  if (!UNREACHABLE.test(output)) return true;
  say('cargo is here but its crates cannot be fetched: going on without the native addon');
  return false;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
