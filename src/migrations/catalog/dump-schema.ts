import { escapeIdentifier, type ClientBase } from "pg";
import { OTHER_STATEMENTS } from "./dump/others.ts";
import { RELATION_STATEMENTS } from "./dump/relations.ts";
import { RIGHTS_STATEMENTS, RIGHTS_WITH, ROLES } from "./dump/rights.ts";
import { APP_SCHEMAS, readCatalog } from "./read-catalog.ts";
import { readStatistics } from "./statistics.ts";
import type { SchemaScript } from "./types.ts";

const QUERIES = [
  ...OTHER_STATEMENTS.first,
  ...RELATION_STATEMENTS.sequences,
  ...OTHER_STATEMENTS.routines,
  ...RELATION_STATEMENTS.tables,
  ...RELATION_STATEMENTS.indexes,
  ...OTHER_STATEMENTS.last,
  ...RIGHTS_STATEMENTS,
  ...RELATION_STATEMENTS.last,
];

const WITH = `WITH ${APP_SCHEMAS}, ${RIGHTS_WITH}`;

/**
 * The schema as statements, with the rows of the tables in `bookkeeping` (`schema.table`). Reads only, in one snapshot,
 * and neither waits long for anybody nor holds anybody up: it is meant for the live database too. What it gives is only
 * as good as `restoreSchema` finds it: that compares the catalog, which is in the script, with what came of it.
 */
export const dumpSchema = async (
  client: ClientBase,
  { bookkeeping = [] }: { bookkeeping?: string[] } = {},
): Promise<SchemaScript> => {
  await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await client.query(
      "SELECT set_config('search_path', '', true), set_config('lock_timeout', '2s', true), set_config('statement_timeout', '60s', true)",
    );
    return await read(client, bookkeeping);
  } finally {
    await client.query("ROLLBACK");
  }
};

const read = async (client: ClientBase, bookkeeping: string[]): Promise<SchemaScript> => {
  const { rows: version } = await client.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  const { rows: extensions } = await client.query<{ name: string; version: string; schema: string }>(
    "SELECT extname AS name, extversion AS version, extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid",
  );
  const { rows: roles } = await client.query<{ role: string }>(`${WITH} ${ROLES}`);
  const statements: string[] = [];
  for (const query of QUERIES) {
    const { rows } = await client.query<[string | null]>({ text: `${WITH} ${query}`, rowMode: "array" });
    statements.push(...rows.flatMap(([statement]) => (statement === null ? [] : [statement])));
  }
  const { rows: publicSchema } = await client.query("SELECT FROM pg_namespace WHERE nspname = 'public'");
  return {
    format: 1,
    major: version[0]!.major,
    extensions,
    roles: roles.map(({ role }) => role),
    statements: [...(publicSchema.length === 0 ? ["DROP SCHEMA public"] : []), ...statements],
    bookkeeping: await readRows(client, bookkeeping),
    statistics: await readStatistics(client),
    catalog: await readCatalog(client),
  };
};

interface ColumnName {
  name: string;
  written: boolean;
}

/** Generated columns are left out: they are made again. */
const readRows = async (client: ClientBase, tables: string[]): Promise<SchemaScript["bookkeeping"]> => {
  const found: SchemaScript["bookkeeping"] = [];
  for (const table of tables) {
    const quoted = quoteTable(table);
    const { rows: columns } = await client.query<ColumnName>(
      `SELECT attname AS name, attgenerated = '' AS written FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [quoted],
    );
    const names = columns.filter(({ written }) => written).map(({ name }) => name);
    if (names.length === 0) continue;
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${names.map((name) => `${escapeIdentifier(name)}::text`).join(", ")} FROM ${quoted} ORDER BY 1`,
      rowMode: "array",
    });
    found.push({ table, columns: names, rows });
  }
  return found;
};

/** `schema.table`, as the catalogs of this folder name one, in the words of a statement. */
export const quoteTable = (table: string): string => {
  const dot = table.indexOf(".");
  return `${escapeIdentifier(table.slice(0, dot))}.${escapeIdentifier(table.slice(dot + 1))}`;
};
