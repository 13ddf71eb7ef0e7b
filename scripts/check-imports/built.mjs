import { readFileSync } from 'node:fs';
import path from 'node:path';
import { INTERNAL, RULES } from './layers.mjs';
import { readImports } from './read-imports.mjs';
import { filesBelow } from './workspace.mjs';

/** What is published, where it has been built: neither declarations nor code may name the bundled package. */
export function* checkBuilt(workspace) {
  for (const member of workspace.filter(({ published }) => published)) {
    for (const file of filesBelow(path.join(member.folder, 'dist'), /\.(?:js|d\.ts)$/, () => true)) {
      const source = readFileSync(file, 'utf8');
      if (!source.includes(INTERNAL)) continue;
      for (const { name, line } of readImports(file, source).imports) {
        if (name !== INTERNAL && !name.startsWith(`${INTERNAL}/`)) continue;
        yield {
          file,
          line,
          what: `the build of ${member.name} imports ${JSON.stringify(name)} (as it was last built)`,
          rule: RULES.bundled,
        };
      }
    }
  }
}
