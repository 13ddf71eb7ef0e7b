import { title } from './checks.mjs';

/**
 * Prints the output of what failed, a table of packages and Nodes, and the count.
 * @param {import('./checks.mjs').Result[]} results
 * @param {{ version: string }[]} nodes
 * @returns {number} how many failed
 */
export function printReport(results, nodes) {
  const failures = results.filter(({ ok }) => !ok);
  for (const { project, check, output } of failures) {
    process.stdout.write(`\nfailed: ${title(project)}: ${check}\n${indent(output.trim() || 'no output')}\n`);
  }

  const columns = ['install', 'types', ...nodes.map(({ version }) => version)];
  const rows = [['package', 'addon', ...columns]];
  for (const project of new Set(results.map((result) => result.project))) {
    const own = results.filter((result) => result.project === project);
    const cells = project.skipped ? [project.skipped] : columns.map((column) => verdict(own, column));
    rows.push([project.name, project.native ? 'with' : 'without', ...cells]);
  }
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => (row.length === rows[0].length ? row[column].length : 0))),
  );
  process.stdout.write('\n');
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
  const passed = results.filter(({ ok, check }) => ok && check !== 'skipped').length;
  process.stdout.write(`${passed} passed, ${failures.length} failed\n`);
  return failures.length;
}

/** One cell stands for every check whose name has the column in it: `types nodenext` and `types bundler`, say. */
function verdict(results, column) {
  const own = results.filter(({ check }) => check.split(' ').includes(column));
  if (own.length === 0) return '-';
  const bad = own
    .filter(({ ok }) => !ok)
    .map(({ check }) => check.split(' ').find((word) => word !== column) ?? 'failed');
  return bad.length === 0 ? 'ok' : `failed: ${bad.join(', ')}`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
