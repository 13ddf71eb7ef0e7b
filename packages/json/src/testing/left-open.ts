const LIMIT_OF_EXPONENTS = '9'.repeat(60);

/**
 * What the standard leaves to the parser: numbers that no double holds, halves of surrogate pairs, malformed UTF-8 and other
 * encodings, a byte order mark, nesting. One character per byte. All follow the engine.
 */
export const LEFT_OPEN: readonly string[] = [
  ...['1e9999', '-1e9999', '1.5e+9999', '123e-10000000', '-123123e100000', `0.4e00${LIMIT_OF_EXPONENTS}`],
  ...[`-1e-${LIMIT_OF_EXPONENTS}`, '9'.repeat(100), `-${'9'.repeat(100)}`, `0.${'3'.repeat(400)}`, '-0', '-0e-0'],
  ...[String.raw`"\udada"`, String.raw`"\udfaa"`, String.raw`"\ud888\u1234"`, String.raw`"\ud800\n"`],
  ...[String.raw`"\ud800\ud800\n"`, String.raw`"\ud800abc"`, String.raw`"\udd1e\ud834"`, String.raw`{"\ud800":1}`],
  // A lead without its rest, a rest without its lead, surrogates, overlong forms, beyond the last character, old long forms.
  ...['"\xe9"', '"\xe0\xff"', '"\x81"', '"\xff"', '"\xed\xa0\x80"', '"\xed\xb0\x80"', '"\xed\xa0\xbd\xed\xb8\x80"'],
  ...['"\xc0\xaf"', '"\xc1\xbf"', '"\xe0\x80\xaf"', '"\xf0\x80\x80\xaf"', '"\xf4\x90\x80\x80"', '"\xf5\x80\x80\x80"'],
  ...[
    '"\xf8\x88\x80\x80\x80"',
    '"\xfc\x83\xbf\xbf\xbf\xbf"',
    '"\xe6\x97\xa5\xd1\x88\xfa"',
    '"\xf0\x9f\x98"',
    '"\xf0\x9f\x98',
  ],
  // Of the characters that may be in a string, the odd ones.
  ...[
    '"\x7f"',
    '"\xc2\x80"',
    '"\xe2\x80\xa8\xe2\x80\xa9"',
    '"\xef\xbf\xbe\xef\xbf\xbf"',
    '"\xef\xbb\xbf"',
    '"\xf4\x8f\xbf\xbf"',
  ],
  // The mark of UTF-8, UTF-16 with a mark and without, in both orders, UTF-32.
  ...[
    '\xef\xbb\xbf{}',
    '\xef\xbb\xbf',
    '\xff\xfe"\0\xe9\0"\0',
    '\xfe\xff\0"\0\xe9\0"',
    '"\0\xe9\0"\0',
    '\0"\0\xe9\0"',
    '[\0\0\0]\0\0\0',
  ],
  ...['{"a":1,"a":2}', '{"a":1,"a":1}', '{"":1,"":2}', '{"__proto__":1}', `${'['.repeat(500)}${']'.repeat(500)}`],
];
