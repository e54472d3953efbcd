import { escapeIdentifier, type ClientBase } from "pg";
import type { DataFingerprint } from "./types.ts";

interface Column {
  schema: string;
  table: string;
  column: string;
}

const COLUMNS = `
SELECT n.nspname AS schema, c.relname AS "table", a.attname AS "column"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2, 3`;

/**
 * A sum of 128 bits of hash over all values of a column, whatever their order and type: text of a value is what the server
 * prints. Nulls count as a value of their own. Two columns with equal values have equal fingerprints; two with others, but
 * for a chance of 2^-64.
 */
const sumOf = (column: string): string => {
  const text = `${escapeIdentifier(column)}::text`;
  const half = (seed: number): string => `coalesce(sum(hashtextextended(${text}, ${seed})::numeric), 0)`;
  return `concat_ws(':', count(${escapeIdentifier(column)}), ${half(0)}, ${half(1)})`;
};

/** Of every table of the app but those named `schema.table` in `without`. One query a table. */
export const fingerprintData = async (
  client: ClientBase,
  { without = [] }: { without?: string[] } = {},
): Promise<DataFingerprint> => {
  const { rows } = await client.query<Column>(COLUMNS);
  const tables = new Map<string, Column[]>();
  for (const row of rows) {
    const name = `${row.schema}.${row.table}`;
    if (!without.includes(name)) tables.set(name, [...(tables.get(name) ?? []), row]);
  }
  const found: DataFingerprint = {};
  for (const [name, columns] of tables) {
    const { schema, table } = columns[0]!;
    const sums = columns.map(({ column }) => sumOf(column)).join(", ");
    const { rows: answer } = await client.query<[string, string[]]>({
      text: `SELECT count(*)::text, ARRAY[${sums}] FROM ONLY ${escapeIdentifier(schema)}.${escapeIdentifier(table)}`,
      rowMode: "array",
    });
    const [count, values] = answer[0]!;
    found[name] = {
      rows: count,
      columns: Object.fromEntries(columns.map(({ column }, index) => [column, values[index]!])),
    };
  }
  return found;
};
