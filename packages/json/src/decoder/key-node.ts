const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A key of the paths that a decoder reads, with those below it. */
export class KeyNode {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Where the position of the value is kept; −1 at the root. */
  readonly slot: number;
  readonly children: KeyNode[] = [];
  /**
   * For keys of one byte, as feeds like them: 1 where the byte is a key that is read, or cannot stand in a string as it
   * is.
   */
  readonly known: Uint8Array = notPlain();
  /** For keys of any length: 1 where a key that is read starts with the byte, or where it cannot stand as it is. */
  readonly firsts: Uint8Array = notPlain();

  constructor(key: string, slot: number) {
    this.key = key;
    this.slot = slot;
    this.bytes = new TextEncoder().encode(key);
  }

  add(child: KeyNode): KeyNode {
    this.children.push(child);
    return child;
  }

  childOf(key: string): KeyNode | undefined {
    return this.children.find((child) => child.key === key);
  }

  /** When all children are there. */
  seal(): void {
    for (const child of this.children) {
      if (child.bytes.length === 1) this.known[child.bytes[0]] = 1;
      if (child.bytes.length > 0) this.firsts[child.bytes[0]] = 1;
      child.seal();
    }
  }

  /** The child whose key stands between `start` and `end` without an escape. */
  find(bytes: Uint8Array, start: number, end: number): KeyNode | undefined {
    const length = end - start;
    const { children } = this;
    for (let place = 0; place < children.length; place++) {
      const child = children[place];
      const key = child.bytes;
      if (key.length !== length) continue;
      let at = 0;
      while (at < length && key[at] === bytes[start + at]) at++;
      if (at === length) return child;
    }
    return undefined;
  }

  /** The same for a string as it stands in a message, with or without escapes. */
  findQuoted(bytes: Uint8Array, start: number, end: number): KeyNode | undefined {
    for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return this.childOf(unescaped(bytes, start, end));
    return this.find(bytes, start, end);
  }

  /** Forgets the positions of everything below. */
  clear(positions: Int32Array): void {
    for (let place = 0; place < this.children.length; place++) {
      const child = this.children[place];
      positions[child.slot] = -1;
      child.clear(positions);
    }
  }
}

/** 1 for all bytes but those that stand for themselves in a string. */
function notPlain(): Uint8Array {
  const bytes = new Uint8Array(256).fill(1).fill(0, 0x20, 0x7f);
  bytes[QUOTE] = 1;
  bytes[BACKSLASH] = 1;
  return bytes;
}

/** The text of a valid string between its quotes. */
export function unescaped(bytes: Uint8Array, start: number, end: number): string {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
