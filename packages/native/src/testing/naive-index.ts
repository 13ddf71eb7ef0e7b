/** The index of a valid document, a byte at a time: what `indexJson` must write. */
export function naiveIndex(bytes: Uint8Array): { offsets: number[]; ends: number[] } {
  const offsets: number[] = [];
  const ends: number[] = [];
  const open: number[] = [];
  let at = 0;
  const isAny = (characters: string): boolean =>
    at < bytes.length && characters.includes(String.fromCharCode(bytes[at]));
  while (at < bytes.length) {
    const entry = offsets.length;
    if (isAny(' \t\n\r,:')) {
      at++;
    } else if (isAny('}]')) {
      ends[open.pop() ?? -1] = entry;
      at++;
    } else {
      offsets.push(at);
      if (isAny('{[')) {
        open.push(entry);
        at++;
      } else if (isAny('"')) {
        for (at++; !isAny('"'); at++) if (isAny('\\')) at++;
        ends[entry] = at++;
      } else {
        while (at < bytes.length && !isAny(' \t\n\r,:]}')) at++;
        ends[entry] = at;
      }
    }
  }
  return { offsets, ends };
}
