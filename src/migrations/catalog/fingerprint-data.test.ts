import { afterAll, beforeAll, expect, test } from "vitest";
import { compareData } from "./compare-data.ts";
import { fingerprintData } from "./fingerprint-data.ts";
import { readStatistics } from "./statistics.ts";
import { openTestbed } from "./testbed.ts";

let bed: Awaited<ReturnType<typeof openTestbed>>;
beforeAll(async () => {
  bed = await openTestbed(18);
});
afterAll(() => bed.close());

const MAKE = `CREATE TABLE rides AS
  SELECT n AS id, n * 1.5 AS fare, CASE WHEN n % 3 = 0 THEN NULL ELSE 'note ' || n END AS note, n::float8 / 7 AS ratio,
    jsonb_build_object('n', n) AS doc, decode(lpad(to_hex(n), 8, '0'), 'hex') AS raw FROM generate_series(1, 100) n;
  CREATE TABLE empty (a int)`;

test("the order of rows and of columns makes no difference", async () => {
  const client = await bed.database("ordered", MAKE);
  const was = await fingerprintData(client);
  await client.query(
    "CREATE TABLE other AS SELECT raw, note, doc, ratio, fare, id FROM rides ORDER BY random()",
  );
  await client.query("DROP TABLE rides; ALTER TABLE other RENAME TO rides");
  expect(compareData(was, await fingerprintData(client))).toEqual([]);
});

test.each([
  [
    "ALTER TABLE rides DROP COLUMN note; ALTER TABLE rides ADD COLUMN note text",
    [{ table: "public.rides", column: "note", what: "values-changed" }],
  ],
  ["ALTER TABLE rides DROP COLUMN note", [{ table: "public.rides", column: "note", what: "column-gone" }]],
  [
    "UPDATE rides SET fare = fare + 0.01 WHERE id = 50",
    [{ table: "public.rides", column: "fare", what: "values-changed" }],
  ],
  [
    "UPDATE rides SET note = NULL WHERE id = 50",
    [{ table: "public.rides", column: "note", what: "values-changed" }],
  ],
  ["DELETE FROM rides WHERE id = 1", [{ table: "public.rides", column: null, what: "rows-changed" }]],
  ["TRUNCATE rides", [{ table: "public.rides", column: null, what: "rows-changed" }]],
  ["DROP TABLE rides", [{ table: "public.rides", column: null, what: "table-gone" }]],
  [
    "UPDATE rides a SET note = b.note FROM rides b WHERE (a.id, b.id) IN ((1, 2), (2, 4))",
    [{ table: "public.rides", column: "note", what: "values-changed" }],
  ],
])("%s is told as a loss", async (statement, loss) => {
  const client = await bed.database(`loss_${Math.abs(hash(statement))}`, MAKE);
  const was = await fingerprintData(client);
  await client.query(statement);
  expect(compareData(was, await fingerprintData(client))).toEqual(loss);
});

const hash = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

test("what came in addition, and what was empty, is no loss", async () => {
  const client = await bed.database("added", MAKE);
  const was = await fingerprintData(client);
  await client.query(
    "ALTER TABLE rides ADD COLUMN extra int DEFAULT 1; CREATE TABLE more (a int); DROP TABLE empty",
  );
  expect(compareData(was, await fingerprintData(client))).toEqual([]);
});

test("a table that changes by design can be left out", async () => {
  const client = await bed.database("without", MAKE);
  expect(Object.keys(await fingerprintData(client, { without: ["public.rides"] }))).toEqual(["public.empty"]);
});

test("statistics tell rows, sizes and shares of nulls after an analysis, and sizes before", async () => {
  const client = await bed.database("sized", `${MAKE}; CREATE INDEX ON rides (id)`);
  const before = (await readStatistics(client)).find(({ table }) => table === "public.rides")!;
  expect(before.bytes).toBeGreaterThan(0);
  await client.query("ANALYZE");
  const after = (await readStatistics(client)).find(({ table }) => table === "public.rides")!;
  expect(after).toMatchObject({ rows: 100, nullFractions: { note: 0.33, id: 0 } });
  expect(after.indexBytes).toBeGreaterThan(0);
});
