export type LockMode =
  | "AccessShareLock"
  | "RowShareLock"
  | "RowExclusiveLock"
  | "ShareUpdateExclusiveLock"
  | "ShareLock"
  | "ShareRowExclusiveLock"
  | "ExclusiveLock"
  | "AccessExclusiveLock";

/** A lock that a statement took, or asked for while a gate held it up. */
export interface ObservedLock {
  /** `schema.name` of the table; of the table an index belongs to when the lock is on an index (see `index`). */
  table: string;
  /** `schema.name` of the index, when the lock is on it; else null. */
  index: string | null;
  mode: LockMode;
}

/** How a statement stood to transactions. `own`: it commits by itself and cannot run inside one (CONCURRENTLY, VACUUM). */
export type TransactionKind = "implicit" | "explicit" | "own";

/** One statement as the server carried it out. Only relations that existed before its transaction are told. */
export interface ObservedStatement {
  /** Position among all statements of the relay, from 0. */
  index: number;
  /** Numbers connections from 0, in the order in which they came. */
  connection: number;
  /** Numbers transactions over all connections; equal for statements that commit together. */
  transaction: number;
  kind: TransactionKind;
  /** As it was sent, without parameters; one statement of a text with several. */
  sql: string;
  /** `SELECT 3`, `ALTER TABLE`; null when it failed. */
  tag: string | null;
  /** Milliseconds since the relay started. */
  startedMs: number;
  durationMs: number;
  /** New with this statement, ShareUpdateExclusive or stronger, on tables of the app. */
  locks: ObservedLock[];
  /** `schema.name` of tables (or indexes) whose file was replaced while they had rows or not: a rewrite. */
  rewrites: string[];
  /** `schema.name` of tables that were read from end to end. */
  scans: string[];
  /** Rows inserted, updated and deleted, by table. */
  writes: Record<string, { inserted: number; updated: number; deleted: number }>;
  error: { sqlState: string; message: string; detail: string | null; hint: string | null } | null;
}

/** From the first strong lock to the end of the transaction: how long others wait for the table. */
export interface ObservedTransaction {
  transaction: number;
  outcome: "committed" | "rolled-back" | "open";
  /** By `schema.table`: the strongest mode and for how long it was held, until COMMIT had been answered. */
  held: Record<string, { mode: LockMode; heldMs: number }>;
}

export interface Observation {
  statements: ObservedStatement[];
  transactions: ObservedTransaction[];
}

/** A relay between a client's own command and a throwaway server. */
export interface Relay {
  readonly port: number;
  /** The same database address with this relay's host and port in it. */
  url(target: string): string;
  /** What was seen up to now, or since `reset`. */
  observed(): Observation;
  reset(): void;
  close(): Promise<void>;
}

/** "locks": every statement is held open and probed. "errors": passed on as it is, statements and errors are recorded only. */
export type RelayMode = "locks" | "errors";
