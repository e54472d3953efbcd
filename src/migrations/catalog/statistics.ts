import type { ClientBase } from "pg";
import type { TableStatistics } from "./types.ts";

/**
 * A partitioned table is the sum of its partitions. A table that was never analysed is measured by its files, and counted by
 * what the activity statistics say; where they say nothing a row is taken for 100 bytes.
 */
const QUERY = `
WITH tab AS (
  SELECT c.oid, nspname || '.' || relname AS id, nspname, relname, relkind, relispartition,
    CASE WHEN reltuples >= 0 THEN reltuples WHEN relkind = 'p' THEN 0
      ELSE coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0), pg_table_size(c.oid) / 100) END::float8 AS rows,
    CASE WHEN relpages > 0 THEN (relpages + coalesce((SELECT relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0))
        * current_setting('block_size')::float8
      WHEN relkind <> 'p' THEN pg_table_size(c.oid) ELSE 0 END::float8 AS bytes,
    coalesce((SELECT sum(CASE WHEN i.relpages > 0 THEN i.relpages * current_setting('block_size')::float8
      WHEN i.relkind = 'i' THEN pg_relation_size(i.oid) ELSE 0 END)
      FROM pg_index x JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = c.oid), 0)::float8 AS index_bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'm') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
), sized AS (
  SELECT id, nspname, relname, relkind, rows, bytes, index_bytes FROM tab WHERE relkind <> 'p'
  UNION ALL
  SELECT p.id, p.nspname, p.relname, p.relkind, coalesce(sum(l.rows), 0), coalesce(sum(l.bytes), 0), coalesce(sum(l.index_bytes), 0)
  FROM tab p LEFT JOIN LATERAL pg_partition_tree(p.oid) t ON t.isleaf LEFT JOIN tab l ON l.oid = t.relid
  WHERE p.relkind = 'p' GROUP BY 1, 2, 3, 4
)
SELECT id AS table, round(rows)::float8 AS rows, bytes, index_bytes AS "indexBytes",
  coalesce((SELECT json_object_agg(attname, null_frac) FROM pg_stats s WHERE s.schemaname = nspname AND s.tablename = relname
    AND s.inherited = (relkind = 'p')), '{}') AS "nullFractions",
  ARRAY(SELECT attname::text FROM pg_stats s WHERE s.schemaname = nspname AND s.tablename = relname
    AND s.inherited = (relkind = 'p') AND n_distinct = -1 ORDER BY 1) AS distinct
FROM sized ORDER BY id`;

/**
 * Sizes of all tables, shares of nulls and columns without equal values, from what PostgreSQL keeps for its planner: no table
 * is read, and none of its locks is waited for where it was analysed. Any role may ask; it learns of values only in columns
 * that it may read.
 */
export const readStatistics = async (client: ClientBase): Promise<TableStatistics[]> =>
  (await client.query<TableStatistics>(QUERY)).rows;
