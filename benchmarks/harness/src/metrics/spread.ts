/** (largest - smallest) / smallest, in parts per million. */
export function spreadPpm(counts: readonly number[]): number {
  const least = Math.min(...counts);
  return ((Math.max(...counts) - least) / least) * 1e6;
}
