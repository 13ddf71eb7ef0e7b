import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from '../bootstrap/capture.mjs';
import { npm } from '../bootstrap/npm.mjs';
import { firstExample } from './example.mjs';

const EXAMPLE_TIMEOUT_MS = 60_000;
const IMPORT_TIMEOUT_MS = 20_000;
const MODULE_RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };

/**
 * @typedef {{ project: import('./plan.mjs').Project, check: string, ok: boolean, output: string }} Result
 *   `check` is `install`, `types <resolution>`, `import <node>` or `example <node>`
 */

/**
 * @param {import('./plan.mjs').Project[]} projects
 * @param {{ root: string, nodes: { version: string, program: string }[], jobs: number }} options
 * @returns {Promise<Result[]>}
 */
export async function runChecks(projects, { root, nodes, jobs }) {
  const results = [];
  const queue = projects.filter((project) => project.skipped === undefined).values();
  const worker = async () => {
    for (const project of queue) {
      for await (const result of checkProject(project, { root, nodes })) {
        results.push({ project, ...result });
        if (!result.ok) process.stderr.write(`consumer: failed: ${title(project)}: ${result.check}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const order = new Map(projects.map((project, index) => [project, index]));
  results.sort((a, b) => order.get(a.project) - order.get(b.project));
  for (const project of projects.filter(({ skipped }) => skipped))
    results.push({ project, check: 'skipped', ok: true, output: '' });
  return results;
}

export function title({ name, native }) {
  return `${name} ${native ? 'with' : 'without'} the addon`;
}

async function* checkProject(project, { root, nodes }) {
  const installed = await install(project);
  yield { check: 'install', ...installed };
  if (!installed.ok) return;

  for (const [resolution, module] of Object.entries(MODULE_RESOLUTIONS)) {
    yield { check: `types ${resolution}`, ...(await checkTypes(project, { root, resolution, module })) };
  }
  writeFileSync(path.join(project.folder, 'probe.mjs'), readFileSync(new URL('./probe.mjs', import.meta.url)));
  const readme = path.join(project.folder, 'node_modules', project.name, 'README.md');
  const example = existsSync(readme) ? firstExample(readFileSync(readme, 'utf8')) : undefined;
  for (const node of nodes) {
    yield { check: `import ${node.version}`, ...(await checkImport(project, node)) };
    yield { check: `example ${node.version}`, ...(await runExample(project, example, node)) };
  }
}

async function install({ folder, packageJson, installArgs }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(packageJson, null, 2));
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'];
  const { code, output } = await npm(['install', '--prefix', folder, ...quiet, ...installArgs], folder);
  return { ok: code === 0, output };
}

/** What a package exports, as a user writes it. */
function specifiers({ name, manifest }) {
  return Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => `${name}${subpath.slice(1)}`);
}

/** Declarations of others may have their own faults under `skipLibCheck: false`; ours may not. */
async function checkTypes(project, { root, resolution, module }) {
  const names = specifiers(project);
  const imports = names.map((name, index) => `import * as m${index} from '${name}';`);
  const uses = `export const all: readonly object[] = [${names.map((_, index) => `m${index}`).join(', ')}];`;
  writeFileSync(path.join(project.folder, 'use.ts'), `${imports.join('\n')}\n${uses}\n`);
  const config = `tsconfig.${resolution}.json`;
  const compilerOptions = {
    target: 'es2022',
    module,
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(path.join(project.folder, config), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '--pretty', 'false', '-p', config];
  const { code, output } = await capture(process.execPath, args, { cwd: project.folder, env: cleanEnvironment() });
  if (code === 0) return { ok: true, output: '' };
  const ours = output.split('\n').filter((line) => line.trim() !== '' && !isForeign(line));
  return { ok: ours.length === 0, output: ours.join('\n') };
}

function isForeign(line) {
  return /^\s/.test(line) || (/^(?:\.\.\/)*node_modules\//.test(line) && !line.includes('node_modules/@perf/'));
}

async function checkImport(project, node) {
  const result = await runNode(node, ['probe.mjs', ...specifiers(project)], project.folder, IMPORT_TIMEOUT_MS);
  return { ok: result.code === 0, output: result.output };
}

async function runExample(project, example, node) {
  if (example === undefined)
    return { ok: false, output: 'there is no README.md with a ```js example or an `npx perf-monitor` line' };
  let args;
  if (example.kind === 'js') {
    writeFileSync(path.join(project.folder, 'example.mjs'), example.code);
    args = ['example.mjs'];
  } else {
    const bin = project.manifest.bin?.[example.program];
    if (bin === undefined)
      return { ok: false, output: `README.md runs ${example.program}, which this package does not install` };
    args = [path.join('node_modules', project.name, bin), ...example.args];
  }
  const { code, output } = await runNode(node, args, project.folder, EXAMPLE_TIMEOUT_MS);
  return { ok: code === 0, output };
}

async function runNode({ program }, args, cwd, timeoutMs) {
  const env = cleanEnvironment();
  env.PATH = `${path.dirname(program)}${path.delimiter}${env.PATH}`;
  const result = await capture(program, args, { cwd, env, timeout: timeoutMs, killSignal: 'SIGKILL' });
  if (result.signal) result.output += `\nended by ${result.signal}; it has ${timeoutMs / 1000} s`;
  return result;
}

/** A user's shell: nothing of ours, of npm's or of Node's in it. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:PERF_|npm_|NODE_(?!EXTRA_CA_CERTS)|VITEST|TURBO_)/.test(name)),
  );
}
