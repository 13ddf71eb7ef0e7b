import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from './capture.mjs';
import { say } from './say.mjs';

/**
 * What native builds depend on beyond the sources, as one word for turbo's hash: `none`, or a digest of the compiler.
 * Without it turbo would replay a skipped build after cargo was installed.
 *
 * Two things make it `none`: no cargo, and crates that cannot be fetched although the manifest is good. Anything else
 * that is wrong (a stale Cargo.lock, a broken manifest) must fail in the build, not be skipped here.
 */
export async function describeCargo(root, needed) {
  const rustc = await capture('rustc', ['-vV'], { cwd: root });
  const cargo = rustc.missing ? rustc : await capture('cargo', ['--version'], { cwd: root });
  if (rustc.code !== 0 || cargo.code !== 0) return 'none';
  const digest = createHash('sha256').update(rustc.stdout).update(cargo.stdout).digest('hex').slice(0, 16);
  if (!needed) return digest;
  return (await canFetch(root, digest)) ? digest : 'none';
}

async function canFetch(root, digest) {
  const memory = path.join(root, 'node_modules', '.perf', 'cargo-fetch.stamp');
  const state = createHash('sha256')
    .update(digest)
    .update(read(path.join(root, 'Cargo.lock')) ?? '')
    .digest('hex');
  if (read(memory) === state) return true;
  const { code, output } = await capture('cargo', ['fetch', '--locked'], { cwd: root });
  if (code === 0) {
    mkdirSync(path.dirname(memory), { recursive: true });
    writeFileSync(memory, state);
    return true;
  }
  const unreachable =
    /failed to (download|fetch|update registry)|network failure|could not (resolve|connect)|timed? ?out|spurious/i;
  if (!unreachable.test(output)) return true;
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
