/** Names and values in turn, names in lower case: the form that undici walks fastest. */
export type FlatHeaders = readonly string[];

const USER_AGENT = 'perf-http';
const JSON_TYPE = 'application/json';

/** Default headers of a pool, flattened once. Some exchanges refuse requests without a user agent. */
export function flattenHeaders(headers: Readonly<Record<string, string>>, accept: string): FlatHeaders {
  return merge(['accept', accept, 'user-agent', USER_AGENT], headers);
}

/** Headers of one call over those of the pool: the same name replaces, whatever its case. */
export function mergeHeaders(
  base: FlatHeaders,
  headers: Readonly<Record<string, string>> | undefined,
  isJson: boolean,
): FlatHeaders {
  if (headers === undefined && !isJson) return base;
  const withType = isJson ? merge(base, { 'content-type': JSON_TYPE }) : base;
  return headers === undefined ? withType : merge(withType, headers);
}

function merge(base: FlatHeaders, extra: Readonly<Record<string, string>>): string[] {
  const merged = [...base];
  for (const [name, value] of Object.entries(extra)) {
    const lower = name.toLowerCase();
    let at = 0;
    while (at < merged.length && merged[at] !== lower) at += 2;
    merged[at] = lower;
    merged[at + 1] = value;
  }
  return merged;
}
