/** Time. `nowMs` is the wall, for people; `monotonicMs` never jumps and decides leases. */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
