import { INTERNAL, isTestFile } from '../check-imports/layers.mjs';
import { readImports } from '../check-imports/read-imports.mjs';

const SHIPPED_FIELDS = ['dependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * What must not reach a registry. publint and attw check the rest.
 * @param {ReturnType<import('./tarball.mjs').readTarball>} tarball
 * @param {{ platform: boolean }} kind a platform package holds a binary and nothing else
 * @returns {string[]} problems
 */
export function checkTarball({ files, manifest }, { platform }) {
  const problems = [];
  for (const required of platform ? ['LICENSE', manifest.main] : ['LICENSE', 'README.md']) {
    if (!files.get(required)?.length) problems.push(`${required} is missing or empty`);
  }
  if (manifest.private) problems.push('package.json says private');
  if (manifest.publishConfig?.access !== 'public')
    problems.push('publishConfig.access is not public: scoped packages are private by default');
  for (const [where, text] of strings(manifest)) {
    if (/^(?:workspace|catalog|file|link):/.test(text)) problems.push(`package.json ${where} still says ${text}`);
  }
  if (JSON.stringify(manifest.exports ?? null).includes('@perf/source'))
    problems.push('package.json exports still has the condition @perf/source');
  for (const field of SHIPPED_FIELDS) {
    if (INTERNAL in (manifest[field] ?? {}))
      problems.push(`package.json ${field} lists ${INTERNAL}, which is never published`);
  }
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts?.[script])
      problems.push(`package.json has a ${script} script: nothing may run at installation`);
  }

  for (const [name, content] of files) {
    if (isTestFile(name)) problems.push(`${name} belongs to the tests`);
    if (!/\.(?:js|d\.ts)$/.test(name)) continue;
    const source = content.toString();
    if (!source.includes(INTERNAL)) continue;
    for (const { name: imported, line } of readImports(name, source).imports) {
      if (imported === INTERNAL || imported.startsWith(`${INTERNAL}/`))
        problems.push(`${name}:${line} imports ${imported}, which is never published`);
    }
  }
  return problems;
}

function* strings(value, where = '') {
  if (typeof value === 'string') {
    yield [where, value];
  } else if (value !== null && typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) yield* strings(child, where ? `${where}.${key}` : key);
  }
}
