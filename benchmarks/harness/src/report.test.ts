import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { markdownRun, textCase, textFooter } from './report.ts';
import type { CaseResult } from './result.ts';
import { sampleResult } from './sample-result.ts';
import { plain } from './terminal.ts';

beforeEach(() => {
  vi.stubEnv('PERF_REQUIRE_CORPORA', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const [measured, failed] = sampleResult.cases as [CaseResult, CaseResult];

describe('the terminal report', () => {
  test('shows every contestant, the missing one too, and every warning', () => {
    expect(textCase(measured).join('\n')).toMatchInlineSnapshot(`
      "json: validate twitter.json
        input corpus json/twitter.json, 631,515 bytes, sha256 30721e496a8d; one run is 631,515 bytes
        contestant     version       time/run        rate  CPU/unit  max RSS               ours is  │ is 1, log 0.709 to 3.28
        isValid        0.1.0           300 µs  2,105 MB/s  0.480 ns  64.0 MB                  ours
        JSON.parse     Node 26.10.0    900 µs    702 MB/s   1.60 ns  96.0 MB     3.00× (2.90–3.10)       │                ●┤
        faster | peer  2.0.0           240 µs  2,631 MB/s  0.380 ns  70.0 MB  0.800× (0.750–0.850)  ├●┤  │
        absent         missing
        MISSING absent (absent-peer): not installed
        WARNING unstable: the launches of JSON.parse are 20 % apart
      "
    `);
  });

  test('turns rows into blocks on a narrow terminal, with the same figures', () => {
    const lines = textCase(measured, { ...plain, width: 60 });
    expect(lines.slice(2, 22).join('\n')).toMatchInlineSnapshot(`
      "  isValid
          version   0.1.0
          time/run  300 µs
          rate      2,105 MB/s
          CPU/unit  0.480 ns
          max RSS   64.0 MB
          ours is   ours
        JSON.parse
          version   Node 26.10.0
          time/run  900 µs
          rate      702 MB/s
          CPU/unit  1.60 ns
          max RSS   96.0 MB
          ours is   3.00× (2.90–3.10)
          ruler          │                ●┤
        faster | peer
          version   2.0.0
          time/run  240 µs
          rate      2,631 MB/s
          CPU/unit  0.380 ns"
    `);
  });

  test('shows the error of a case on one line', () => {
    expect(textCase(failed)).toEqual(['json: parse', '  ERROR wrong answer of ours: expected 1, got { a: 2 }', '']);
  });

  test('calls a missing corpus skipped, or an error where the corpora are required', () => {
    const skipped: CaseResult = { ...failed, status: 'skipped', error: 'no corpus file x' };
    expect(textCase(skipped)[1]).toBe('  SKIPPED no corpus file x');
    vi.stubEnv('PERF_REQUIRE_CORPORA', '1');
    expect(textCase(skipped)[1]).toBe('  ERROR no corpus file x');
  });

  test('ends with warnings about the machine, the method and the environment', () => {
    expect(textFooter(sampleResult).join('\n')).toMatchInlineSnapshot(`
      "WARNING the machine was busy when the run began: load average 3 on 2 cores
      "ours is 2×": the peer takes twice as long. Each contestant in 3 processes of 500 ms; time: median of their medians; ratio: geometric mean over rounds with its 95 % interval (Student); RSS: of the process, input included.
      Example CPU, 2 cores, 8.0 GB; linux x64 6.1.0; Node 26.10.0, V8 14.6, ICU 78.3; 2026-11-21; commit 0123456789 with changes"
    `);
  });
});

test('the Markdown report has the same figures', () => {
  expect(markdownRun(sampleResult).join('\n')).toMatchInlineSnapshot(`
    "### json: validate twitter.json

    input corpus json/twitter.json, 631,515 bytes, sha256 30721e496a8d; one run is 631,515 bytes

    | contestant | version | time/run | rate | CPU/unit | max RSS | ours is | │ is 1, log 0.709 to 3.28 |
    | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
    | isValid | 0.1.0 | 300 µs | 2,105 MB/s | 0.480 ns | 64.0 MB | ours |  |
    | JSON.parse | Node 26.10.0 | 900 µs | 702 MB/s | 1.60 ns | 96.0 MB | 3.00× (2.90–3.10) | \`     │                ●┤\` |
    | faster \\| peer | 2.0.0 | 240 µs | 2,631 MB/s | 0.380 ns | 70.0 MB | 0.800× (0.750–0.850) | \`├●┤  │                  \` |
    | absent | missing |  |  |  |  |  |  |

    - **MISSING**: absent (absent-peer): not installed
    - **WARNING**: unstable: the launches of JSON.parse are 20 % apart

    ### json: parse

    - **ERROR**: wrong answer of ours: expected 1, got { a: 2 }

    - **WARNING**: the machine was busy when the run began: load average 3 on 2 cores

    "ours is 2×": the peer takes twice as long. Each contestant in 3 processes of 500 ms; time: median of their medians; ratio: geometric mean over rounds with its 95 % interval (Student); RSS: of the process, input included.

    Example CPU, 2 cores, 8.0 GB; linux x64 6.1.0; Node 26.10.0, V8 14.6, ICU 78.3; 2026-11-21; commit 0123456789 with changes"
  `);
});
