import { escapeIdentifier, type ClientBase } from "pg";
import { AppError } from "../../domain/errors.ts";
import { compareCatalogs } from "./compare-catalogs.ts";
import { selectCatalog } from "./read-catalog.ts";
import { SET_LOCAL_PLAIN } from "./sql/plain-output.ts";
import type { CatalogDifference, SchemaScript } from "./types.ts";

const SETTINGS = [
  ...SET_LOCAL_PLAIN,
  // A function's text may speak of what comes later, or of another search path.
  "SET LOCAL check_function_bodies = off",
  "SET LOCAL client_min_messages = error",
  "SET LOCAL row_security = off",
  "SET LOCAL default_tablespace = ''",
  "SET LOCAL default_table_access_method = heap",
];

const TOLD = 5;

/**
 * Every name of a script has its schema, but there are operators that cannot be named (IS DISTINCT FROM, NULLIF, CASE): those
 * of an extension's type are found along the path only.
 */
const searchPathOf = ({ catalog }: SchemaScript): string =>
  ["pg_catalog", ...Object.keys(catalog).flatMap((object) => /^schema:(.+)$/s.exec(object)?.[1] ?? [])]
    .map((name) => escapeIdentifier(name))
    .join(", ");

/**
 * Makes the schema of the script in an empty database, with its bookkeeping rows, and proves that it is the same: the catalog
 * afterwards equals the one that was dumped, object for object. Otherwise nothing is made and REHEARSAL_IMPOSSIBLE says what
 * stood in the way. The client is a superuser and not inside a transaction.
 */
export const restoreSchema = async (client: ClientBase, script: SchemaScript): Promise<void> => {
  await checkExtensions(client, script);
  await client.query("BEGIN");
  try {
    await client.query([...SETTINGS, `SET LOCAL search_path = ${searchPathOf(script)}`].join(";"));
    await runAll(client, script.statements);
    await client.query(SET_LOCAL_PLAIN.join(";"));
    await insertBookkeeping(client, script);
    prove(script, await selectCatalog(client));
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
};

const impossible = (
  message: string,
  hint: string,
  more: { lines?: string[]; cause?: unknown } = {},
): AppError =>
  new AppError("REHEARSAL_IMPOSSIBLE", message, {
    hint,
    ...(more.lines === undefined ? {} : { context: { lines: more.lines } }),
    ...(more.cause === undefined ? {} : { cause: more.cause }),
  });

const checkExtensions = async (client: ClientBase, { extensions, major }: SchemaScript): Promise<void> => {
  const { rows } = await client.query<{ name: string; versions: string[] }>(
    `SELECT name, array_agg(version) AS versions FROM pg_available_extension_versions WHERE name = ANY ($1) GROUP BY 1`,
    [extensions.map(({ name }) => name)],
  );
  const available = new Map(rows.map(({ name, versions }) => [name, versions]));
  const missing = extensions.filter(({ name, version }) => !available.get(name)?.includes(version));
  if (missing.length === 0) return;
  const names = missing.map(({ name, version }) => {
    const others = available.get(name);
    return `${name} ${version}${others === undefined ? "" : ` (there: ${others.sort().join(", ")})`}`;
  });
  throw impossible(
    `the database uses ${names.join(", ")}, which the PostgreSQL for rehearsals does not have`,
    `install PostgreSQL ${major} with these extensions on this machine; a server of the machine is preferred`,
  );
};

const runAll = async (client: ClientBase, statements: string[]): Promise<void> => {
  await client.query("SAVEPOINT made");
  try {
    // In one go: a schema of a thousand objects is made in a fraction of the time.
    await client.query(statements.join(";\n"));
  } catch {
    await client.query("ROLLBACK TO SAVEPOINT made");
    await runOneByOne(client, statements);
  }
};

const runOneByOne = async (client: ClientBase, statements: string[]): Promise<void> => {
  for (const statement of statements)
    await client.query(statement).catch((error: Error) => {
      throw impossible(
        `a part of the database's schema cannot be made again: ${error.message}`,
        "what the statement needs has to be on this machine too; see it with --json",
        { lines: statement.split("\n").slice(0, 20), cause: error },
      );
    });
};

const insertBookkeeping = async (client: ClientBase, { bookkeeping }: SchemaScript): Promise<void> => {
  // Neither triggers nor foreign keys: the rows are as they were.
  await client.query("SET LOCAL session_replication_role = replica");
  for (const { table, columns, rows } of bookkeeping) {
    const names = columns.map((column) => escapeIdentifier(column));
    const values = names.map((name) => `(r.${name})`).join(", ");
    if (rows.length === 0 || names.length === 0) continue;
    const dot = table.indexOf(".");
    const sql = `${escapeIdentifier(table.slice(0, dot))}.${escapeIdentifier(table.slice(dot + 1))}`;
    const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
    await client.query(
      `INSERT INTO ${sql} (${names.join(", ")}) OVERRIDING SYSTEM VALUE
       SELECT ${values} FROM json_populate_recordset(NULL::${sql}, $1) r`,
      [JSON.stringify(objects)],
    );
  }
  await client.query("SET LOCAL session_replication_role = origin");
};

/** Roles of other scripts may be on the server. */
const isRole = (object: string): boolean => /^(role|member):/.test(object);

const prove = (script: SchemaScript, restored: SchemaScript["catalog"]): void => {
  const differences = compareCatalogs(script.catalog, restored).filter(({ object }) => !isRole(object));
  if (differences.length === 0) return;
  const told = differences.slice(0, TOLD).map(({ object }) => object);
  const more = differences.length > TOLD ? ` and ${differences.length - TOLD} more` : "";
  throw impossible(
    `the database's schema could not be made again as it is: ${told.join(", ")}${more} would differ`,
    "nothing can be proved of migrations on another schema; see the differences with --json",
    { lines: differences.slice(0, TOLD).flatMap(linesOf) },
  );
};

const linesOf = ({ object, was, is }: CatalogDifference): string[] => [
  object,
  `  was ${was ?? "(not there)"}`,
  `  is  ${is ?? "(not there)"}`,
];
