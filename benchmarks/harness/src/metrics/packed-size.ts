import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { notMeasured, type PackedSize } from './counts.ts';

/** What `scripts/pack` offers; it is JavaScript without declarations. */
interface PackModules {
  packWorkspace(options: { root: string; folder: string; only: string }): Promise<{
    readonly packed: readonly { readonly name: string; readonly file: string }[];
  }>;
  readTarball(file: string): { readonly packedBytes: number };
  readLimits(root: string): Readonly<Record<string, number>>;
}

const SCRIPTS = new URL('../../../../scripts/pack/', import.meta.url);

async function packModules(): Promise<PackModules> {
  const files = ['pack-workspace.mjs', 'tarball.mjs', 'sizes.mjs'];
  const loaded = await Promise.all(files.map((file) => import(new URL(file, SCRIPTS).href) as Promise<object>));
  return Object.assign({}, ...loaded) as PackModules;
}

/** Bytes of the tarballs of a package and of those of its platforms that have a binary here. Empty for what is not published. */
export async function packedSizes(root: string, name: string): Promise<readonly PackedSize[]> {
  const { packWorkspace, readTarball, readLimits } = await packModules();
  const own = `@perf/${name}`;
  const members = Object.keys(readLimits(root)).filter((each) => each === own || each.startsWith(`${own}-`));
  const folder = mkdtempSync(join(tmpdir(), 'perf-packed-'));
  const sizes: PackedSize[] = [];
  try {
    for (const member of members) {
      try {
        const { packed } = await packWorkspace({ root, folder, only: member.slice('@perf/'.length) });
        for (const each of packed)
          sizes.push({ name: each.name, bytes: { value: readTarball(each.file).packedBytes } });
      } catch (error) {
        sizes.push({ name: member, bytes: notMeasured((error as Error).message.split('\n', 1)[0]!) });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return sizes;
}
