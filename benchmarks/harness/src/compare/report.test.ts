import { expect, test } from 'vitest';

import type { Environment } from '../environment.ts';
import { plain } from '../terminal.ts';
import type { CaseVerdict, RunVerdict, Verdict } from '../verdict/evidence.ts';
import type { ComparedEvidence, Comparison } from './compare.ts';
import type { LockStepLaunch, SideLaunch } from './lock-step.ts';
import { markdownComparison, MARKDOWN_LIMIT, textComparison, verdictSentence } from './report.ts';

const side = (allocatedBytes: number): SideLaunch => ({
  version: '1.0.0',
  blockNs: [4e6, 4e6],
  cpuNs: 1_000,
  usage: { maxRssBytes: 1e8, allocatedBytes, gcCount: 0, gcMs: 0 },
});

const launch: LockStepLaunch = {
  swapped: false,
  iterations: 4_000,
  async: false,
  base: side(100),
  head: side(200),
  blockLogRatios: [0.1, 0.1],
};

interface Given {
  readonly verdict: Verdict;
  readonly more?: Partial<CaseVerdict>;
  readonly evidence?: Partial<ComparedEvidence>;
}

function comparison(rows: Readonly<Record<string, Given>>, run: Partial<RunVerdict> = {}): Comparison {
  const entries = Object.entries(rows);
  const cases = entries.map(([name, { verdict, more }]): CaseVerdict => {
    const measured = ['regressed', 'improved', 'same', 'inconclusive'].includes(verdict);
    return {
      package: 'json',
      case: name,
      verdict,
      launches: measured ? 24 : 0,
      threshold: 0.02,
      watch: false,
      reasons: [],
      ...(measured ? { stage: 'decide', ratio: { value: 1.0512, low: 1.0401, high: 1.0625 }, detectable: 0.031 } : {}),
      ...more,
    };
  });
  const evidence = entries.map(([name, { verdict, evidence: more }]): ComparedEvidence => {
    const measured = ['regressed', 'improved', 'same', 'inconclusive'].includes(verdict);
    return {
      package: 'json',
      case: name,
      file: 'benchmarks/json/a.bench.ts',
      screen: measured ? [launch] : [],
      decide: measured ? [launch] : [],
      ...more,
    };
  });
  return {
    schema: 1,
    base: 'main (0123456789)',
    environment: {
      commit: 'abcdef0123',
      cpu: 'a CPU',
      cores: 2,
      node: '26.0.0',
      platform: 'linux',
      arch: 'x64',
    } as Environment,
    settings: { seed: 5 } as Comparison['settings'],
    warnings: [],
    evidence,
    verdict: { invalid: [], cases, verdict: 'fine', exitCode: 0, ...run },
    seconds: 31,
    launchSeconds: 30,
  };
}

test.each([
  [{ a: { verdict: 'regressed' }, b: { verdict: 'same' } }, '1 case regressed: json "a" (against main (0123456789)).'],
  [
    { a: { verdict: 'improved' }, b: { verdict: 'inconclusive' } },
    '1 case improved: json "a"; 1 case inconclusive (against main (0123456789)).',
  ],
  [
    { a: { verdict: 'same' }, b: { verdict: 'identical' } },
    'No change of speed found against main (0123456789): 1 case compared.',
  ],
  [{ a: { verdict: 'identical' } }, 'Nothing changed against main (0123456789).'],
  [{}, 'Nothing to compare against main (0123456789).'],
] as [Record<string, Given>, string][])('says %j in one sentence', (rows, sentence) => {
  expect(verdictSentence(comparison(rows))).toBe(sentence);
});

test('says first that the whole run is invalid', () => {
  const invalid = comparison({ a: { verdict: 'invalid' } }, { invalid: ['the machine is too noisy'], exitCode: 3 });
  expect(verdictSentence(invalid)).toBe('Invalid against main (0123456789): the machine is too noisy.');
});

test('prints the verdict, then what changed, then the rest', () => {
  const lines = textComparison(
    comparison({
      calm: { verdict: 'same' },
      open: { verdict: 'inconclusive', more: { moreLaunches: 40 }, evidence: { caseChanged: true } },
      slow: { verdict: 'regressed' },
      wrong: { verdict: 'invalid', more: { reasons: ['wrong answer of head'] } },
      quiet: { verdict: 'identical' },
    }),
    plain,
  );
  expect(lines[0]).toMatch(/^1 case regressed/);
  const rows = lines.filter((line) => line.includes('json: ') && line.includes('  '));
  expect(rows.map((line) => line.trim().split(/ {2,}/).slice(0, 4))).toEqual([
    ['json: slow', 'regressed', '1.051×', '1.040–1.063'],
    ['json: wrong', 'invalid'],
    ['json: open', 'inconclusive', '1.051×', '1.040–1.063'],
    ['json: calm', 'same', '1.051×', '1.040–1.063'],
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'json: slow: allocated bytes per run 100 in base, 200 in head',
      'json: wrong: wrong answer of head',
      'json: open: about 40 more launches needed',
      "json: open: the case file differs; both sides ran head's",
      'identical on both sides, not run: json',
    ]),
  );
});

test('puts what changed before the fold in Markdown, with the same figures, and escapes names', () => {
  const text = markdownComparison(comparison({ 'a | <b>': { verdict: 'regressed' }, calm: { verdict: 'same' } }));
  expect(text.split('\n')[0]).toBe('**1 case regressed: json "a \\| \\<b\\>" (against main (0123456789)).**');
  const [above, below] = text.split('<details>');
  expect(above).toContain('| regressed | 1.051× | 1.040–1.063 |');
  expect(below).toContain('| json: calm | same | 1.051× | 1.040–1.063 |');
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)!.length);
});

test.each(['same', 'regressed'] as const)('stays within a comment with 3,000 rows of %s', (verdict) => {
  const rows = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [`a case with a long name ${i}`, { verdict }]),
  );
  const text = markdownComparison(comparison(rows));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MARKDOWN_LIMIT);
  expect(Buffer.byteLength(text)).toBeGreaterThan(MARKDOWN_LIMIT / 2);
  expect(text).toMatch(/left out|cut off/);
});
