import { escapeIdentifier, type ClientBase } from "pg";
import type { SchemaScript } from "../types.ts";

const TABLES = `
SELECT nspname || '.' || relname AS table, format('%I.%I', nspname, relname) AS sql,
  ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname || '.' || relname = ANY ($1) ORDER BY 1`;

/** Rows of these tables, as text. A table that is not there is left out: nothing ran yet. */
export const readBookkeeping = async (
  client: ClientBase,
  names: string[],
): Promise<SchemaScript["bookkeeping"]> => {
  const tables = await client.query<{ table: string; sql: string; columns: string[] }>(TABLES, [names]);
  const found: SchemaScript["bookkeeping"] = [];
  for (const { table, sql, columns } of tables.rows) {
    const values = columns.map((column) => `${escapeIdentifier(column)}::text`).join(", ");
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${values} FROM ${sql} ORDER BY tableoid, ctid`,
      rowMode: "array",
    });
    found.push({ table, columns, rows });
  }
  return found;
};
