/** A value and the tag to replace it with. */
export interface Stored {
  bytes: Uint8Array;
  etag: string;
}

/**
 * Small objects by key (`environments/dev/log/000000000001.json`). Both writes are atomic and durable when they return:
 * a reader sees all of an object or none. The same promises hold on files and on S3 with conditional writes.
 */
export interface Store {
  get(key: string): Promise<Stored | null>;
  /** Create-only (`If-None-Match: *`): "exists" says that the key was there, by whomever; what stands there decides. */
  create(key: string, bytes: Uint8Array): Promise<"created" | "exists">;
  /**
   * Replaces only what `etag` names (`If-Match`); null: only when absent. A tag is never used twice, so a stale one never
   * fits again, also for equal bytes. "conflict": something else stands there, by whomever; where one's own write went
   * unseen and was overtaken since, it is told so too. What stands there decides.
   */
  replace(key: string, bytes: Uint8Array, etag: string | null): Promise<{ etag: string } | "conflict">;
  /** Keys below a prefix that ends in `/`, sorted. */
  list(prefix: string): Promise<string[]>;
}
