export interface RedisServer {
  /** "redis-server 7.0.15" or "valkey-server …". */
  readonly version: string;
  /** redis://:password@127.0.0.1:port; the same for as long as `folder` and the port are kept. */
  readonly url: string;
  readonly port: number;
  /** Settles when the server ended without having been stopped. */
  readonly died: Promise<{ lines: string[] }>;
  /** Writes everything out and returns when the server is gone. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RedisOptions {
  folder: string;
  /** Port to take again after a restart; null: find one. */
  port: number | null;
  /** Folders that are searched, as in PATH. */
  path: string;
  signal?: AbortSignal;
}

/**
 * Null when neither valkey-server nor redis-server is on the PATH: the app copes without. Throws CACHE_FAILED when one is
 * there and does not start, PORT_TAKEN, STORE_UNWRITABLE.
 */
export type StartRedis = (options: RedisOptions) => Promise<RedisServer | null>;
