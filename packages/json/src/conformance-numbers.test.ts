import { describe, expect, test } from 'vitest';
import { corpusFiles, whyNoCorpora } from './testing/corpora.ts';
import { firstMisread } from './testing/number-readers.ts';

const missing = whyNoCorpora();
if (missing !== undefined) process.stderr.write(`conformance-numbers.test.ts without real data: ${missing}\n`);

const around = (power: bigint): string[] => [-1n, 0n, 1n].flatMap((step) => [`${power + step}`, `${-(power + step)}`]);

describe('every reader of numbers', () => {
  test.for(
    [
      ...[
        '0',
        '-0',
        '0.0',
        '-0.0',
        '0e0',
        '-0e-5',
        '0.000000000000000000000',
        '1',
        '-1',
        '0.1',
        '1.0',
        '1e0',
        '100e-2',
      ],
      // Where doubles stop holding every integer, and where 32 and 64 bits end, with a sign and without.
      ...[2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n].flatMap(around),
      ...[
        '9007199254740991.0',
        '9007199254740992e-0',
        '9223372036854775807e0',
        '922337203685477580.7e1',
        '-9223372036854775808.0',
      ],
      // Where doubles end.
      ...[
        '1e400',
        '-1e400',
        '1e-400',
        '-1e-400',
        '1.7976931348623157e308',
        '1.7976931348623158e308',
        '1.7976931348623159e308',
      ],
      ...['5e-324', '3e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '2.2250738585072011e-308'],
      ...[
        '2.2250738585072014e-308',
        '4.9406564584124654e-324',
        '1e308',
        '1e309',
        '1e-308',
        '1e-323',
        '1e99999',
        '1e-99999',
      ],
      // Decimals at the scale of the readers (4), one beyond it, and at the most that is safe.
      ...[
        '61800.20',
        '0.0001',
        '0.00010',
        '0.00001',
        '1e-4',
        '1e-5',
        '10e-5',
        '900719925474.0991',
        '900719925474.0992',
      ],
      ...['-900719925474.0991', '-900719925474.0992', '0.30000000000000004', '4.35', '123456789012345678.9012'],
    ].map((text) => ({ text })),
  )('reads $text as it is, or refuses it', ({ text }) => {
    expect(JSON.parse(text)).toBeTypeOf('number');
    expect(firstMisread([text])).toBeUndefined();
  });

  test.skipIf(missing !== undefined).for(['canada', 'mesh', 'numbers'])(
    'reads all of %s.json',
    { timeout: 120_000 },
    (name) => {
      const text = corpusFiles('json')
        .find((file) => file.name === `${name}.json`)
        ?.bytes.toString();
      const numbers = text?.replaceAll(/"(?:\\.|[^"\\])*"/g, '""').match(/-?\d[-+.\deE]*/g) ?? [];
      expect(numbers.length).toBeGreaterThan(5000);
      for (let from = 0; from < numbers.length; from += 64) {
        expect(firstMisread(numbers.slice(from, from + 64))).toBeUndefined();
      }
    },
  );
});
