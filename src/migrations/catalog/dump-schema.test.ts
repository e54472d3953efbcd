import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareCatalogs } from "./compare-catalogs.ts";
import { dumpSchema } from "./dump-schema.ts";
import { fingerprintData } from "./fingerprint-data.ts";
import { readCatalog } from "./read-catalog.ts";
import { restoreSchema } from "./restore-schema.ts";
import { RICH_SCHEMA } from "./rich-schema.test-rig.ts";
import { openTestbed } from "./testbed.ts";

const FULL = readFileSync(join(import.meta.dirname, "testdata", "full.sql"), "utf8");

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let bed: Awaited<ReturnType<typeof openTestbed>>;
  beforeAll(async () => {
    bed = await openTestbed(major);
  });
  afterAll(() => bed.close());

  test("one of every kind comes out as it was, with the rows of the tool's table and the sequences' positions", async () => {
    const target = await bed.database("target", RICH_SCHEMA);
    const script = await dumpSchema(target, { bookkeeping: ["public.pgmigrations", "public.absent"] });
    const copy = await bed.database("copy");
    await restoreSchema(copy, JSON.parse(JSON.stringify(script)) as typeof script);
    expect(compareCatalogs(await readCatalog(target), await readCatalog(copy))).toEqual([]);
    const rows = async (client: typeof copy) => (await fingerprintData(client))["public.pgmigrations"];
    expect(await rows(copy)).toEqual(await rows(target));
    expect((await copy.query("SELECT nextval('public.ticket')::int AS n")).rows).toEqual([{ n: 115 }]);
    expect((await copy.query("SELECT nextval('public.pgmigrations_id_seq')::int AS n")).rows).toEqual([
      { n: 3 },
    ]);
  });

  test("the same of every object that has a statement of its own, names in quotes, and what depends on what comes later", async () => {
    const target = await bed.database("every_kind", FULL);
    const script = await dumpSchema(target, { bookkeeping: ["billing.bookkeeping"] });
    expect(script.bookkeeping.map(({ rows }) => rows.length)).toEqual([2]);
    const copy = await bed.database("every_kind_copy");
    await restoreSchema(copy, JSON.parse(JSON.stringify(script)) as typeof script);
    expect(compareCatalogs(await readCatalog(target), await readCatalog(copy))).toEqual([]);
    expect((await fingerprintData(copy))["billing.bookkeeping"]).toEqual(
      (await fingerprintData(target))["billing.bookkeeping"],
    );
    const again = await dumpSchema(copy, { bookkeeping: ["billing.bookkeeping"] });
    expect({ ...again, statistics: [] }).toEqual({ ...script, statistics: [] });
  });

  test("a dump changes nothing and can be made by a role that may only read", async () => {
    const target = await bed.database(
      "readonly",
      "CREATE TABLE rides (id int); CREATE ROLE looker LOGIN PASSWORD 'x'",
    );
    const { Client } = await import("pg");
    const looker = new Client({
      connectionString: bed.server.url("readonly", { user: "looker", password: "x" }),
    });
    await looker.connect();
    try {
      const script = await dumpSchema(looker);
      expect(compareCatalogs(script.catalog, await readCatalog(target))).toEqual([]);
      expect((await looker.query("SHOW transaction_read_only")).rows).toEqual([
        { transaction_read_only: "off" },
      ]);
    } finally {
      await looker.end();
    }
  });

  test("an extension that is not there is named, and nothing passes", async () => {
    const target = await bed.database("extended");
    const script = await dumpSchema(target);
    const asked = { ...script, extensions: [{ name: "postgis", version: "3", schema: "public" }] };
    await expect(restoreSchema(await bed.database("without_it"), asked)).rejects.toMatchObject({
      code: "REHEARSAL_IMPOSSIBLE",
      message: expect.stringContaining("postgis"),
    });
  });

  test("what comes out differently is named, and nothing passes", async () => {
    const target = await bed.database("honest", "CREATE TABLE a (x int); CREATE TABLE b (x int)");
    const script = await dumpSchema(target);
    const cut = {
      ...script,
      statements: script.statements.filter((line) => !line.includes("TABLE public.b")),
    };
    await expect(restoreSchema(await bed.database("cut"), cut)).rejects.toMatchObject({
      code: "REHEARSAL_IMPOSSIBLE",
    });
    const broken = { ...script, statements: [...script.statements, "CREATE TABLE a.b.c.d ()"] };
    await expect(restoreSchema(await bed.database("broken"), broken)).rejects.toMatchObject({
      code: "REHEARSAL_IMPOSSIBLE",
      context: { lines: ["CREATE TABLE a.b.c.d ()"] },
    });
  });

  test("the rideshare example's schema is dumped and restored", async () => {
    const folder = join(import.meta.dirname, "../../../examples/rideshare/api/migrations");
    const up = readdirSync(folder)
      .sort()
      .map((file) => readFileSync(join(folder, file), "utf8").split(/^-- Down Migration/im)[0]!);
    const target = await bed.database("rideshare", up.join("\n"));
    const script = await dumpSchema(target);
    await restoreSchema(await bed.database("rideshare_copy"), script);
    expect(
      Object.keys(script.catalog).filter((object) => object.startsWith("table:")).length,
    ).toBeGreaterThan(4);
  });
});
