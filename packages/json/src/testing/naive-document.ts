/** The value of a pointer as one would find it without thinking of speed: in the value that the engine built. */
export function naiveGet(root: unknown, text: string): unknown {
  let value = root;
  for (const token of text.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A key as a pointer's reference token. */
export function token(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Every pointer into a value with what it leads to, in document order. */
export function* pointersOf(value: unknown, at = ''): Generator<readonly [pointer: string, value: unknown]> {
  yield [at, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* pointersOf(inner, at + token(key));
}

/** The index of a document by its definition: what `buildIndex` writes, as pairs. */
export function naiveIndex(bytes: Buffer): [offset: number, end: number][] {
  const text = bytes.toString('latin1');
  const entries: [number, number][] = [];
  const open: number[] = [];
  const tokens = /"(?:\\.|[^"\\])*"|[{}[\]]|[-\w.+]+/g;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(entries.length);
      entries.push([index, 0]);
    } else if (token === '}' || token === ']') {
      entries[open.pop() as number][1] = entries.length;
    } else {
      entries.push([index, index + token.length - (token[0] === '"' ? 1 : 0)]);
    }
  }
  return entries;
}
