/** What a pool has done since it was made, and what it is doing now. */
export interface HttpPoolStats {
  /** Calls started. */
  readonly requests: number;
  /** Calls that returned. */
  readonly succeeded: number;
  /** Calls that threw, for whatever reason. */
  readonly failed: number;
  /** Second and later attempts. */
  readonly retries: number;
  /** Requests sent again for free, because a reused connection turned out to be dead. */
  readonly replays: number;
  /** Calls that failed by a deadline or a phase's time. */
  readonly timeouts: number;
  /** Calls that failed by their signal. */
  readonly aborted: number;
  /** Calls refused by a full queue. */
  readonly refused: number;
  /** Body bytes received. */
  readonly bytesReceived: number;
  /** Connections opened. */
  readonly connectionsOpened: number;
  /** Connections open now. */
  readonly connections: number;
  /** Calls not settled now, queued ones included. */
  readonly active: number;
  /** Calls waiting for a connection now. */
  readonly queued: number;
}

export type PoolCounters = { -readonly [Name in keyof HttpPoolStats]: HttpPoolStats[Name] };

export function newCounters(): PoolCounters {
  return {
    requests: 0,
    succeeded: 0,
    failed: 0,
    retries: 0,
    replays: 0,
    timeouts: 0,
    aborted: 0,
    refused: 0,
    bytesReceived: 0,
    connectionsOpened: 0,
    connections: 0,
    active: 0,
    queued: 0,
  };
}
