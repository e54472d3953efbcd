import { DatabaseError, escapeIdentifier, type ClientBase } from "pg";
import { AppError } from "../../domain/errors.ts";
import { compareCatalogs } from "./compare-catalogs.ts";
import { quoteTable } from "./dump-schema.ts";
import { readCatalog } from "./read-catalog.ts";
import type { SchemaScript } from "./types.ts";

const SHOWN = 5;

/**
 * Makes the schema of the script in an empty database of a throwaway server, as its superuser. Afterwards the catalog is
 * that of the script, object for object. Throws REHEARSAL_IMPOSSIBLE when an extension is not there, or when anything comes
 * out differently: a rehearsal on another schema than the target's would prove nothing.
 */
export const restoreSchema = async (client: ClientBase, script: SchemaScript): Promise<void> => {
  await client.query(
    "SELECT set_config('search_path', '', false), set_config('check_function_bodies', 'off', false)",
  );
  try {
    await createRoles(client, script.roles);
    await createExtensions(client, script);
    await runAll(client, script.statements);
    await insertRows(client, script);
    const different = compareCatalogs(script.catalog, await readCatalog(client));
    if (different.length === 0) return;
    throw new AppError(
      "REHEARSAL_IMPOSSIBLE",
      `the target's schema could not be made again: ${different
        .slice(0, SHOWN)
        .map(({ object }) => object)
        .join(
          ", ",
        )}${different.length > SHOWN ? ` and ${different.length - SHOWN} more` : ""} came out differently`,
      {
        hint: "rehearse from the earlier release's migrations instead, or report what differs",
        context: { different: different.slice(0, 50).map((one) => ({ ...one })) },
      },
    );
  } finally {
    await client.query("RESET search_path; RESET check_function_bodies");
  }
};

const createRoles = async (client: ClientBase, roles: string[]): Promise<void> => {
  const { rows } = await client.query<{ rolname: string }>("SELECT rolname FROM pg_roles");
  const there = new Set(rows.map(({ rolname }) => rolname));
  for (const role of roles)
    if (!there.has(role)) await client.query(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN`);
};

const createExtensions = async (client: ClientBase, { extensions }: SchemaScript): Promise<void> => {
  if (extensions.length === 0) return;
  const { rows } = await client.query<{ name: string }>("SELECT name FROM pg_available_extensions");
  const available = new Set(rows.map(({ name }) => name));
  const missing = extensions.filter(({ name }) => !available.has(name)).map(({ name }) => name);
  if (missing.length > 0)
    throw new AppError(
      "REHEARSAL_IMPOSSIBLE",
      `the target uses the extension ${missing.join(", ")}, which the PostgreSQL of this machine does not have`,
      {
        hint: "install a PostgreSQL server of that major version with it on this machine",
        context: { missing },
      },
    );
  for (const { name, schema } of extensions) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${escapeIdentifier(name)} SCHEMA ${schema} CASCADE`);
  }
};

/** What needs something that comes later in the script is run again, for as long as a round gets further. */
const runAll = async (client: ClientBase, statements: string[]): Promise<void> => {
  let left = statements;
  while (left.length > 0) {
    const failed: { statement: string; error: DatabaseError }[] = [];
    for (const statement of left) {
      try {
        await client.query(statement);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        failed.push({ statement, error });
      }
    }
    if (failed.length === left.length) throw notRestored(failed[0]!);
    left = failed.map(({ statement }) => statement);
  }
};

const notRestored = ({ statement, error }: { statement: string; error: DatabaseError }): AppError =>
  new AppError("REHEARSAL_IMPOSSIBLE", `the target's schema could not be made again: ${error.message}`, {
    hint: "rehearse from the earlier release's migrations instead, or report the statement",
    context: { statement, sqlState: error.code ?? null },
  });

const insertRows = async (client: ClientBase, { bookkeeping }: SchemaScript): Promise<void> => {
  for (const { table, columns, rows } of bookkeeping) {
    const names = columns.map((name) => escapeIdentifier(name)).join(", ");
    const values = columns.map((_, index) => `$${index + 1}`).join(", ");
    for (const row of rows)
      await client.query(
        `INSERT INTO ${quoteTable(table)} (${names}) OVERRIDING SYSTEM VALUE VALUES (${values})`,
        row,
      );
  }
};
