import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { isDatabaseError } from "./database-error.ts";
import type { Queryable } from "./pool.ts";

export const migrationsTable = "pgmigrations";

/** Names of the migrations in a folder, oldest first: `0001_accounts`. */
export const shippedMigrations = async (folder: string): Promise<string[]> =>
  (await readdir(folder))
    .filter((file) => file.endsWith(".sql"))
    .map((file) => basename(file, ".sql"))
    .sort();

/** Names of the applied migrations, oldest first; none for a database that was never migrated. Changes nothing. */
export const appliedMigrations = async (database: Queryable): Promise<string[]> => {
  try {
    const { rows } = await database.query<{ name: string }>(
      `select name from ${migrationsTable} order by run_on, id`,
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    if (isDatabaseError(error, "42P01")) return [];
    throw error;
  }
};
