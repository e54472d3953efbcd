import { escapeIdentifier, type ClientBase } from "pg";
import { insertStatement } from "./seed/insert-statement.ts";
import { orderTables, type SeedStep } from "./seed/order-tables.ts";
import { readTables, type SeedSchema, type SeedTable } from "./seed/read-tables.ts";
import { tryShapes } from "./seed/try-shapes.ts";
import { removeDangling, settleKey } from "./seed/settle-keys.ts";
import type { TableStatistics } from "./types.ts";

export interface SeedOptions {
  /** Rows that each table is to have in addition. */
  rows: number;
  /** Shares of nulls as in the target. */
  statistics?: TableStatistics[];
  /** Tables that stay as they are, as `schema.table`: bookkeeping. */
  skip?: string[];
}

export interface SeedResult {
  /** Tables that have rows. */
  seeded: string[];
  /** Tables that have none, and why: a rehearsal proves less of them. */
  unseeded: { table: string; reason: string }[];
}

const ROUNDS = 4;

/**
 * Rows of plausible values in every table, the same in every run: a database of another day's data finds what an empty one
 * hides. Constraints hold, nullable columns have nulls, and where nothing forbids it values and whole rows come twice, so that
 * NOT NULL and UNIQUE fail on them as they would on real ones. Triggers do not run. The client is a superuser of a throwaway
 * server, not inside a transaction.
 */
export const seedRows = async (client: ClientBase, options: SeedOptions): Promise<SeedResult> => {
  await client.query("BEGIN");
  try {
    await client.query(
      `SELECT set_config('session_replication_role', 'replica', true), set_config('TimeZone', 'UTC', true), set_config('search_path',
        (SELECT string_agg(quote_ident(nspname), ', ' ORDER BY nspname <> 'pg_catalog', nspname) FROM pg_namespace
         WHERE nspname = 'pg_catalog' OR (nspname !~ '^pg_' AND nspname <> 'information_schema')), true)`,
    );
    const report = await withoutObstacles(client, () => seedAll(client, options));
    await client.query("COMMIT");
    return report;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
};

/**
 * What stands in the way of setting rows in bulk: a constraint that is checked later cannot be asked before, and a trigger
 * that fires always does not heed session_replication_role. Each with what puts it back.
 */
const OBSTACLES = `
SELECT format('UPDATE pg_catalog.pg_index SET indimmediate = %s WHERE indexrelid = %s', 'true', indexrelid) AS aside,
  format('UPDATE pg_catalog.pg_index SET indimmediate = %s WHERE indexrelid = %s', 'false', indexrelid) AS back
FROM pg_index WHERE NOT indimmediate
UNION ALL SELECT format('ALTER TABLE %s ENABLE TRIGGER %I', tgrelid::regclass, tgname),
  format('ALTER TABLE %s ENABLE %s TRIGGER %I', tgrelid::regclass, CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END, tgname)
FROM pg_trigger WHERE tgenabled IN ('A', 'R') AND NOT tgisinternal AND tgparentid = 0`;

const withoutObstacles = async (client: ClientBase, body: () => Promise<SeedResult>): Promise<SeedResult> => {
  const { rows } = await client.query<{ aside: string; back: string }>(OBSTACLES);
  for (const { aside } of rows) await client.query(aside);
  const report = await body();
  for (const { back } of rows) await client.query(back);
  return report;
};

const seedAll = async (client: ClientBase, options: SeedOptions): Promise<SeedResult> => {
  const { skip = [] } = options;
  const schema = withDistinct(await readTables(client), options);
  const fromOf = new Map(schema.tables.map(({ oid, from }) => [oid, from]));
  const steps = orderTables(schema.tables);
  const reasons = new Map<string, string>();
  const counts = new Map<number, number>();
  for (const step of steps) {
    const reason = skip.includes(step.table.table)
      ? null
      : await seedTable(client, { step, schema, counts, options });
    if (reason !== null) reasons.set(step.table.table, reason);
    counts.set(step.table.oid, await countRows(client, step.table));
  }
  const seeded = steps.filter(({ table }) => !skip.includes(table.table));
  for (const { table, later } of seeded)
    for (const key of later) await attempt(client, settleKey(table, key, fromOf.get(key.parent)!));
  const removed = await removeDangling(client, seeded, (oid) => fromOf.get(oid) ?? null);
  for (const { table } of seeded) await ensureNulls(client, table, nullFractionsOf(table, options));
  await refreshViews(client);
  return reportOf(client, seeded, { reasons, removed });
};

/** A column without equal values in the target has none here, whether or not a constraint says so. */
const withDistinct = (schema: SeedSchema, { statistics = [] }: SeedOptions): SeedSchema => ({
  ...schema,
  tables: schema.tables.map((table) => {
    const distinct = statistics.find((one) => one.table === table.table)?.distinct ?? [];
    return { ...table, unique: [...new Set([...table.unique, ...distinct])] };
  }),
});

const nullFractionsOf = ({ table }: SeedTable, { statistics }: SeedOptions): Record<string, number> =>
  statistics?.find((one) => one.table === table)?.nullFractions ?? {};

const countRows = async (client: ClientBase, { from }: SeedTable): Promise<number> =>
  (await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`)).rows[0]!.n;

/** Null: there are rows. Otherwise why there are none. */
const seedTable = async (
  client: ClientBase,
  parts: { step: SeedStep; schema: SeedSchema; counts: Map<number, number>; options: SeedOptions },
): Promise<string | null> => {
  const { step, schema, counts, options } = parts;
  const parents = new Map(
    schema.tables.map(({ oid, from }) => [oid, { from, rows: counts.get(oid) ?? 0 }] as const),
  );
  const hints = await tryShapes(client, step.table, schema);
  let made = 0;
  let reason: string | null = null;
  for (let round = 0; round < ROUNDS && made < options.rows; round++) {
    const rows = options.rows - made;
    const nullFractions = nullFractionsOf(step.table, options);
    const insert = insertStatement({ step, schema, rows, round, nullFractions, hints, parents });
    const done = "reason" in insert ? insert : await attempt(client, insert.statement);
    if ("reason" in done) return made > 0 ? null : done.reason;
    made += done.rows;
    if (done.rows === 0) reason = "no row was found that keeps all of its constraints";
  }
  return made > 0 ? null : reason;
};

/** A statement that fails takes nothing else with it. */
const attempt = async (
  client: ClientBase,
  statement: string,
): Promise<{ rows: number } | { reason: string }> => {
  await client.query("SAVEPOINT seed");
  try {
    const { rowCount } = await client.query(statement);
    await client.query("RELEASE SAVEPOINT seed");
    return { rows: rowCount ?? 0 };
  } catch (error) {
    await client.query("ROLLBACK TO SAVEPOINT seed");
    return { reason: (error as Error).message };
  }
};

/** A column that has nulls in the target, however few, has one here. */
const ensureNulls = async (
  client: ClientBase,
  table: SeedTable,
  nullFractions: Record<string, number>,
): Promise<void> => {
  const partsOfKeys = new Set(
    table.foreignKeys.flatMap(({ columns }) => (columns.length > 1 ? columns : [])),
  );
  const wanted = table.columns.filter(
    ({ name, notNull, source }) =>
      !notNull && source === "ours" && nullFractions[name] !== 0 && !partsOfKeys.has(name),
  );
  if (wanted.length === 0) return;
  const { rows } = await client.query<{ counts: number[] }>(
    `SELECT ARRAY[${wanted.map(({ name }) => `count(*) - count(${escapeIdentifier(name)})`).join(", ")}]::int[] AS counts FROM ${table.from}`,
  );
  for (const [at, { name }] of wanted.entries())
    if (rows[0]!.counts[at] === 0)
      await attempt(
        client,
        `UPDATE ${table.from} SET ${escapeIdentifier(name)} = NULL WHERE (tableoid, ctid) = (SELECT tableoid, ctid FROM ${table.from} ORDER BY 1 DESC, 2 DESC LIMIT 1)`,
      );
};

const refreshViews = async (client: ClientBase): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, matviewname) AS name FROM pg_matviews JOIN pg_class c ON c.oid = format('%I.%I', schemaname, matviewname)::regclass WHERE ispopulated ORDER BY c.oid",
  );
  for (const { name } of rows) await attempt(client, `REFRESH MATERIALIZED VIEW ${name}`);
};

const reportOf = async (
  client: ClientBase,
  steps: SeedStep[],
  { reasons, removed }: { reasons: Map<string, string>; removed: Map<string, number> },
): Promise<SeedResult> => {
  const report: SeedResult = { seeded: [], unseeded: [] };
  for (const { table } of [...steps].sort((a, b) => (a.table.table < b.table.table ? -1 : 1))) {
    const rows = await countRows(client, table);
    if (rows > 0) report.seeded.push(table.table);
    else
      report.unseeded.push({
        table: table.table,
        reason:
          reasons.get(table.table) ??
          (removed.has(table.table) ? "its foreign keys could not be made to fit" : "it has no rows"),
      });
  }
  return report;
};
