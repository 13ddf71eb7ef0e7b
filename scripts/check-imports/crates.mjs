import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BINDING_CRATE, RULES } from './layers.mjs';
import { filesBelow } from './workspace.mjs';

/**
 * A pure crate does not even mention napi, comments included: its reader need not know that Node exists.
 * @param {string} root
 */
export function* checkCrates(root) {
  const crates = path.join(root, 'crates');
  if (!existsSync(crates)) return;
  for (const entry of readdirSync(crates, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === BINDING_CRATE) continue;
    for (const file of filesBelow(path.join(crates, entry.name), /\.rs$|^Cargo\.toml$/, () => true)) {
      for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
        const found = /\bnapi(?:\b|_)/.exec(line) ?? (file.endsWith('.toml') ? /\bcdylib\b/.exec(line) : null);
        if (found)
          yield { file, line: index + 1, what: `${entry.name} names ${found[0].replace(/_$/, '')}`, rule: RULES.napi };
      }
    }
  }
}
