#!/usr/bin/env node
// `npm run pack`: packs every public package as it would be published and checks the tarballs, never the folders: only
// pnpm's packing replaces workspace:, catalog: and the export condition of the sources.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkTarball } from './pack/check-tarball.mjs';
import { lintTarball } from './pack/lint-tarball.mjs';
import { packWorkspace } from './pack/pack-workspace.mjs';
import { readLimits, sizeProblem, writeLimits } from './pack/sizes.mjs';
import { readTarball } from './pack/tarball.mjs';

const USAGE = `usage: npm run pack -- [--dir DIR] [--filter NAME] [--update-sizes]

  --dir DIR        keep the tarballs in DIR (otherwise they are checked and removed)
  --filter NAME    only this package, such as json
  --update-sizes   write the packed sizes of now, with some room, into scripts/pack/sizes.json
`;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
let values;
try {
  ({ values } = parseArgs({
    options: {
      dir: { type: 'string' },
      filter: { type: 'string' },
      'update-sizes': { type: 'boolean', default: false },
    },
  }));
} catch (error) {
  process.stderr.write(`pack: ${error.message}\n\n${USAGE}`);
  process.exit(2);
}

const folder = values.dir ? path.resolve(values.dir) : mkdtempSync(path.join(tmpdir(), 'perf-pack-'));
let failed = 0;
try {
  const { packed, skipped } = await packWorkspace({ root, folder, only: values.filter });
  if (packed.length === 0) {
    process.stderr.write(`pack: no public package is called @perf/${values.filter}\n`);
    process.exitCode = 2;
  }
  const limits = readLimits(root);
  for (const { name, file, platform } of packed) {
    const tarball = readTarball(file);
    if (values['update-sizes']) limits[name] = tarball.packedBytes;
    const problems = [
      ...checkTarball(tarball, { platform }),
      ...(values['update-sizes'] ? [] : sizeProblem(name, tarball, limits)),
      ...(await lintTarball(file, { root, platform })),
    ];
    failed += problems.length > 0 ? 1 : 0;
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
    process.stdout.write(
      `${problems.length === 0 ? 'ok    ' : 'failed'}  ${name.padEnd(32)}${kilobytes(tarball.packedBytes)} packed${kilobytes(tarball.unpackedBytes)} unpacked${String(tarball.files.size).padStart(5)} files\n`,
    );
    for (const problem of problems) process.stdout.write(`        ${problem.replaceAll('\n', '\n        ')}\n`);
  }
  for (const { name, reason } of skipped) process.stdout.write(`-       ${name.padEnd(32)} ${reason}\n`);
  if (values['update-sizes']) writeLimits(root, limits);
  process.stdout.write(`${packed.length - failed} passed, ${failed} failed\n`);
} catch (error) {
  process.stderr.write(`pack: ${error.message}\n`);
  failed += 1;
} finally {
  if (!values.dir) rmSync(folder, { recursive: true, force: true });
}
process.exitCode ||= failed > 0 ? 1 : 0;
