import { expect, test } from 'vitest';

import { historyPage } from './page.ts';
import { sampleFingerprint, sampleLine } from './sample-line.ts';
import { seriesOf } from './series.ts';

const line = (i: number, ns: number, node = '26.10.0') =>
  sampleLine({
    commit: `c${i}`,
    fingerprint: { ...sampleFingerprint, node },
    cases: [{ name: '<script>alert("a")</script>', launchNs: [ns, ns + 1], metrics: {} }],
  });

const lines = [
  ...Array.from({ length: 16 }, (_, i) => line(i, i < 8 ? 100 : 120)),
  ...[16, 17].map((i) => line(i, 90, '27.0.0')),
];

test('a page has a line per segment, a mark with its commits, and names of cases as text', () => {
  const page = historyPage(seriesOf(lines), []);
  expect(page.match(/<polyline/g)).toHaveLength(2);
  expect(page.match(/class="mark"/g)).toHaveLength(1);
  expect(page).toContain('between c7 and c8');
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script');
});

test('a page loads nothing and has no number that is none', () => {
  const page = historyPage(seriesOf(lines), ['json.jsonl:3']);
  expect(page).not.toMatch(/https?:|src=|@import|url\(/);
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
  expect(page).toContain('json.jsonl:3');
});

test('a single point, equal points and no points make a page', () => {
  for (const some of [[], [line(0, 5)], [line(0, 5), line(1, 5)]]) {
    expect(historyPage(seriesOf(some), [])).not.toMatch(/NaN|Infinity|undefined/);
  }
});
