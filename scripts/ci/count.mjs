// Reads how many tests ran out of what the runners print.

const CARGO = /test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/;
const PLAIN = /^(?:\S+: )?(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/;
/** Vitest: `Tests  1 failed | 11 passed | 2 skipped (14)`, behind whatever prefix turbo puts there. */
const VITEST = /(?:^|\s)Tests\s+(\d+ (?:passed|failed|skipped|todo).*)$/;

export function countTests(output) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const line of output.split('\n')) {
    const vitest = VITEST.exec(line);
    if (vitest !== null) {
      for (const [, count, kind] of vitest[1].matchAll(/(\d+) (passed|failed|skipped|todo)/g)) {
        counts[kind === 'todo' ? 'skipped' : kind] += Number(count);
      }
      continue;
    }
    const [, passed, failed, skipped] = CARGO.exec(line) ?? PLAIN.exec(line) ?? [];
    if (passed === undefined) continue;
    addCounts(counts, { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) });
  }
  return counts;
}

export function addCounts(total, more) {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}
