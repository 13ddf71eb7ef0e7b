import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Member
 * @property {string} name as in its package.json
 * @property {string} folder absolute
 * @property {boolean} published not private
 * @property {Record<string, any>} manifest
 * @property {string} manifestText
 */

/**
 * The members of the workspace under packages/, packages/native/npm/ and benchmarks/.
 * @param {string} root
 * @returns {Member[]}
 */
export function readWorkspace(root) {
  const members = [];
  for (const parent of ['packages', 'packages/native/npm', 'benchmarks']) {
    for (const name of folders(path.join(root, parent))) {
      const folder = path.join(root, parent, name);
      const file = path.join(folder, 'package.json');
      if (!existsSync(file)) continue;
      const manifestText = readFileSync(file, 'utf8');
      const manifest = JSON.parse(manifestText);
      members.push({ name: manifest.name, folder, published: manifest.private !== true, manifest, manifestText });
    }
  }
  return members;
}

/**
 * Files below a folder whose name matches, sorted, without installed, built and nested-package folders.
 * @param {string} folder
 * @param {RegExp} names
 * @param {(name: string) => boolean} [enter] which sub-folders to look into
 * @returns {string[]} absolute
 */
export function filesBelow(folder, names, enter = (name) => name !== 'dist' && name !== 'npm') {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        const skipped = entry.name === 'node_modules' || entry.name === 'target' || entry.name.startsWith('.');
        return skipped || !enter(entry.name) ? [] : filesBelow(full, names, enter);
      }
      return entry.isFile() && names.test(entry.name) ? [full] : [];
    });
}

function folders(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort();
}
