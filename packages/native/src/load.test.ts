import { copyFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nativeStatus } from './status.ts';
import { currentTarget } from './target.ts';
import { node } from './testing/child.ts';

const home = fileURLToPath(new URL('..', import.meta.url));
const addon = `perf.${currentTarget()}.node`;
const isBuilt = nativeStatus().available;

/** A copy of the package's sources in an empty folder: what it finds there is up to the test. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'perf-native-'));
  await cp(path.join(home, 'src'), path.join(folder, 'src'), { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"name":"@perf/native","version":"0.0.1","type":"module"}');
  await mkdir(path.join(folder, 'node_modules', '@perf'), { recursive: true });
  await symlink(path.join(home, '..', 'internal'), path.join(folder, 'node_modules', '@perf', 'internal'), 'junction');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function reason(): Promise<string> {
  const source = `import('./src/index.ts').then(({ nativeStatus, validateJson }) => {
    try {
      validateJson(Buffer.from('1'));
    } catch ({ code, cause }) {
      process.stdout.write(code + ', ' + (cause instanceof Error) + ', ' + nativeStatus().reason);
    }
  })`;
  return node(['--eval', source], {}, folder);
}

async function platformPackage(files: Record<string, string>): Promise<string> {
  const place = path.join(folder, 'node_modules', '@perf', `native-${currentTarget()}`);
  await mkdir(place);
  await writeFile(path.join(place, 'package.json'), JSON.stringify({ main: addon }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(place, name), text);
  return place;
}

describe('the reason', () => {
  test('names the package that is missing and the platform', async () => {
    expect(await reason()).toMatch(
      new RegExp(
        `^ERR_PERF_NATIVE_UNAVAILABLE, true, @perf/native-${currentTarget()} is not installed: install with optional ` +
          `dependencies, on the platform that runs it \\(${currentTarget()}, .*Node v${process.versions.node}\\)$`,
      ),
    );
  });

  test('names the package where its binary is missing', async () => {
    await platformPackage({});
    expect(await reason()).toContain(`@perf/native-${currentTarget()} is not installed`);
  });

  test('keeps what the loader of the system says about a broken file', async () => {
    await platformPackage({ [addon]: 'not a shared library' });
    expect(await reason()).toMatch(/^ERR_PERF_NATIVE_UNAVAILABLE, true, the addon does not load: .+ \(.*Node v/);
  });

  test.skipIf(!isBuilt)('compares the versions of the addon and the package', async () => {
    const place = await platformPackage({});
    await copyFile(path.join(home, addon), path.join(place, addon));
    const { version } = nativeStatus() as { version: string };
    expect(await reason()).toBe(
      `ERR_PERF_NATIVE_UNAVAILABLE, true, the addon is of version ${version}, the package of 0.0.1: ` +
        `install @perf/native-${currentTarget()} in the same version`,
    );
  });

  test.skipIf(!isBuilt)('asks for a build where the checkout has an older addon', async () => {
    await copyFile(path.join(home, addon), path.join(folder, addon));
    expect(await reason()).toMatch(/the package of 0\.0\.1: build it again$/);
  });
});
