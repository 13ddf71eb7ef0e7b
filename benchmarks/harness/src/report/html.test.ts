import { describe, expect, test } from 'vitest';

import { formatRatio } from '../format.ts';
import { markdownRun, textCase } from '../report.ts';
import type { RunResult } from '../result.ts';
import { sampleResult } from '../sample-result.ts';
import { browser, consoleOf, withoutBrowser } from './chromium.fixture.ts';
import { escapeHtml, htmlPage, htmlRun } from './html.ts';

const RATIO = /[\d.,]+× \([\d.,]+–[\d.,]+\)/g;

test('text, blocks, Markdown, HTML and JSON have the same ratios', () => {
  const fromJson = (JSON.parse(JSON.stringify(sampleResult)) as RunResult).cases
    .flatMap((each) => each.contestants)
    .flatMap(({ figures }) => (figures?.ratio === undefined ? [] : [formatRatio(figures.ratio)]));
  expect(fromJson).toEqual(['3.00× (2.90–3.10)', '0.800× (0.750–0.850)']);
  const text = (width: number): string =>
    sampleResult.cases
      .flatMap((each) => textCase(each, { width, unicode: true, style: (_name, line) => line }))
      .join('\n');
  for (const width of [Number.POSITIVE_INFINITY, 100, 60, 30]) expect(text(width).match(RATIO)).toEqual(fromJson);
  expect(markdownRun(sampleResult).join('\n').match(RATIO)).toEqual(fromJson);

  const html = htmlRun(sampleResult);
  const cells = [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].flatMap(([, cell]) => cell!.match(RATIO) ?? []);
  const labels = [...html.matchAll(/<span>([^<]*)<\/span>/g)].flatMap(([, label]) => label!.match(RATIO) ?? []);
  const images = [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
  expect({ cells, labels, images }).toEqual({ cells: fromJson, labels: fromJson, images: fromJson });
});

describe('the page', () => {
  const html = htmlRun(sampleResult);

  test('has every warning, error and missing peer, and a dot per round', () => {
    expect(html).toContain('<strong>WARNING</strong> unstable: the launches of JSON.parse are 20 % apart');
    expect(html).toContain('<strong>WARNING</strong> the machine was busy');
    expect(html).toContain('<strong>MISSING</strong> absent (absent-peer): not installed');
    expect(html).toContain('<strong>ERROR</strong> wrong answer of ours');
    expect(html.match(/class="launch"/g)).toHaveLength(6);
  });

  test('asks for nothing from elsewhere and runs no script', () => {
    expect(html).not.toMatch(/<script|https?:|url\(|@import|\son\w+=/i);
  });

  test('keeps every mark within its axis', () => {
    const places = [...html.matchAll(/(?:x|cx|x1|x2)="([-\d.]+)%"/g)].map(([, place]) => Number(place));
    expect(places.length).toBeGreaterThan(10);
    expect(places.filter((place) => !(place >= 0 && place <= 100))).toEqual([]);
  });

  test('escapes names, reasons and labels', () => {
    expect(escapeHtml(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
    const evil = '<img src=x onerror="alert(1)">&\'';
    const [first] = sampleResult.cases;
    const page = htmlRun({
      ...sampleResult,
      warnings: [evil],
      environment: { ...sampleResult.environment, cpu: evil },
      cases: [
        {
          ...first!,
          name: evil,
          package: evil,
          error: evil,
          warnings: [evil],
          input: { label: evil },
          units: { name: evil, count: 1 },
          contestants: first!.contestants.map((each) => Object.assign({}, each, { name: evil, version: evil })),
        },
      ],
    });
    expect(page).not.toContain('<img');
    expect(page.split('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;').length).toBeGreaterThan(10);
  });
});

test.skipIf(browser === undefined)(
  `opens in Chromium without a word on its console${withoutBrowser}`,
  { timeout: 180_000 },
  async () => {
    // First that a word would be seen: the policy of the page forbids scripts.
    expect((await consoleOf(htmlPage('a', ['<script>1</script>']))).console).not.toEqual([]);
    const opened = await consoleOf(htmlRun(sampleResult));
    expect(opened.console).toEqual([]);
    expect(opened.text).toContain('faster | peer');
  },
);
