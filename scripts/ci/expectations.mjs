// What CI expects of the monitor's two runs.
import assert from 'node:assert/strict';

/** stdout must be one JSON object and nothing else, also through npm. */
function onlyJson(stdout) {
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 1, `stdout must be one line of JSON, got ${lines.length} lines`);
  return JSON.parse(lines[0]);
}

export function checkLiveRun({ stdout }) {
  const report = onlyJson(stdout);
  assert.ok(report.received > 1_000, `only ${report.received} messages were received`);
  assert.equal(report.received, report.sent, 'received must equal sent');
  assert.equal(report.gaps, 0, 'there must be no gap');
  assert.equal(report.booksEqual, 8, `books equal: ${report.booksEqual} of ${report.booksTotal}`);
  assert.equal(report.bookChecksEqual, report.bookChecks, 'every book check must be equal');
  assert.equal(report.ok, true);
}

export function checkReplay({ stdout }) {
  const { events, levelUpdates, gaps, bookChecks, bookChecksEqual, bidLevels, askLevels, bookSha256 } =
    onlyJson(stdout);
  // The answer key stands in the README of the corpora.
  assert.deepEqual(
    { events, levelUpdates, gaps, bookChecks, bookChecksEqual, bidLevels, askLevels, bookSha256 },
    {
      events: 6_547,
      levelUpdates: 443_262,
      gaps: 0,
      bookChecks: 6_547,
      bookChecksEqual: 6_547,
      bidLevels: 5_018,
      askLevels: 4_578,
      bookSha256: '5530c5016f683d783d834dd0973b39edf86a18f08e8823331f0e80a073c339ec',
    },
  );
}
