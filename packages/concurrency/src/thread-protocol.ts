// What the pool and its threads say to each other.

export interface ThreadCall {
  readonly moduleUrl: string;
  readonly exportName: string;
  readonly argument: unknown;
  /** Where to note what became of this call. */
  readonly slot: number;
  /** Say when the task itself starts, under this number; 0 to say nothing. */
  readonly announce: number;
}

export interface ThreadData {
  /** One Int32 per call that may run at a time, of the values below. */
  readonly states: Int32Array;
}

/** No thread has taken the call. */
export const WAITING = 0;
export const TAKEN = 1;
/** Its result could not be copied, which costs the thread. */
export const RESULT_NOT_CLONEABLE = 2;

export interface BegunMessage {
  readonly perfBegun: number;
}
