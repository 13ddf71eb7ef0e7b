import path from 'node:path';
import { readTarball } from '../pack/tarball.mjs';

const NATIVE = '@perf/native';

/**
 * @typedef {object} Project one empty project with one package in it
 * @property {string} name of the package
 * @property {boolean} native whether the addon is there
 * @property {string} folder
 * @property {Record<string, any>} manifest of the packed package
 * @property {Record<string, any>} packageJson of the project
 * @property {string[]} installArgs
 * @property {string} [skipped] why nothing is checked
 */

/**
 * Each package with and without the addon. No registry holds these versions, so `overrides` point every @perf name at its
 * tarball; npm then takes from the registry only what others publish.
 * @param {Awaited<ReturnType<import('../pack/pack-workspace.mjs').packWorkspace>>['packed']} packed
 * @param {{ folder: string, filter: string[], requireNative: boolean }} options
 * @returns {Project[]}
 */
export function planProjects(packed, { folder, filter, requireNative }) {
  const specs = Object.fromEntries(packed.map(({ name, file }) => [name, `file:${file.replaceAll('\\', '/')}`]));
  const haveBinary = packed.some(({ binary }) => binary);
  const projects = [];
  for (const { name, file, platform } of packed) {
    if (platform || (filter.length > 0 && !filter.includes(name.replace('@perf/', '')))) continue;
    const { manifest } = readTarball(file);
    for (const native of [true, false]) {
      const dependencies = { [name]: specs[name] };
      if (native) dependencies[NATIVE] = specs[NATIVE];
      const overrides = Object.fromEntries(Object.entries(specs).filter(([other]) => !(other in dependencies)));
      projects.push({
        name,
        native,
        manifest,
        folder: path.join(folder, `${name.replace('@perf/', '')}-${native ? 'with' : 'without'}-native`),
        packageJson: {
          private: true,
          type: 'module',
          dependencies,
          devDependencies: { '@types/node': '^22.19.0' },
          overrides,
        },
        // The loader without its binary: what a user sees on a platform that has none.
        installArgs: native ? [] : ['--omit=optional'],
        ...(native && !haveBinary && !requireNative && { skipped: 'no addon was built here' }),
      });
    }
  }
  return projects;
}
