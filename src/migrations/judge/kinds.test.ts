import { beforeAll, expect, test } from "vitest";
import { loadParser } from "./sql/parse-sql.ts";
import { judged, migration } from "./testbed.ts";

beforeAll(loadParser);

const kindOf = (sql: string) => judged(migration(sql)).kinds[0];

test.each([
  ["DROP TABLE drivers", "drops the table drivers"],
  ["ALTER TABLE rides DROP COLUMN note", "drops rides.note"],
  ["DROP SCHEMA archive", "drops the schema archive"],
  ["DROP TYPE ride_status", "drops the type ride_status"],
  ["DROP VIEW open_rides", "drops the view open_rides"],
  ["ALTER TABLE rides RENAME TO trips", "renames rides to trips"],
  ["ALTER TABLE rides RENAME fare TO price", "renames rides.fare to price"],
  ["ALTER SCHEMA billing RENAME TO payments", "renames billing to payments"],
  ["ALTER TYPE ride_status RENAME VALUE 'open' TO 'new'", "renames ride_status.open to new"],
  ["ALTER TABLE rides SET SCHEMA archive", "moves rides to the schema archive"],
  ["ALTER TABLE rides ADD COLUMN x int NOT NULL", "adds rides.x, NOT NULL without a default"],
  ["ALTER TABLE rides ALTER city SET NOT NULL", "forbids nulls in rides.city"],
  ["ALTER TABLE rides ALTER seats TYPE bigint", "changes the type of rides.seats to bigint"],
  ["CREATE UNIQUE INDEX u ON rides (code)", "makes rides (code) unique"],
  ["ALTER TABLE rides ALTER fare DROP DEFAULT", "drops the default of rides.fare"],
])("%s is a contract migration: %s", (sql, because) => {
  expect(kindOf(sql)).toEqual({ migration: "0001_test", kind: "contract", because });
});

test.each([
  "ALTER TABLE rides ADD COLUMN tip numeric",
  "ALTER TABLE rides ADD COLUMN tip numeric NOT NULL DEFAULT 0",
  "ALTER TABLE rides ALTER city TYPE varchar(80)",
  "CREATE INDEX CONCURRENTLY i ON rides (city)",
  "ALTER TABLE rides ALTER city SET DEFAULT 'Oslo'",
  "CREATE TABLE tips (id int); DROP TABLE tips",
  "BEGIN; ALTER TABLE rides RENAME TO trips; CREATE VIEW rides AS SELECT * FROM trips; COMMIT",
])("%s is none", (sql) => {
  expect(kindOf(sql)).toMatchObject({ kind: "expand", because: null });
});

test("a mark in the file says so, and what it breaks is then no reason to stop: it is held back", () => {
  const text = "-- switchback: contract\nALTER TABLE rides RENAME COLUMN fare TO price;";
  const { kinds, findings, verdict } = judged(migration(text));
  expect(kinds[0]).toMatchObject({
    kind: "contract",
    because: "marked in its file; renames rides.fare to price",
  });
  expect(findings.map(({ level }) => level)).toEqual(["info"]);
  expect(verdict).toBe("pass");
});

test("a NOT NULL column whose default is dropped afterwards breaks inserts as well", () => {
  const text =
    "ALTER TABLE rides ADD COLUMN x int NOT NULL DEFAULT 0; ALTER TABLE rides ALTER COLUMN x DROP DEFAULT;";
  const { findings, verdict } = judged(migration(text));
  expect(findings.map(({ rule }) => rule)).toContain("drop-default");
  expect(verdict).toBe("block");
});
