import type pg from "pg";

/** "ledger": a row for each migration, or for the last one. "lock": who migrates now. */
type Role = "ledger" | "lock";

export interface BookkeepingTable {
  /** `schema.name`. */
  table: string;
  role: Role;
  tool: string;
}

interface Shape {
  tool: string;
  role: Role;
  /** Null: any name, the columns are telling enough. */
  name: RegExp | null;
  /** Sorted. */
  columns: string[];
}

const shape = (tool: string, name: RegExp | null, columns: string, role: Role = "ledger"): Shape => ({
  tool,
  role,
  name,
  columns: columns.split(" ").sort(),
});

/** How the tools know what has run. Names that a project may choose are told by the columns alone. */
const SHAPES: Shape[] = [
  shape("switchback-migrate", /^switchback_migrations$/, "position name checksum statements applied_at"),
  shape("node-pg-migrate", null, "id name run_on"),
  shape("knex", null, "id name batch migration_time"),
  shape("knex", /_lock$/, "index is_locked", "lock"),
  shape("drizzle", /drizzle|migrations/, "id hash created_at"),
  shape("alembic", null, "version_num"),
  shape(
    "prisma",
    null,
    "id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count",
  ),
  shape("typeorm", null, "id timestamp name"),
  shape("sequelize", /sequelize|meta|migrations/i, "name"),
  shape("kysely", /^kysely_migration$/, "name timestamp"),
  shape("kysely", /^kysely_migration_lock$/, "id is_locked", "lock"),
  shape("mikro-orm", /migrations/, "id name executed_at"),
  shape("rails, dbmate", /^schema_migrations$/, "version"),
  shape("rails", /^ar_internal_metadata$/, "key value created_at updated_at", "lock"),
  shape("golang-migrate", /^schema_migrations$/, "version dirty"),
  shape("ecto", /^schema_migrations$/, "version inserted_at"),
  shape("django", /^django_migrations$/, "id app name applied"),
  shape("laravel", /^migrations$/, "id migration batch"),
  shape("goose", /^goose_db_version$/, "id version_id is_applied tstamp"),
  shape("sqlx", /^_sqlx_migrations$/, "version description installed_on success checksum execution_time"),
  shape(
    "flyway",
    null,
    "installed_rank version description type script checksum installed_by installed_on execution_time success",
  ),
  shape(
    "liquibase",
    /^databasechangelog$/i,
    "id author filename dateexecuted orderexecuted exectype md5sum description comments tag liquibase contexts labels deployment_id",
  ),
  shape("liquibase", /^databasechangeloglock$/i, "id locked lockgranted lockedby", "lock"),
];

const COLUMNS = `
select n.nspname as schema, c.relname as name, array_agg(a.attname::text order by a.attname) as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by 1, 2`;

export const recognise = (
  name: string,
  columns: string[],
): Pick<BookkeepingTable, "role" | "tool"> | null => {
  const sorted = [...columns].sort().join(" ");
  const found = SHAPES.find(
    (one) => one.columns.join(" ") === sorted && (one.name === null || one.name.test(name)),
  );
  return found === undefined ? null : { role: found.role, tool: found.tool };
};

/**
 * The tables by which migration tools know what has run, whatever their names; sorted. A tool that nobody knows is told by
 * what it writes down: `names` of migrations in a small table.
 */
export const findBookkeeping = async (
  client: pg.Client,
  names: readonly string[] = [],
): Promise<BookkeepingTable[]> => {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[] }>(COLUMNS);
  const known = rows.flatMap(({ schema, name, columns }) => {
    const found = recognise(name, columns);
    return found === null ? [] : [{ table: `${schema}.${name}`, ...found }];
  });
  const ledgers = known.some(({ role }) => role === "ledger") ? [] : await findByNames(client, names);
  return [...known, ...ledgers].sort((a, b) => (a.table < b.table ? -1 : 1));
};

/** Small enough that reading it end to end costs nobody anything. */
const SMALL = `
select n.nspname || '.' || c.relname as table,
  format('select exists (select from %I.%I t where t.%I::text = any ($1)) as found', n.nspname, c.relname, a.attname) as query
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and a.atttypid in ('text'::regtype, 'varchar'::regtype, 'name'::regtype)
  and pg_table_size(c.oid) < 1000000
order by 1`;

const findByNames = async (client: pg.Client, names: readonly string[]): Promise<BookkeepingTable[]> => {
  if (names.length === 0) return [];
  const { rows } = await client.query<{ table: string; query: string }>(SMALL);
  const found = new Set<string>();
  for (const { table, query } of rows) {
    const { rows: answer } = await client.query<{ found: boolean }>(query, [names]);
    if (answer[0]?.found === true) found.add(table);
  }
  return [...found].map((table) => ({ table, role: "ledger", tool: "the project's own" }));
};

const OBJECTS = `
select n.nspname || '.' || c.relname as name
from pg_class t
join pg_namespace s on s.oid = t.relnamespace
join pg_depend d on d.refobjid = t.oid and d.refclassid = 'pg_class'::regclass
join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass
join pg_namespace n on n.oid = c.relnamespace
where s.nspname || '.' || t.relname = any ($1)
union
select n.nspname || '.' || c.relname
from pg_class t
join pg_namespace s on s.oid = t.relnamespace
join pg_index i on i.indrelid = t.oid
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where s.nspname || '.' || t.relname = any ($1)
union
select n.nspname
from pg_namespace n
where exists (select from pg_class c where c.relnamespace = n.oid and c.relkind = 'r')
  and n.nspname <> 'public'
  and not exists (
    select from pg_class c
    where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and n.nspname || '.' || c.relname <> all ($1))`;

/** Names of the tables with their indexes and sequences, and of schemas that hold nothing else. */
export const bookkeepingObjects = async (client: pg.Client, tables: string[]): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(OBJECTS, [tables]);
  return [...tables, ...rows.map(({ name }) => name)];
};
