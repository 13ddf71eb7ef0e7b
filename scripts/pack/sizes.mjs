import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Room above the size of the day, so that only a change of kind (a bundled dependency, a stray folder) needs a new limit. */
const ROOM = 1.25;
const STEP_BYTES = 1000;

const fileOf = (root) => path.join(root, 'scripts', 'pack', 'sizes.json');

/** Packed bytes that each tarball may have at most, by package name. */
export function readLimits(root) {
  return JSON.parse(readFileSync(fileOf(root), 'utf8'));
}

export function sizeProblem(name, { packedBytes }, limits) {
  const limit = limits[name];
  if (limit === undefined)
    return [`scripts/pack/sizes.json has no limit for it; run \`npm run pack -- --update-sizes\``];
  if (packedBytes <= limit) return [];
  return [
    `${packedBytes} bytes packed, more than the ${limit} of scripts/pack/sizes.json; find out why, or run \`npm run pack -- --update-sizes\``,
  ];
}

/** @param {Record<string, number>} sizes packed bytes of now, or the limit where nothing was packed */
export function writeLimits(root, sizes) {
  const old = readLimits(root);
  const limits = Object.fromEntries(
    Object.entries(sizes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bytes]) => [
        name,
        bytes === old[name] ? bytes : Math.ceil((bytes * ROOM) / STEP_BYTES) * STEP_BYTES,
      ]),
  );
  writeFileSync(fileOf(root), `${JSON.stringify(limits, null, 2)}\n`);
}
