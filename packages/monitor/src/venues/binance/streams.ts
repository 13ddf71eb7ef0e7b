/** The streams the monitor needs of one symbol, in the venue's names. */
export function streamNames(symbol: string): string[] {
  const name = symbol.toLowerCase();
  return [`${name}@depth@100ms`, `${name}@aggTrade`, `${name}@bookTicker`];
}

export function subscribeFrame(streams: readonly string[], id: number): string {
  return JSON.stringify({ method: 'SUBSCRIBE', params: streams, id });
}

export function unsubscribeFrame(streams: readonly string[], id: number): string {
  return JSON.stringify({ method: 'UNSUBSCRIBE', params: streams, id });
}
