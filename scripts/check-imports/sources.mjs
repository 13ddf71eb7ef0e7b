import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { INTERNAL, isTestFile, MAY_IMPORT, RULES } from './layers.mjs';
import { readImports } from './read-imports.mjs';
import { filesBelow } from './workspace.mjs';

const SHIPPED_FIELDS = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/** What package.json files say about each other. */
export function* checkManifests(workspace) {
  for (const member of workspace.filter(({ published }) => published)) {
    for (const field of SHIPPED_FIELDS) {
      for (const dependency of Object.keys(member.manifest[field] ?? {})) {
        const breach = breachOf(member, dependency);
        if (!breach) continue;
        const line = member.manifestText.slice(0, member.manifestText.indexOf(`"${dependency}"`)).split('\n').length;
        const what = `${member.name} lists ${dependency} in ${field}`;
        yield { file: path.join(member.folder, 'package.json'), line, what, rule: breach };
      }
    }
  }
}

/** What the TypeScript and JavaScript files of every member import. */
export function* checkSources(workspace) {
  const byName = new Map(workspace.map((member) => [member.name, member]));
  for (const member of workspace) {
    for (const file of filesBelow(member.folder, /\.[cm]?[jt]s$/)) {
      const { imports, error } = readImports(file, readFileSync(file, 'utf8'));
      if (error) yield { file, line: error.line, what: error.message, rule: RULES.parse };
      for (const { name, line } of imports) {
        const rule = ruleBroken({ member, byName, file, name });
        if (rule) yield { file, line, what: `${member.name} imports ${JSON.stringify(name)}`, rule };
      }
    }
  }
}

function ruleBroken({ member, byName, file, name }) {
  if (name.startsWith('.') || path.isAbsolute(name) || name.startsWith('file:')) {
    const target = name.startsWith('file:') ? new URL(name).pathname : path.resolve(path.dirname(file), name);
    if (isInside(member.folder, target)) return undefined;
    // Test helpers are published nowhere, so tests and benchmarks of others may share them.
    const shares = isTestFile(file) || member.folder.split(path.sep).at(-2) === 'benchmarks';
    return shares && /\/src\/testing\//.test(target.split(path.sep).join('/')) ? undefined : RULES.deep;
  }
  if (name.startsWith('#') || isBuiltin(name)) return undefined;
  const dependency = packageOf(name);
  const target = byName.get(dependency);
  if (target && !isExported(target.manifest, `.${name.slice(dependency.length)}`)) return RULES.deep;

  const inside = path.relative(member.folder, file).split(path.sep).join('/');
  const ships = inside.startsWith('src/') && !isTestFile(inside);
  if (!ships || !(member.published || member.name === INTERNAL)) return undefined;
  if (dependency === member.name) return undefined;
  const breach = breachOf(member, dependency, true);
  if (breach) return breach;
  if (dependency === INTERNAL) return undefined;
  return SHIPPED_FIELDS.some((field) => dependency in (member.manifest[field] ?? {})) ? undefined : RULES.declared;
}

/** Which rule forbids this member to use that package, by names alone. */
function breachOf(member, dependency, imported = false) {
  if (dependency === INTERNAL) return imported && member.name !== INTERNAL ? undefined : RULES.bundled;
  if (dependency === '@perf/bench' || dependency.startsWith('@perf/bench-')) return RULES.bench;
  if (!dependency.startsWith('@perf/')) return undefined;
  if (member.name === '@perf/native' && dependency.startsWith('@perf/native-')) return undefined;
  return (MAY_IMPORT[member.name] ?? []).includes(dependency) ? undefined : RULES.layers;
}

function packageOf(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Patterns (`./*`) are not used in this workspace, so an export is a key of the map. */
function isExported(manifest, subpath) {
  return typeof manifest.exports === 'object' ? subpath in manifest.exports : subpath === '.';
}

function isInside(folder, target) {
  const relative = path.relative(folder, target);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
