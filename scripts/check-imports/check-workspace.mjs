import path from 'node:path';
import { checkBuilt } from './built.mjs';
import { checkCrates } from './crates.mjs';
import { checkManifests, checkSources } from './sources.mjs';
import { readWorkspace } from './workspace.mjs';

/**
 * Every breach of the import rules in a repository.
 * @param {string} root
 * @returns {{ file: string, line: number, what: string, rule: string }[]} paths relative to the root
 */
export function checkWorkspace(root) {
  const workspace = readWorkspace(root);
  return [...checkManifests(workspace), ...checkSources(workspace), ...checkBuilt(workspace), ...checkCrates(root)].map(
    (problem) => Object.assign(problem, { file: path.relative(root, problem.file).split(path.sep).join('/') }),
  );
}
