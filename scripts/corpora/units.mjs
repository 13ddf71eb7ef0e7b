/** Decimal megabytes, as disks and networks count them. */
export function megabytes(bytes) {
  return bytes > 0 && bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
