import { expect, test } from 'vitest';

import type { Environment } from '../environment.ts';
import { browser, consoleOf, withoutBrowser } from '../report/chromium.fixture.ts';
import { plain, toAscii } from '../terminal.ts';
import type { CaseVerdict, RunVerdict, Verdict } from '../verdict/evidence.ts';
import type { ComparedEvidence, Comparison } from './compare.ts';
import type { LockStepLaunch, SideLaunch } from './lock-step.ts';
import { htmlComparison } from './report-html.ts';
import { markdownComparison, MARKDOWN_LIMIT, textComparison, verdictSentence } from './report.ts';
import { caseChanges, type CountedSides } from './side-counts.ts';

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

const CONDITIONS = { node: '26.0.0', platform: 'linux', arch: 'x64', valgrind: '3.19.0' };

const counted = (ratio: number): CountedSides => ({
  base: { value: 1e6, runs: 64, nonlinearity: 0 },
  head: { value: 1e6 * ratio, runs: 64, nonlinearity: 0 },
});

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
    metrics: evidence.flatMap((each) =>
      caseChanges(each, each.instructions && counted(each.instructions.ratio), CONDITIONS),
    ),
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
  [
    { a: { verdict: 'same' }, b: { verdict: 'new' } },
    'No change of speed found against main (0123456789): 1 case compared, 1 new.',
  ],
  [
    { a: { verdict: 'removed' }, b: { verdict: 'new' } },
    'Nothing to compare against main (0123456789): 1 new, 1 removed.',
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

test('names package, case and metric when instructions grew, although the time is the same or the run is invalid', () => {
  const grown = { verdict: 'same', evidence: { instructions: { ratio: 1.0123 } } } as const;
  const rows = { a: grown, b: { verdict: 'same', evidence: { instructions: { ratio: 1.004 } } } } as const;
  const words = 'nstructions of 1 case grew: json "a" (+1.23 %)';
  expect(verdictSentence(comparison(rows))).toBe(`I${words} (against main (0123456789)).`);
  expect(verdictSentence(comparison(rows, { invalid: ['too noisy'] }))).toBe(
    `Invalid against main (0123456789): too noisy; i${words}.`,
  );
  const text = textComparison(comparison(rows), plain);
  expect(text).toContain('json: a: 1,000,000 → 1,012,300 instructions per run (+1.2 %)');
  expect(text.filter((line) => /^json: a .* \+1\.23 %/.test(line))).toHaveLength(1);
  expect(markdownComparison(comparison(rows)).split('<details>')[0]).toContain('| json: a | same |');
});

test('says what was not measured, why, and never 0', () => {
  const none = comparison({
    a: { verdict: 'same' },
    b: { verdict: 'same' },
    c: { verdict: 'same', evidence: { instructions: { ratio: 1 } } },
  });
  const words = 'instructions not compared: asynchronous';
  const missing = (name: string) =>
    ({ package: 'json', name, metric: 'instructions', verdict: 'not compared', fails: false, words }) as const;
  const metrics = [...none.metrics!, missing('a'), missing('b')];
  const lines = textComparison({ ...none, metrics }, plain);
  expect(lines).toContain(`${words} (2 cases)`);
  expect(lines.find((line) => line.startsWith('json: a'))).toContain('not measured');
  expect(lines.find((line) => line.startsWith('json: c'))).toContain('+0.00 %');
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
      'json: slow: 100 → 200 allocated bytes per run (+100.0 %)',
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

const WIDE: Readonly<Record<string, Given>> = {
  slow: { verdict: 'regressed', more: { ratio: { value: 1.08, low: 1.06, high: 1.1 } } },
  far: { verdict: 'regressed', more: { ratio: { value: 3, low: 1.2, high: 7 } } },
  calm: { verdict: 'same', more: { ratio: { value: 1, low: 0.99, high: 1.01 } } },
};

test('shows every ratio on one axis that one large ratio does not stretch, also in ASCII', () => {
  const lines = textComparison(comparison(WIDE), plain);
  const rulerOf = (name: string): string =>
    lines.find((line) => line.startsWith(`json: ${name} `))!.replace(/.* 24 {2}/, '');
  expect(lines.find((line) => line.startsWith('case '))).toMatch(/│ is 1, log 0\.97\d to 1\.26$/);
  expect({ far: rulerOf('far'), slow: rulerOf('slow'), calm: rulerOf('calm') }).toEqual({
    far: '··│··              ├───▶',
    slow: '··│··   ├●─┤',
    calm: '·├●┤·',
  });
  expect(toAscii(rulerOf('slow'))).toBe('::+::   |o-|');
});

test('gives up the ruler first on a narrow terminal, and no figure', () => {
  const at = (width: number): string =>
    textComparison(comparison(WIDE), { ...plain, width })
      .slice(0, -6)
      .join('\n');
  expect(at(120)).toMatch(/●/);
  expect(at(80)).not.toMatch(/[●▶]/);
  for (const width of [120, 80, 50, 30]) {
    for (const figure of ['1.080×', '1.060–1.100', '3.000×', '1.200–7.000', '3.10 %'])
      expect(at(width)).toContain(figure);
  }
});

const FIGURES = /[\d.]+×|[\d.]+–[\d.]+/g;

test('has the same figures in text, Markdown, HTML and JSON', () => {
  const given = comparison(WIDE);
  const fromJson = (JSON.parse(JSON.stringify(given)) as Comparison).verdict.cases
    .toSorted((a, b) => b.ratio!.value - a.ratio!.value)
    .flatMap(({ ratio }) => [`${ratio!.value.toFixed(3)}×`, `${ratio!.low!.toFixed(3)}–${ratio!.high!.toFixed(3)}`]);
  const table = textComparison(given, plain).filter((line) => /×/.test(line));
  expect(table.join('\n').match(FIGURES)).toEqual(fromJson);
  expect(
    markdownComparison(given)
      .split('\n')
      .filter((line) => line.startsWith('| json'))
      .join('\n')
      .match(FIGURES),
  ).toEqual(fromJson);
  const html = htmlComparison(given);
  const found = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].flatMap(([, text]) => text!.match(FIGURES) ?? []);
  expect(found(/<td[^>]*>([^<]*)<\/td>/g)).toEqual(fromJson);
  expect(found(/aria-label="([^"]*)"/g)).toEqual(fromJson);
});

test('the page has the verdict first, a dot per launch on the axis, and nothing from elsewhere', () => {
  const html = htmlComparison(comparison({ ...WIDE, '<img src=x onerror="alert(1)">': { verdict: 'invalid' } }));
  expect(html).toMatch(/<main>\n<h1>2 cases regressed: json &quot;slow&quot;, json &quot;far&quot;/);
  expect(html.match(/class="launch"/g)).toHaveLength(3);
  expect(html).toContain('100 → 200 allocated bytes per run');
  expect(html).not.toMatch(/<script|<img|https?:|url\(|@import/i);
  const places = [...html.matchAll(/(?:x|cx|x1|x2)="([-\d.]+)%"/g)].map(([, place]) => Number(place));
  expect(places.filter((place) => !(place >= 0 && place <= 100))).toEqual([]);
});

test.skipIf(browser === undefined)(
  `the page opens in Chromium without a word on its console${withoutBrowser}`,
  { timeout: 180_000 },
  async () => {
    const opened = await consoleOf(htmlComparison(comparison(WIDE)));
    expect(opened.console).toEqual([]);
    expect(opened.text).toContain('2 cases regressed');
  },
);
