import type { MigrationLimits } from "../../../domain/app-definition.ts";

export interface PostgresOptions {
  /** Passwords, the log and (see `dataFolderFor`) the data go below it. */
  folder: string;
  /** Major version. */
  version: number;
  /** Port to take again after a restart, so that processes that outlived the server keep their DATABASE_URL; null: find one. */
  port: number | null;
  signal?: AbortSignal;
}

export interface PostgresServer {
  /** The one asked for, unless somebody else has it by now. */
  readonly port: number;
  /** "18.4" */
  readonly version: string;
  /**
   * Creates the database, owned by a role of its own, when absent; safe to call twice and at once. Returns the URL that
   * its services get: the same one for as long as `folder` and the port are kept.
   */
  ensureDatabase(name: string): Promise<{ url: string }>;
  /**
   * The URL for migration commands of a database that is there: sessions begin as its owner, with these limits. The same
   * one as for services but for its login. Safe to call again, with other limits.
   */
  migrationLogin(
    name: string,
    limits: Pick<MigrationLimits, "lockTimeoutMs" | "statementTimeoutMs">,
  ): Promise<{ url: string }>;
  /** The URL of a login that reads everything of a database that is there, and can change nothing. */
  readerLogin(name: string): Promise<{ url: string }>;
  /** Settles when the server ended without having been stopped. */
  readonly died: Promise<{ lines: string[] }>;
  /** Ends connections, writes everything out, and returns when the server is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts (initialising at first use) a real PostgreSQL from the npm package, reachable on the loopback address alone.
 * Throws DATABASE_ABSENT with the reason, PORT_TAKEN, STORE_UNWRITABLE.
 */
export type StartPostgres = (options: PostgresOptions) => Promise<PostgresServer>;
