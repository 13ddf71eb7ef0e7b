/** An error that the harness takes for a peer that is not there. */
export function notBuilt(why: string): Error {
  const command = 'npm run exec -- pnpm -C benchmarks/json run build:peers';
  return Object.assign(new Error(`${why}: ${command}`), { code: 'MODULE_NOT_FOUND' });
}
