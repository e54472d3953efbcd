import { beforeAll, expect, test } from "vitest";
import { loadParser } from "./load-parser.ts";
import { wayOf } from "./simple-query.ts";
import { splitStatements, type Parser, type SplitStatement } from "./statements.ts";
import { blockOf } from "./steps.ts";

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});
const split = (sql: string): SplitStatement[] | null => splitStatements(Buffer.from(sql), parser);
const parts = (sql: string): string[] =>
  (split(sql) ?? []).map(({ start, end }) => Buffer.from(sql).subarray(start, end).toString());
const way = (sql: string, status: "I" | "T" | "E" = "I"): string => wayOf(split(sql), status).way;

test("a text is cut where PostgreSQL cuts it, whatever stands in strings and beyond ASCII", () => {
  expect(parts("SELECT 'ä;ö'; ;\n SELECT $é$;$é$ -- ;\n; DO $$ BEGIN; END $$")).toEqual([
    "SELECT 'ä;ö'",
    "SELECT $é$;$é$ -- ;\n",
    "DO $$ BEGIN; END $$",
  ]);
});

test("a text without statements, that is wrong, or too long for a tree, goes as it came", () => {
  for (const sql of [
    "",
    " -- nothing",
    "SELEC 1",
    `SELECT '${"x".repeat(4_000_000)}'`,
    `SELECT ${"1+".repeat(20_000)}1`,
  ])
    expect(split(sql)).toBeNull();
  expect(split("SELECT 1")).toHaveLength(1);
});

test.each([
  ["ALTER TABLE t ADD c int", "ordinary", false],
  ["BEGIN", "begin", false],
  ["START TRANSACTION READ ONLY", "begin", false],
  ["COMMIT", "end", false],
  ["ROLLBACK TO s", "savepoint", false],
  ["SET search_path = a", "control", false],
  ["CREATE INDEX ON t (a)", "ordinary", false],
  ["CREATE INDEX CONCURRENTLY ON t (a)", "own", true],
  ["DROP INDEX CONCURRENTLY i", "own", true],
  ["REINDEX TABLE t", "ordinary", true],
  ["REINDEX (CONCURRENTLY) TABLE t", "own", true],
  ["REINDEX SCHEMA s", "own", true],
  ["VACUUM t", "own", true],
  ["VACUUM (SKIP_LOCKED) t", "own", false],
  ["ANALYZE t", "ordinary", true],
  ["ALTER TABLE p DETACH PARTITION q", "ordinary", false],
  ["ALTER TABLE p DETACH PARTITION q CONCURRENTLY", "own", true],
  ["CREATE DATABASE d", "own", false],
  ["DISCARD ALL", "own", false],
  ["DO $$ BEGIN COMMIT; END $$", "ordinary", true],
  ["DO $$ BEGIN NULL; END $$", "ordinary", false],
  ["CALL p()", "ordinary", true],
  ["FETCH 1 FROM c", "plain", false],
  ["SELECT $1", "plain", false],
  ["PREPARE p AS SELECT $1", "ordinary", false],
])("%s is %s", (sql, is, gate) => {
  expect(split(sql)).toMatchObject([{ class: is, gate }]);
});

test("a text goes step by step unless it would behave otherwise", () => {
  expect(way("ALTER TABLE t ADD c int")).toBe("steps");
  expect(way("ALTER TABLE t ADD c int", "E")).toBe("whole");
  expect(way("BEGIN")).toBe("whole");
  expect(way("SET LOCAL x.y = 1; ALTER TABLE t ADD c int")).toBe("steps");
  expect(way("VACUUM t")).toBe("steps");
  expect(way("SELECT 1; VACUUM t")).toBe("whole");
  expect(way("SELECT 1; FETCH 1 FROM c")).toBe("whole");
  expect(way("BEGIN; LOCK TABLE t; COMMIT")).toBe("steps");
  expect(way("LOCK TABLE t; BEGIN; COMMIT")).toBe("whole");
  expect(way("LOCK TABLE t; COMMIT", "T")).toBe("steps");
});

test("several statements are one block, which the relay opens when the text has none of its own", () => {
  const block = (sql: string, status: "I" | "T" = "I"): string => blockOf(split(sql) ?? [], status);
  expect(block("SELECT 1")).toBe("none");
  expect(block("SELECT 1; SELECT 2")).toBe("opened");
  expect(block("SELECT 1; SELECT 2", "T")).toBe("none");
  expect(block("BEGIN; SELECT 2; COMMIT")).toBe("of-its-own");
});
