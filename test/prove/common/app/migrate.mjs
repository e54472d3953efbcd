// up | down NAME | status | seed | dump: the migrations of the proof's app, each in a transaction with its bookkeeping row.
import { readFileSync, readdirSync } from "node:fs";
import pg from "pg";

const [verb, to = ""] = process.argv.slice(2);
const folder = new URL("migrations/", import.meta.url);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query("select pg_advisory_lock(4711)");
await client.query("create table if not exists applied (name text primary key)");
const applied = async () =>
  (await client.query("select name from applied order by 1")).rows.map((row) => row.name);
const inTransaction = async (sql, bookkeeping, name) => {
  await client.query("begin");
  await client.query(sql);
  await client.query(bookkeeping, [name]);
  await client.query("commit");
};

/** Everything of the schema, and for each table its rows as one number that does not depend on their order. */
const dump = async () => {
  const { rows: columns } = await client.query(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema = 'public' order by 1, 2`,
  );
  const rows = {};
  for (const table of new Set(columns.map(({ table_name }) => table_name))) {
    const { rows: found } = await client.query(
      `select count(*)::text as count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as hash from ${table} t`,
    );
    rows[table] = found[0];
  }
  return { applied: await applied(), columns, rows };
};

try {
  const done = await applied();
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -4))
    .sort();
  if (verb === "up")
    for (const name of names.filter((one) => !done.includes(one)))
      await inTransaction(
        readFileSync(new URL(`${name}.sql`, folder), "utf8"),
        "insert into applied values ($1)",
        name,
      );
  if (verb === "down")
    for (const name of done.filter((one) => one > to).reverse())
      await inTransaction(`drop table ${name.slice(5)}`, "delete from applied where name = $1", name);
  if (verb === "status") console.log(done.join("\n"));
  if (verb === "seed")
    await client.query("insert into notes select 'seed ' || n, md5(n::text) from generate_series(1, 200) n");
  if (verb === "dump") console.log(JSON.stringify(await dump()));
} catch (error) {
  console.error(`migration failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
