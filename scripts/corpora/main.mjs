import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure, UsageError } from './failure.mjs';
import { fetchAll } from './fetch-all.mjs';
import { progressReporter } from './progress.mjs';
import { corporaPlace, readManifest } from './state.mjs';
import { megabytes } from './units.mjs';
import { verifyAll } from './verify.mjs';

const USAGE = `usage: npm run corpora -- [options]

  --dir DIR        fetch into DIR (default .corpora in the root)
  --filter PREFIX  only files whose path starts with PREFIX, such as feeds/ (may be repeated)
  --jobs N         files at a time, 1 to 32 (default 4)
  --base-url URL   fetch <URL>/<path> instead of the addresses in corpora.json
  --verify         fetch nothing; compare size and SHA-256 of what is there (default folder: PERF_CORPORA, else .corpora)
`;

/**
 * The command line. Progress and errors go to stderr, the summary to stdout.
 * @param {string[]} args
 * @param {{ root: string, env: Record<string, string | undefined> }} context
 * @returns {Promise<number>} exit code: 0, 1 when a file is missing or wrong, 2 for wrong usage, 130 or 143 after a signal
 */
export async function main(args, { root, env }) {
  let options;
  try {
    options = readArguments(args);
  } catch (error) {
    process.stderr.write(`corpora: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  let manifest;
  try {
    manifest = readManifest(root);
  } catch (error) {
    process.stderr.write(`corpora: corpora.json cannot be used: ${error.message}\n`);
    return 1;
  }
  const files = manifest.files.filter(
    (file) => options.filter.length === 0 || options.filter.some((prefix) => file.path.startsWith(prefix)),
  );
  if (files.length === 0) {
    process.stderr.write(`corpora: no path in corpora.json starts with ${options.filter.join(' or ')}\n`);
    return 2;
  }
  const testsRead = corporaPlace(env, root);
  if (options.verify) return verify(files, options.dir ?? testsRead);

  const folder = options.dir ?? path.join(root, '.corpora');
  const code = await fetchFiles(files, folder, options);
  if (env.PERF_CORPORA && testsRead !== folder) {
    process.stderr.write(`corpora: tests read ${testsRead}, because PERF_CORPORA is set; unset it to use ${folder}\n`);
  }
  return code;
}

function readArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: 'string' },
      filter: { type: 'string', multiple: true, default: [] },
      jobs: { type: 'string', default: '4' },
      'base-url': { type: 'string' },
      verify: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 32) {
    throw new UsageError(`--jobs must be a whole number from 1 to 32, not ${values.jobs}`);
  }
  const baseUrl = values['base-url'];
  if (baseUrl !== undefined && !/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : '')) {
    throw new UsageError(`--base-url must be an http or https address, not ${baseUrl}`);
  }
  return {
    dir: values.dir === undefined ? undefined : path.resolve(values.dir),
    filter: values.filter,
    jobs,
    baseUrl,
    verify: values.verify,
    help: values.help,
  };
}

async function verify(files, folder) {
  const failures = await verifyAll(files, folder);
  if (failures.length === 0) {
    process.stdout.write(`corpora: ${files.length} files in ${folder} are as corpora.json says\n`);
    return 0;
  }
  listFailures(failures);
  process.stderr.write(
    `corpora: ${failures.length} of ${files.length} files in ${folder} are missing or wrong; fetch them with \`npm run corpora\`\n`,
  );
  return 1;
}

async function fetchFiles(files, folder, { jobs, baseUrl }) {
  const interruption = new AbortController();
  // bootstrap passes signals on, so a Ctrl-C may arrive twice: the handlers stay until the end.
  let signalled;
  const interrupt = (signal) => {
    signalled ??= signal;
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const progress = progressReporter(process.stderr, files);
  try {
    const result = await fetchAll(files, { folder, jobs, baseUrl, signal: interruption.signal, progress });
    progress.end();
    if (signalled) {
      process.stderr.write(
        `corpora: stopped at ${result.good} of ${files.length} files; run the command again to go on\n`,
      );
      return signalled === 'SIGINT' ? 130 : 143;
    }
    listFailures(result.failures);
    if (result.failures.length > 0) {
      process.stderr.write(
        `corpora: ${result.failures.length} of ${files.length} files failed; run the command again to fetch only these\n`,
      );
      return 1;
    }
    const size = files.reduce((sum, file) => sum + file.bytes, 0);
    process.stdout.write(
      `corpora: ${files.length} files, ${megabytes(size)} in ${folder} (${result.fetched} fetched, ${result.kept} already there)\n`,
    );
    return 0;
  } catch (error) {
    progress.end();
    process.stderr.write(`corpora: ${describeFailure(error)}\n`);
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Many files usually fail for one reason, so equal reasons are printed once with the files under them. */
function listFailures(failures) {
  const byReason = new Map();
  for (const { path: name, reason } of failures) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  for (const [reason, names] of byReason) {
    process.stderr.write(`corpora: ${reason}\n`);
    for (const name of names) process.stderr.write(`  ${name}\n`);
  }
}
