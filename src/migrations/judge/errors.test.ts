import { beforeAll, expect, test } from "vitest";
import type { ObservedStatement } from "../relay/types.ts";
import { RULES } from "./rules.ts";
import { loadParser } from "./sql/parse-sql.ts";
import { found, judged, migration, observation } from "./testbed.ts";

beforeAll(loadParser);

type Failure = Partial<NonNullable<ObservedStatement["error"]>> & { sqlState: string; message: string };

const failing = (sql: string, error: Failure) =>
  judged(
    migration(sql, {
      observation: observation([{ sql, tag: null, error: { detail: null, hint: null, ...error } }]),
    }),
  );

test("a unique index over duplicates: which column, the query that finds them, the way to write it", () => {
  const judgement = failing("CREATE UNIQUE INDEX CONCURRENTLY rides_code_key ON rides (code)", {
    sqlState: "23505",
    message: 'could not create unique index "rides_code_key"',
    detail: "Key (code)=(secret-1) is duplicated.",
  });
  const [finding] = found(judgement, "unique-with-duplicates");
  expect(finding).toMatchObject({ level: "block", object: "public.rides.code" });
  expect(finding?.what).toBe(
    "rides (code) has the same value more than once, and the unique index could not be built.",
  );
  expect(finding?.instructions).toContain(
    "SELECT code, count(*) FROM rides GROUP BY code HAVING count(*) > 1 ORDER BY count(*) DESC LIMIT 20;",
  );
  expect(JSON.stringify(judgement)).not.toContain("secret-1");
});

test("NOT NULL on a table with nulls: how many there are, the query, and how to get there", () => {
  const [finding] = found(
    failing("ALTER TABLE rides ALTER COLUMN city SET NOT NULL", {
      sqlState: "23502",
      message: 'column "city" of relation "rides" contains null values',
    }),
    "not-null-with-nulls",
  );
  expect(finding?.level).toBe("block");
  expect(finding?.what).toBe(
    "SET NOT NULL failed: rides.city has nulls, about 400,000 of 40,000,000 rows on the target.",
  );
  expect(finding?.instructions).toContain("SELECT count(*) FROM rides WHERE city IS NULL;");
  expect(finding?.instructions).toContain("ALTER TABLE rides VALIDATE CONSTRAINT rides_city_not_null;");
});

test("CONCURRENTLY in a transaction: what PostgreSQL said, and how each tool is told", () => {
  const [finding] = found(
    failing("CREATE INDEX CONCURRENTLY rides_city_idx ON rides (city)", {
      sqlState: "25001",
      message: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
    }),
    "concurrently-in-transaction",
  );
  expect(finding?.level).toBe("block");
  expect(finding?.what).toContain("cannot run inside a transaction block");
  expect(finding?.instead).toContain("pgm.noTransaction()");
});

test("a foreign key with orphans: the query that finds them", () => {
  const [finding] = found(
    failing("ALTER TABLE rides ADD CONSTRAINT d FOREIGN KEY (driver_id) REFERENCES drivers (id)", {
      sqlState: "23503",
      message: 'insert or update on table "rides" violates foreign key constraint "d"',
    }),
    "foreign-key-with-orphans",
  );
  expect(finding?.level).toBe("block");
  expect(finding?.instructions.at(-1)).toBe(
    "SELECT c.* FROM rides c WHERE c.driver_id IS NOT NULL AND NOT EXISTS (SELECT FROM drivers p WHERE p.id = c.driver_id) LIMIT 20;",
  );
});

test("a CHECK that rows break: the rows that break it", () => {
  const [finding] = found(
    failing("ALTER TABLE rides ADD CONSTRAINT paid CHECK (fare > 0)", {
      sqlState: "23514",
      message: 'check constraint "paid" of relation "rides" is violated by some row',
    }),
    "check-with-violations",
  );
  expect(finding?.what).toBe("Rows of rides break paid, and it could not be added.");
  expect(finding?.instructions.at(-1)).toBe("SELECT * FROM rides WHERE NOT (fare > 0) LIMIT 20;");
});

const OTHERS: [rule: string, sqlState: string][] = [
  ["lock-timeout-reached", "55P03"],
  ["statement-timeout-reached", "57014"],
  ["object-missing", "42P01"],
  ["object-missing", "42703"],
  ["object-exists", "42P07"],
  ["object-needed", "2BP01"],
  ["permission-missing", "42501"],
  ["values-do-not-fit", "22P02"],
  ["deadlock", "40P01"],
  ["syntax-error", "42601"],
  ["statement-failed", "XX000"],
];

test.each(OTHERS)("%s is told for %s, once, and blocks", (rule, sqlState) => {
  const { findings, verdict } = failing("ALTER TABLE rides ADD COLUMN tip numeric", {
    ...{ sqlState, message: "what PostgreSQL says" },
  });
  const told = findings.filter(({ what }) => what.includes("what PostgreSQL says"));
  expect(told.map((finding) => finding.rule)).toEqual([rule]);
  expect(verdict).toBe("block");
});

test("every rule about errors is among those that were tried", () => {
  const errors = RULES.filter(({ family }) => family === "errors").map(({ id }) => id);
  expect([...new Set(OTHERS.map(([rule]) => rule))].sort()).toEqual(errors.sort());
});

test("a row that a migration itself writes and that breaks a constraint is told too", () => {
  const error = {
    sqlState: "23505",
    message: 'duplicate key value violates unique constraint "drivers_pkey"',
  };
  const judgement = failing("INSERT INTO drivers VALUES (1)", error);
  expect(judgement.findings.map(({ rule }) => rule)).toEqual(["statement-failed"]);
});

test("what follows from an error is not told again, and what did not run is still read", () => {
  const sql = "ALTER TABLE rides ADD COLUMN a int; ALTER TABLE rides DROP COLUMN note; DROP TABLE drivers;";
  const error = { sqlState: "42501", message: "must be owner of table rides", detail: null, hint: null };
  const seen = observation([
    { sql: "ALTER TABLE rides ADD COLUMN a int", tag: null, error },
    {
      ...{ sql: "ALTER TABLE rides DROP COLUMN note", tag: null },
      error: { ...error, sqlState: "25P02", message: "current transaction is aborted" },
    },
  ]);
  const rules = judged(migration(sql, { observation: seen })).findings.map(({ rule }) => rule);
  expect(rules).toEqual(expect.arrayContaining(["permission-missing", "drop-column", "drop-table"]));
  expect(rules).not.toContain("statement-failed");
});

test("a tool that looks for its own table, and does not find it, has not failed", () => {
  const error = {
    sqlState: "42P01",
    message: 'relation "pgmigrations" does not exist',
    detail: null,
    hint: null,
  };
  const sql = "ALTER TABLE rides ADD COLUMN a int";
  const seen = observation([{ sql: "SELECT name FROM pgmigrations", tag: null, error }, { sql }]);
  expect(judged(migration(sql, { observation: seen })).verdict).toBe("pass");
});
