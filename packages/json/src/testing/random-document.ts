const KEYS = [
  '',
  'a',
  'b',
  'id',
  '0',
  '1',
  '10',
  '__proto__',
  String.raw`\u005f_proto\u005F_`,
  String.raw`\u0061`,
  'é',
  String.raw`\u00e9`,
  String.raw`\ud800`,
  String.raw`\"__proto__`,
  'constructor',
  'at 1234567890123456789',
];

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.0',
  '12.5e-3',
  '999999999999999',
  '9007199254740991',
  '9007199254740992',
  '-9007199254740991',
  '-9007199254740992',
  '9007199254740993',
  '1723161255030314667',
  '18446744073709551616',
  '-123456789012345678901234567890',
  '1e20',
  '1E400',
  '9007199254740993.0',
  '9007199254740993e0',
  '0.1234567890123456789',
  '1e0000000000000000001',
];

const SCALARS = [
  'true',
  'null',
  '""',
  '"x"',
  '"1234567890123456789"',
  '", 1234567890123456789, "',
  '"[-1234567890123456789]"',
  String.raw`"\"__proto__\":\u00301"`,
  String.raw`"\\"`,
  '"é𝄞 \u2028"',
  String.raw`"\ud83d\ude00"`,
];

/** A valid document made of what the options of `parse` are about, spelt and spaced in all ways. */
export function randomDocument(below: (bound: number) => number): string {
  const pick = (list: readonly string[]): string => list[below(list.length)];
  const space = (): string => (below(4) > 0 ? '' : pick([' ', '\n', '\t', '\r\n', '     ']));

  function members(depth: number, member: () => string): string {
    const list = Array.from({ length: below(depth === 0 ? 12 : 5) }, () => `${space()}${member()}${space()}`);
    return list.length === 0 ? space() : list.join(',');
  }

  function value(depth: number): string {
    const kind = below(depth > 4 ? 6 : 10);
    if (kind < 4) return pick(NUMBERS);
    if (kind < 6) return pick(SCALARS);
    if (kind < 8) return `[${members(depth, () => value(depth + 1))}]`;
    return `{${members(depth, () => `"${pick(KEYS)}"${space()}:${space()}${value(depth + 1)}`)}}`;
  }

  return `${space()}${value(0)}${space()}`;
}
