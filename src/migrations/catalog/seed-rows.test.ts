import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fingerprintData } from "./fingerprint-data.ts";
import { RICH_SCHEMA } from "./rich-schema.test-rig.ts";
import { seedRows } from "./seed-rows.ts";
import { openTestbed } from "./testbed.ts";

const numbers = async (client: Client, query: string): Promise<number[]> =>
  (await client.query<{ n: number }>(query)).rows.map(({ n }) => n);

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let bed: Awaited<ReturnType<typeof openTestbed>>;
  beforeAll(async () => {
    bed = await openTestbed(major);
  });
  afterAll(() => bed.close());

  test("rideshare's tables are all filled, and every key and check of theirs holds", async () => {
    const folder = join(import.meta.dirname, "../../../examples/rideshare/api/migrations");
    const up = readdirSync(folder)
      .sort()
      .map((file) => readFileSync(join(folder, file), "utf8").split(/^-- Down Migration/im)[0]!);
    const client = await bed.database("rideshare", up.join("\n"));
    const { seeded, unseeded } = await seedRows(client, { rows: 50 });
    expect(unseeded).toEqual([]);
    expect(seeded.length).toBeGreaterThan(4);
    const keys = await client.query<{ statement: string }>(
      `SELECT format('ALTER TABLE %s ADD CONSTRAINT again_%s %s', conrelid::regclass, oid, pg_get_constraintdef(oid)) AS statement
       FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid <> 0`,
    );
    for (const { statement } of keys.rows) await client.query(statement);
  });

  test("the same schema gets the same rows, and what is to be left out is", async () => {
    const script = "CREATE TABLE a (id int PRIMARY KEY, x text); CREATE TABLE tool (name text)";
    const one = await bed.database("one", script);
    const two = await bed.database("two", script);
    for (const client of [one, two]) await seedRows(client, { rows: 20, skip: ["public.tool"] });
    expect(await fingerprintData(one)).toEqual(await fingerprintData(two));
    expect(await numbers(one, "SELECT count(*)::int AS n FROM tool")).toEqual([0]);
  });

  test("SET NOT NULL and UNIQUE fail on them as they would on real rows", async () => {
    const client = await bed.database(
      "fails",
      "CREATE TABLE people (id serial PRIMARY KEY, email text, city text NOT NULL)",
    );
    await seedRows(client, { rows: 100 });
    await expect(client.query("ALTER TABLE people ALTER COLUMN email SET NOT NULL")).rejects.toMatchObject({
      code: "23502",
    });
    await expect(client.query("CREATE UNIQUE INDEX ON people (city)")).rejects.toMatchObject({
      code: "23505",
    });
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
    const [nulls] = await numbers(client, "SELECT count(*)::int AS n FROM people WHERE nick IS NULL");
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
    expect((await numbers(client, "SELECT count(*)::int AS n FROM t"))[0]).toBeGreaterThan(1);
  });

  test("every kind of table is filled, or it is said why not", async () => {
    const client = await bed.database("rich", RICH_SCHEMA);
    const { seeded, unseeded } = await seedRows(client, { rows: 30, skip: ["public.pgmigrations"] });
    expect(seeded).toEqual(
      expect.arrayContaining(["public.people", "public.legacy", "billing.entries", "public.cats"]),
    );
    for (const { reason } of unseeded) expect(reason).not.toBe("");
  });

  test("what nobody can fill is told with the reason", async () => {
    const client = await bed.database("never", "CREATE TABLE t (id int NOT NULL CHECK (false))");
    expect(await seedRows(client, { rows: 5 })).toEqual({
      seeded: [],
      unseeded: [{ table: "public.t", reason: expect.stringContaining("keeps all of its constraints") }],
    });
  });
});
