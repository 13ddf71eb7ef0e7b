/** Fills of one market order at one price. Reused: valid until the call returns. */
export interface AggTrade {
  id: number;
  ticks: number;
  lots: number;
  firstTradeId: number;
  lastTradeId: number;
  /** A sell hit a resting bid. */
  buyerIsMaker: boolean;
}
