/** Bounds in time and memory. Tests shorten them; nothing else does. */
export interface GatewayLimits {
  connectMs: number;
  /** From the last byte of the request that was sent to the head of the answer. */
  headersMs: number;
  /** Idle connections to an instance are closed after this, or earlier when the instance says so. */
  idleMs: number;
  /** How long a request waits for an instance when there is none. */
  holdMs: number;
  holdMax: number;
  /** An instance that refused a connection is left out for this long. */
  refusedMs: number;
  /** One more than instances that may die at once while they answer the same request. */
  retries: number;
  /** Connections from clients stay open this long without a request. */
  keepAliveMs: number;
  /** Memory for site files and for their compressed forms, each. */
  cacheBytes: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  connectMs: 2_000,
  headersMs: 60_000,
  idleMs: 4_000,
  holdMs: 1_000,
  holdMax: 1_000,
  refusedMs: 500,
  retries: 3,
  keepAliveMs: 75_000,
  cacheBytes: 64 * 1024 * 1024,
};
