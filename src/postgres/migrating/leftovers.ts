import type { Client } from "pg";
import type { MigrationLeftover } from "../../domain/migration-leftover.ts";

/** A tool's table, how many of whose rows mean that something was left, and what that is. */
interface Trace {
  table: string;
  query: (table: string) => string;
  leftover: (row: string, table: string) => MigrationLeftover;
}

const TRACES: Trace[] = [
  {
    table: "knex_migrations_lock",
    query: (table) => `SELECT is_locked::text FROM ${table} WHERE is_locked = 1 LIMIT 1`,
    leftover: (_row, table) => ({ kind: "tool-lock", tool: "knex", table }),
  },
  {
    table: "databasechangeloglock",
    query: (table) => `SELECT id::text FROM ${table} WHERE locked LIMIT 1`,
    leftover: (_row, table) => ({ kind: "tool-lock", tool: "liquibase", table }),
  },
  {
    table: "_prisma_migrations",
    query: (table) =>
      `SELECT migration_name FROM ${table} WHERE finished_at IS NULL AND rolled_back_at IS NULL ORDER BY started_at`,
    leftover: (migration) => ({ kind: "failed-migration", tool: "prisma", migration }),
  },
  {
    table: "flyway_schema_history",
    query: (table) => `SELECT script FROM ${table} WHERE NOT success ORDER BY installed_rank`,
    leftover: (migration) => ({ kind: "failed-migration", tool: "flyway", migration }),
  },
];

const TABLES = `
  SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname) AS address
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relname = ANY($1)`;

/** golang-migrate shares its table's name with Rails, which has no such column. */
const DIRTY_TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS address
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'dirty'
  WHERE c.relkind = 'r' AND c.relname = 'schema_migrations'`;

const INVALID_INDEXES = `
  SELECT format('%I.%I', n.nspname, c.relname) AS index, i.indrelid::regclass::text AS table
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname NOT IN ('pg_catalog', 'pg_toast') ORDER BY 1`;

/**
 * What stands in the way of the next run, as the database itself tells it. Reads only; a lock that ends with its session
 * (node-pg-migrate, Flyway on PostgreSQL) leaves nothing. To be asked when no migration runs: an index that is being built
 * is invalid too.
 */
export const readLeftovers = async (client: Client): Promise<MigrationLeftover[]> => {
  const found: MigrationLeftover[] = [];
  const tables = await client.query<{ name: string; address: string }>(TABLES, [
    TRACES.map(({ table }) => table),
  ]);
  for (const { name, address } of tables.rows) {
    const trace = TRACES.find(({ table }) => table === name)!;
    // Somebody else's table of that name has other columns, and says nothing.
    const rows = await firstColumn(client, trace.query(address)).catch(() => []);
    found.push(...rows.map((row) => trace.leftover(row, address)));
  }
  for (const address of await firstColumn(client, DIRTY_TABLES))
    for (const migration of await firstColumn(client, `SELECT version::text FROM ${address} WHERE dirty`))
      found.push({ kind: "failed-migration", tool: "golang-migrate", migration });
  const indexes = await client.query<{ index: string; table: string }>(INVALID_INDEXES);
  found.push(...indexes.rows.map((row) => ({ kind: "invalid-index" as const, ...row })));
  return found;
};

const firstColumn = async (client: Client, query: string): Promise<string[]> => {
  const { rows } = await client.query<string[]>({ text: query, rowMode: "array" });
  return rows.map((row) => String(row[0]));
};

/** Everything of the schema that a statement can change, as one hash: whether a command that failed left something of it. */
const MARK = `
  SELECT md5(string_agg(mark, ',' ORDER BY mark)) AS mark FROM (
    SELECT concat_ws(' ', 'c', c.oid, c.relname, c.relkind, c.relfilenode, c.reloptions) AS mark FROM pg_class c
      WHERE c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_%')
    UNION ALL SELECT concat_ws(' ', 'a', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attisdropped, atthasdef)
      FROM pg_attribute WHERE attnum > 0 AND attrelid >= 16384
    UNION ALL SELECT concat_ws(' ', 'd', oid, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
    UNION ALL SELECT concat_ws(' ', 'k', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'i', indexrelid, indisvalid) FROM pg_index WHERE indexrelid >= 16384
    UNION ALL SELECT concat_ws(' ', 'p', oid, proname, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 't', oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'y', oid, typname) FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT concat_ws(' ', 'e', oid, enumlabel) FROM pg_enum
    UNION ALL SELECT concat_ws(' ', 'n', oid, nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
  ) AS marks`;

export const readSchemaMark = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ mark: string | null }>(MARK);
  return rows[0]?.mark ?? "";
};
