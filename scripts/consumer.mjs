#!/usr/bin/env node
// `npm run consumer`: what a user gets. Every package is packed and installed alone into an empty project, with and without
// the addon; there its types are checked, importing it must do nothing, and the first example of its README must run, on the
// oldest supported Node and on the newest of each later line.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runChecks } from './consumer/checks.mjs';
import { findNodes, NODE_VERSIONS } from './consumer/nodes.mjs';
import { planProjects } from './consumer/plan.mjs';
import { printReport } from './consumer/report.mjs';
import { packWorkspace } from './pack/pack-workspace.mjs';

const USAGE = `usage: npm run consumer -- [--filter NAME] [--nodes VERSIONS] [--jobs N] [--keep]

  --filter NAME     only this package, such as json (may be repeated)
  --nodes VERSIONS  default ${NODE_VERSIONS.join(',')}
  --jobs N          projects at a time (default: the number of processors, at most 4)
  --keep            leave the projects in place and print where they are
`;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const options = readArguments();
const folder = mkdtempSync(path.join(tmpdir(), 'perf-consumer-'));
try {
  const [{ packed }, nodes] = await Promise.all([
    packWorkspace({ root, folder: path.join(folder, 'tarballs'), stubs: true }),
    findNodes(root, options.nodes),
  ]);
  const projects = planProjects(packed, {
    folder,
    filter: options.filter,
    requireNative: process.env.PERF_REQUIRE_NATIVE === '1',
  });
  if (projects.length === 0) throw new Error(`no public package is called ${options.filter.join(' or ')}`);
  const results = await runChecks(projects, { root, nodes, jobs: options.jobs });
  process.exitCode = printReport(results, nodes) === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`consumer: ${error.message}\n`);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
} finally {
  if (options.keep) process.stderr.write(`consumer: projects are in ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        filter: { type: 'string', multiple: true, default: [] },
        nodes: { type: 'string', default: NODE_VERSIONS.join(',') },
        jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
        keep: { type: 'boolean', default: false },
      },
    });
    const jobs = Number(values.jobs);
    if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs must be a whole number, not ${values.jobs}`);
    return { ...values, jobs, nodes: values.nodes.split(',') };
  } catch (error) {
    process.stderr.write(`consumer: ${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
