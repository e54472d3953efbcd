// Drizzle keeps no names: its journal has the time by which it knows a migration.
import { readFileSync } from "node:fs";
import pg from "pg";

const { entries } = JSON.parse(readFileSync("drizzle/meta/_journal.json", "utf8"));
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
const { rows } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as found");
if (rows[0].found !== null) {
  const applied = await client.query("select created_at from drizzle.__drizzle_migrations order by id");
  for (const row of applied.rows)
    console.log(entries.find(({ when }) => when === Number(row.created_at))?.tag ?? row.created_at);
}
await client.end();
