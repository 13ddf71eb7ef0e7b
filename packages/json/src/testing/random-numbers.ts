const BITS = new DataView(new ArrayBuffer(8));

/** A JSON number: any double in its shortest form or with more digits, a decimal, an integer around a power of two, a near tie. */
export function randomNumber(below: (bound: number) => number): string {
  switch (below(8)) {
    case 0:
    case 1:
      return String(anyDouble(below));
    case 2:
      return anyDouble(below).toPrecision(15 + below(7));
    case 3:
      return aroundPower(below);
    case 4:
      return nearTie(below);
    default:
      return decimal(below);
  }
}

/** Any finite double, all bit patterns alike. */
function anyDouble(below: (bound: number) => number): number {
  for (;;) {
    BITS.setUint32(0, below(2 ** 32));
    BITS.setUint32(4, below(2 ** 32));
    const double = BITS.getFloat64(0);
    if (Number.isFinite(double)) return double;
  }
}

/** Up to 24 digits with a point anywhere and an exponent that mostly is small. */
function decimal(below: (bound: number) => number): string {
  let digits = '';
  for (let left = 1 + below(below(3) === 0 ? 24 : 10); left > 0; left--) digits += String(below(10));
  const point = below(digits.length + 1);
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const fraction = digits.slice(point);
  const sign = below(4) === 0 ? '-' : '';
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${exponent(below)}`;
}

function exponent(below: (bound: number) => number): string {
  const kind = below(8);
  if (kind < 4) return '';
  const size = kind < 7 ? below(30) : below(420);
  return `${'eE'[below(2)]}${['', '+', '-'][below(3)]}${below(16) === 0 ? '00' : ''}${size}`;
}

/** Next to where integers stop being exact, of 32, 53, 64 and other bits. */
function aroundPower(below: (bound: number) => number): string {
  const power = 2n ** BigInt([31, 32, 53, 54, 63, 64, 65, 10 + below(90)][below(8)]);
  const value = power + BigInt(below(9) - 4);
  return `${below(2) === 0 ? '-' : ''}${value}`;
}

/** The middle between two doubles, or a little beside it: rounding has to look at every digit. */
function nearTie(below: (bound: number) => number): string {
  const significand = (1n << 52n) + BigInt(below(2 ** 26)) * 2n ** 26n + BigInt(below(2 ** 26));
  const middle = (2n * significand + 1n) << BigInt(below(60));
  const beside = [
    `${middle}`,
    `${middle}.${'0'.repeat(below(20))}1`,
    `${middle - 1n}.${'9'.repeat(1 + below(20))}`,
    `${middle}e0`,
  ];
  return beside[below(4)];
}
