import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareCatalogs } from "./compare-catalogs.ts";
import { readCatalog } from "./read-catalog.ts";
import { RICH_SCHEMA } from "./rich-schema.test-rig.ts";
import { openTestbed } from "./testbed.ts";

/** Each makes one difference, which the comparison has to name. */
const CHANGES: [string, string][] = [
  ["ALTER TABLE public.people ADD COLUMN extra int", "column:public.people.extra"],
  ["ALTER TABLE public.people ALTER COLUMN email DROP NOT NULL", "column:public.people.email"],
  ["ALTER TABLE public.people ALTER COLUMN mood SET DEFAULT 'glad'", "column:public.people.mood"],
  ['ALTER TABLE public.people ALTER COLUMN "Full Name" TYPE text', "column:public.people.Full Name"],
  ["ALTER TABLE public.people SET (fillfactor = 90)", "table:public.people"],
  ["ALTER TABLE public.people DISABLE ROW LEVEL SECURITY", "table:public.people"],
  ["ALTER TABLE public.legacy VALIDATE CONSTRAINT positive", "constraint:public.legacy.positive"],
  ["ALTER TABLE billing.entries DETACH PARTITION billing.entries_2025", "table:billing.entries_2025"],
  ["DROP INDEX public.people_tags", "index:public.people_tags"],
  ["ALTER TYPE public.mood ADD VALUE 'sad' BEFORE 'glad'", "type:public.mood"],
  ["ALTER DOMAIN billing.cents DROP DEFAULT", "type:billing.cents"],
  ["ALTER SEQUENCE public.ticket INCREMENT 6", "sequence:public.ticket"],
  ["CREATE OR REPLACE VIEW public.happy AS SELECT 1::bigint AS id, 2::numeric AS total", "view:public.happy"],
  [
    "CREATE OR REPLACE FUNCTION public.later() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'",
    "function:public.later()",
  ],
  ["ALTER TABLE public.people ENABLE TRIGGER sleeping", "trigger:public.people.sleeping"],
  ["ALTER POLICY own ON public.people USING (true)", "policy:public.people.own"],
  ["REVOKE UPDATE (email) ON public.people FROM rich_reader", "grants on column:public.people.email"],
  ["COMMENT ON TABLE public.people IS 'others'", "comment on table:public.people"],
  ["ALTER PUBLICATION rich_publication ADD TABLE public.animals", "publication:rich_publication"],
  ["DROP RULE no_delete ON public.scratch", "rule:public.scratch.no_delete"],
  ["ALTER SCHEMA billing OWNER TO rich_reader", "owner of schema:billing"],
];

describe.each([18, 15])("PostgreSQL %i", (major) => {
  let bed: Awaited<ReturnType<typeof openTestbed>>;
  let client: Client;
  beforeAll(async () => {
    bed = await openTestbed(major);
    client = await bed.database("rich", RICH_SCHEMA);
  });
  afterAll(() => bed.close());

  test("the search path of the session is as it was, and what it says makes no difference", async () => {
    const was = await readCatalog(client);
    await client.query("SET search_path = billing, public");
    expect(compareCatalogs(was, await readCatalog(client))).toEqual([]);
    expect((await client.query<{ search_path: string }>("SHOW search_path")).rows[0]!.search_path).toBe(
      "billing, public",
    );
    await client.query("RESET search_path");
  });

  test("objects of an extension are its own: the extension is told, not its functions", async () => {
    const catalog = await readCatalog(client);
    expect(catalog["extension:pgcrypto"]).toMatch(/ in public$/);
    expect(Object.keys(catalog).filter((object) => /crypt\(/.test(object))).toEqual([]);
  });

  test.each(CHANGES)("%s is one difference: %s", async (statement, object) => {
    const was = await readCatalog(client);
    await client.query("BEGIN");
    await client.query(statement);
    const differences = compareCatalogs(was, await readCatalog(client)).map((one) => one.object);
    await client.query("ROLLBACK");
    expect(differences).toContain(object);
    expect(compareCatalogs(was, await readCatalog(client))).toEqual([]);
  });

  test("of what is there on one side only, nothing else is told than that", async () => {
    const was = await readCatalog(client);
    await client.query(
      "BEGIN; CREATE TYPE public.fresh AS ENUM ('a'); GRANT USAGE ON TYPE public.fresh TO rich_reader",
    );
    const found = compareCatalogs(was, await readCatalog(client));
    await client.query("ROLLBACK");
    expect(found).toEqual([{ object: "type:public.fresh", was: null, is: "enum ('a')" }]);
  });

  test("the order of columns and the numbers of objects are no difference", async () => {
    const one = await bed.database("one", "CREATE TABLE t (a int, b text)");
    const two = await bed.database(
      "two",
      "CREATE TABLE x (); DROP TABLE x; CREATE TABLE t (gone int, b text, a int); ALTER TABLE t DROP COLUMN gone",
    );
    expect(compareCatalogs(await readCatalog(one), await readCatalog(two))).toEqual([]);
  });
});
