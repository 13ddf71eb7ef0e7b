import type { Fault, FaultReason } from '../fault.ts';

/** The validator as one would write it without thinking of speed: recursive, a byte at a time, UTF-8 in place. */
export function naiveFault(bytes: Uint8Array, maxDepth: number = Number.POSITIVE_INFINITY): Fault | undefined {
  let at = 0;

  class Stop extends Error {
    readonly fault: Fault;
    constructor(fault: Fault) {
      super();
      this.fault = fault;
    }
  }

  function fail(reason: FaultReason): never {
    if (at >= bytes.length) throw new Stop({ byteOffset: bytes.length, reason: 'end' });
    throw new Stop({ byteOffset: at, reason: characterLength() === 0 ? 'utf8' : reason });
  }

  function characterLength(): number {
    for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at, at + length));
      const isReplacement = length === 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
      if (isReplacement || !text.includes('\ufffd')) return length;
    }
    return 0;
  }

  const peek = (): string => (at < bytes.length ? String.fromCharCode(bytes[at]) : '');
  const eat = (character: string): boolean => {
    if (peek() !== character) return false;
    at++;
    return true;
  };
  const isDigit = (): boolean => peek() !== '' && '0123456789'.includes(peek());
  const space = (): void => {
    while (peek() !== '' && ' \t\n\r'.includes(peek())) at++;
  };

  function digits(): void {
    if (!isDigit()) fail('number');
    while (isDigit()) at++;
  }

  function number(): void {
    eat('-');
    if (eat('0')) {
      if (isDigit()) fail('number');
    } else {
      digits();
    }
    if (eat('.')) digits();
    if (eat('e') || eat('E')) {
      if (!eat('+')) eat('-');
      digits();
    }
  }

  function string(): void {
    at++;
    while (!eat('"')) {
      if (eat('\\')) {
        const kind = peek();
        if (kind === '' || !'"\\/bfnrtu'.includes(kind)) fail('escape');
        at++;
        for (let left = kind === 'u' ? 4 : 0; left > 0; left--) {
          if (!/^[0-9a-fA-F]$/.test(peek())) fail('escape');
          at++;
        }
      } else {
        if (peek() < ' ') fail('control');
        if (characterLength() === 0) fail('end');
        at += characterLength();
      }
    }
  }

  function word(text: string): void {
    for (const letter of text) if (!eat(letter)) fail('literal');
  }

  function list(close: string, member: () => void): void {
    at++;
    space();
    if (eat(close)) return;
    for (;;) {
      member();
      space();
      if (eat(close)) return;
      if (!eat(',')) fail('separator');
      space();
    }
  }

  function value(depth: number): void {
    const first = peek();
    if ((first === '{' || first === '[') && depth === maxDepth) fail('depth');
    if (first === '"') string();
    else if (first === '[') list(']', () => value(depth + 1));
    else if (first === '{') {
      list('}', () => {
        if (peek() !== '"') fail('key');
        string();
        space();
        if (!eat(':')) fail('colon');
        space();
        value(depth + 1);
      });
    } else if (first === '-' || isDigit()) number();
    else if (first === 't') word('true');
    else if (first === 'f') word('false');
    else if (first === 'n') word('null');
    else fail('value');
  }

  try {
    space();
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
      return { byteOffset: 0, reason: 'byte-order-mark' };
    value(0);
    space();
    if (at < bytes.length) fail('trailing');
    return undefined;
  } catch (stop) {
    if (stop instanceof Stop) return stop.fault;
    throw stop;
  }
}
