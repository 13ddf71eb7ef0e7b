import { describe, expect, test } from 'vitest';

import { readmeTable, withTable } from './readme-table.ts';
import { sampleResult } from './sample-result.ts';

describe('readmeTable', () => {
  test('has a row for every peer, losing and missing ones included, and all that judging them needs', () => {
    expect(readmeTable({ ...sampleResult, cases: sampleResult.cases.slice(0, 1) }).join('\n')).toMatchInlineSnapshot(`
      "
      | case | ours | against | ours is |
      | --- | --- | --- | ---: |
      | validate twitter.json | isValid: 2,105 MB/s | JSON.parse: 702 MB/s | 3.00× (2.90–3.10) |
      |  |  | faster \\| peer: 2,631 MB/s | 0.800× (0.750–0.850) |
      |  |  | absent: not installed |  |

      "2×": ours takes half the time of the peer; below 1, ours is slower. In brackets the 95 % interval over 3 rounds, each with a process of its own per contestant. Example CPU, 2 cores, 8.0 GB; linux x64 6.1.0; Node 26.10.0, V8 14.6, ICU 78.3; 2026-11-21; commit 0123456789 with changes. Peers: faster-peer 2.0.0.

      - the machine was busy when the run began: load average 3 on 2 cores.
      - the machine was not calm: the launches of 1 of 4 contestants are more than 15 % apart, at most 20 %. The intervals include that.
      "
    `);
  });
});

describe('withTable', () => {
  const readme = '# A\n<!-- bench:start -->\nold\n<!-- bench:end -->\nafter\n';

  test('replaces what is between the markers and nothing else', () => {
    const text = withTable(readme, sampleResult)!;
    expect(text.startsWith('# A\n<!-- bench:start -->\n\n| case |')).toBe(true);
    expect(text.endsWith('\n<!-- bench:end -->\nafter\n')).toBe(true);
    expect(text).not.toContain('old');
    expect(withTable(text, sampleResult)).toBe(text);
  });

  test('says that nothing is recorded yet', () => {
    expect(withTable(readme, undefined)).toBe(
      '# A\n<!-- bench:start -->\nNo figures recorded yet.\n<!-- bench:end -->\nafter\n',
    );
  });

  test.each(['', '<!-- bench:start -->', '<!-- bench:end --><!-- bench:start -->'])(
    'needs both markers: "%s"',
    (text) => {
      expect(withTable(text, sampleResult)).toBeUndefined();
    },
  );
});
