import type { ClientBase } from "pg";
import type { TableStatistics } from "./types.ts";

interface Row {
  table: string;
  rows: string;
  bytes: string;
  index_bytes: string;
  nulls: Record<string, number> | null;
  distinct: string[] | null;
}

/** Never analysed: reltuples is -1, and the pages of the file are all that is known; a row is taken for 100 bytes then. */
const QUERY = `
SELECT n.nspname || '.' || c.relname AS "table",
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint ELSE pg_table_size(c.oid) / 100 END AS rows,
  pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS index_bytes,
  (SELECT jsonb_object_agg(s.attname, s.null_frac) FROM pg_stats s
    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited) AS nulls,
  (SELECT array_agg(s.attname::text) FROM pg_stats s
    WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited AND s.n_distinct = -1) AS distinct
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1`;

/** What the server knows of its tables without counting. A role sees null fractions only of what it may read. */
export const readStatistics = async (client: ClientBase): Promise<TableStatistics[]> => {
  const { rows } = await client.query<Row>(QUERY);
  return rows.map((row) => ({
    table: row.table,
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    indexBytes: Number(row.index_bytes),
    nullFractions: row.nulls ?? {},
    distinct: row.distinct ?? [],
  }));
};
