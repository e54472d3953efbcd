import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprintData } from "./fingerprint-data.ts";
import { RICH_SCHEMA } from "./rich-schema.test-rig.ts";
import { seedRows } from "./seed-rows.ts";
import { openTestbed } from "./testbed.ts";

const FOLDER = join(import.meta.dirname, "../../../examples/rideshare/api/migrations");
const RIDESHARE = readdirSync(FOLDER)
  .sort()
  .map((file) => readFileSync(join(FOLDER, file), "utf8").split(/^-- Down Migration/im)[0]!)
  .join("\n");

/** Conditions and foreign keys that a row breaks: validated anew, as nothing was checked while rows came in bulk. */
const broken = async (client: Client): Promise<string[]> => {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE contype IN ('c', 'f') AND conrelid <> 0 AND conparentid = 0 AND coninhcount = 0
       AND connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
  );
  const found: string[] = [];
  for (const { table, name, definition } of rows) {
    await client.query("BEGIN");
    await client
      .query(
        `ALTER TABLE ${table} DROP CONSTRAINT ${name}; ALTER TABLE ${table} ADD ${definition.replace(" NOT VALID", "")}`,
      )
      .catch((error: Error) => found.push(`${table} ${name}: ${error.message}`));
    await client.query("ROLLBACK");
  }
  return found;
};

const value = async (client: Client, query: string): Promise<unknown> =>
  Object.values((await client.query<Record<string, unknown>>(query)).rows[0]!)[0];

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let bed: Awaited<ReturnType<typeof openTestbed>>;
  let ride: Client;
  beforeAll(async () => {
    bed = await openTestbed(major);
    ride = await bed.database("ride", RIDESHARE);
  });
  afterAll(() => bed.close());

  test("every table of rideshare has rows, all of its constraints hold, and no trigger ran", async () => {
    const { seeded, unseeded } = await seedRows(ride, { rows: 100, skip: [] });
    expect(unseeded).toEqual([]);
    expect(seeded).toHaveLength(8);
    for (const table of seeded)
      expect([table, await value(ride, `SELECT count(*) > 50 FROM ${table}`)]).toEqual([table, true]);
    expect(await broken(ride)).toEqual([]);
    expect(await value(ride, "SELECT count(DISTINCT status) > 3 FROM rides")).toBe(true);
    expect(await value(ride, "SHOW session_replication_role")).toBe("origin");
  });

  test.each([
    "ALTER TABLE rides ALTER COLUMN pickup_label SET NOT NULL",
    "ALTER TABLE drivers ALTER COLUMN lat SET NOT NULL",
    "CREATE UNIQUE INDEX ON rides (pickup_label)",
    "CREATE UNIQUE INDEX ON accounts (name)",
    "CREATE UNIQUE INDEX ON rides (rider_id, requested_at)",
    "ALTER TABLE rides ADD CHECK (fare_cents IS NOT NULL)",
    "ALTER TABLE rides ADD FOREIGN KEY (currency) REFERENCES accounts (email)",
  ])("%s fails, as it would on real rows", async (statement) => {
    await expect(ride.query(statement)).rejects.toThrow(
      /null values|not create unique|violated|violates|cannot be implemented/,
    );
  });

  test("the rows are the same in every run", async () => {
    const again = await bed.database("again", RIDESHARE);
    await seedRows(again, { rows: 100, skip: [] });
    expect(await fingerprintData(again)).toEqual(await fingerprintData(ride));
  });

  test("one of every kind: partitions, ranges, domains, constraints that are checked later", async () => {
    const rich = await bed.database("rich", RICH_SCHEMA);
    const { seeded, unseeded } = await seedRows(rich, { rows: 40, skip: ["public.pgmigrations"] });
    expect(unseeded).toEqual([]);
    expect(seeded).not.toContain("public.pgmigrations");
    expect(await value(rich, "SELECT count(*)::int FROM pgmigrations")).toBe(2);
    expect(await value(rich, "SELECT count(DISTINCT tableoid)::int FROM billing.entries")).toBe(2);
    expect(await value(rich, "SELECT n > 0 FROM counts")).toBe(true);
    expect(
      await value(rich, "SELECT indimmediate FROM pg_index WHERE indexrelid = 'people_email_key'::regclass"),
    ).toBe(false);
    expect(await value(rich, "SELECT count(*) = count(DISTINCT email) FROM people")).toBe(true);
    expect((await broken(rich)).filter((one) => !one.includes("positive"))).toEqual([]);
  });

  test("tables that refer to each other and to themselves", async () => {
    const circle = await bed.database(
      "circle",
      `CREATE TABLE a (id int PRIMARY KEY, up int REFERENCES a, b int NOT NULL);
       CREATE TABLE b (id serial PRIMARY KEY, a int REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
       CREATE TABLE c (tenant int NOT NULL, id serial, up int, PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, up) REFERENCES c MATCH FULL)`,
    );
    expect((await seedRows(circle, { rows: 20, skip: [] })).unseeded).toEqual([]);
    expect(await broken(circle)).toEqual([]);
    expect(await value(circle, "SELECT count(*) > 0 FROM b WHERE a IS NOT NULL")).toBe(true);
    expect(await value(circle, "SELECT count(*) > 0 FROM a WHERE up IS NOT NULL")).toBe(true);
  });

  test("shares of nulls are those of the target: none, a few, all", async () => {
    const nulls = await bed.database("nulls", "CREATE TABLE t (none text, few text, every_one text)");
    const statistics = [
      {
        ...{ table: "public.t", rows: 1e6, bytes: 1e8, indexBytes: 0, distinct: [] },
        nullFractions: { none: 0, few: 0.00001, every_one: 1 },
      },
    ];
    await seedRows(nulls, { rows: 30, skip: [], statistics });
    const { rows } = await nulls.query(
      "SELECT count(*)::int AS rows, count(none)::int AS none, count(few) BETWEEN 15 AND 29 AS few, count(every_one)::int AS every_one FROM t",
    );
    expect(rows).toEqual([{ rows: 30, none: 30, few: true, every_one: 0 }]);
  });

  test("conditions on texts, and those of domains, are met by trying", async () => {
    const shaped = await bed.database(
      "shaped",
      `CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@]+@[^@]+$');
       CREATE TABLE t (mail mail NOT NULL, country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'), code text NOT NULL UNIQUE CHECK (length(code) = 9),
         colour text CHECK (colour LIKE '#%'), stars int NOT NULL CHECK (stars BETWEEN 1 AND 5), low numeric(3, 2) CHECK (low > 0 AND low < 1))`,
    );
    expect((await seedRows(shaped, { rows: 30, skip: [] })).unseeded).toEqual([]);
    expect(await broken(shaped)).toEqual([]);
  });

  test("the target's own statistics decide about nulls and equal values where they are known", async () => {
    const client = await bed.database("known", "CREATE TABLE people (email text, nick text, city text)");
    const statistics = [
      {
        table: "public.people",
        rows: 9,
        bytes: 9,
        indexBytes: 0,
        nullFractions: { email: 0, nick: 0.5 },
        distinct: ["email"],
      },
    ];
    await seedRows(client, { rows: 100, statistics });
    const nulls = await value(client, "SELECT count(*)::int FROM people WHERE nick IS NULL");
    expect(nulls).toBeGreaterThan(30);
    expect(nulls).toBeLessThan(70);
    await client.query(
      "ALTER TABLE people ALTER COLUMN email SET NOT NULL; CREATE UNIQUE INDEX ON people (email)",
    );
  });

  test.each([
    ["listed", "status text NOT NULL CHECK (status IN ('asked', 'done'))"],
    ["bounded", "stars int NOT NULL CHECK (stars BETWEEN 3 AND 5)"],
    ["letters", "code text NOT NULL CHECK (code ~ '^[a-z]+$')"],
    ["capitals", "code char(3) NOT NULL CHECK (code ~ '^[A-Z ]+$')"],
    ["short", "code varchar(3) NOT NULL UNIQUE"],
  ])("a CHECK is kept: %s", async (name, column) => {
    const client = await bed.database(`check_${name}`, `CREATE TABLE t (id serial, ${column})`);
    expect(await seedRows(client, { rows: 20 })).toEqual({ seeded: ["public.t"], unseeded: [] });
    expect(await value(client, "SELECT count(*) > 1 FROM t")).toBe(true);
  });

  test("a table without rows is told with the reason, and those that need it, too", async () => {
    const none = await bed.database(
      "none",
      `CREATE TABLE never (id int PRIMARY KEY, CHECK (id < 0 AND id > 0)); CREATE TABLE child (never int NOT NULL REFERENCES never);
       CREATE TABLE other (id int)`,
    );
    const { seeded, unseeded } = await seedRows(none, { rows: 10, skip: [] });
    expect(seeded).toEqual(["public.other"]);
    expect(unseeded).toEqual([
      { table: "public.child", reason: "the table that child_never_fkey refers to has no rows" },
      { table: "public.never", reason: "no row was found that keeps all of its constraints" },
    ]);
  });
});
