import { describe, expect, test } from "vitest";
import type { Observation } from "../relay/types.ts";
import { attribute } from "./attribute.ts";

type Line = string | { sql: string; transaction?: number; failed?: true };

/** Statements in the order in which they were sent; each line is one. */
const observed = (lines: Line[]): Observation => {
  const statements = lines.map((line, index) => {
    const { sql, transaction = 0, failed } = typeof line === "string" ? { sql: line } : line;
    const error =
      failed === undefined ? null : { sqlState: "42P01", message: "no", detail: null, hint: null };
    return {
      ...{
        index,
        connection: 0,
        transaction,
        kind: "explicit" as const,
        sql,
        tag: null,
        startedMs: 0,
        durationMs: 1,
      },
      ...{ locks: [], rewrites: [], scans: [], writes: {}, error },
    };
  });
  const numbers = [...new Set(statements.map(({ transaction }) => transaction))];
  return {
    statements,
    transactions: numbers.map((transaction) => ({ transaction, outcome: "committed", held: {} })),
  };
};

const told = (
  lines: Line[],
  {
    ledger,
    names = ["a", "b"],
    texts = {},
  }: { ledger: string; names?: string[]; texts?: Record<string, string> },
) => {
  const observation = observed(lines);
  const bookkeeping = [ledger, `${ledger}_lock`];
  const result = attribute({ observation, names, ledgers: [ledger], bookkeeping, texts });
  return Object.fromEntries(
    Object.entries(result).map(([name, { statements }]) => [name, statements.map(({ sql }) => sql)]),
  );
};

describe("a write into the tool's table ends a migration", () => {
  test("all of them in one transaction, with a lock of the tool before", () => {
    const lines = [
      'update "knex_migrations_lock" set is_locked = 1',
      'select "name" from "knex_migrations"',
      "BEGIN",
      "create table x (id int)",
      "create index on x (id)",
      'insert into "knex_migrations" ("name") values ($1)',
      "alter table x add y int",
      'insert into "knex_migrations" ("name") values ($1)',
      "COMMIT",
    ];
    expect(told(lines, { ledger: "public.knex_migrations" })).toEqual({
      a: ["BEGIN", "create table x (id int)", "create index on x (id)"],
      b: ["alter table x add y int", "COMMIT"],
    });
  });

  test("one row that is changed each time, and a migration that does nothing", () => {
    const lines = [
      "UPDATE alembic_version SET version_num='a' WHERE alembic_version.version_num = 'z'",
      "create table x (id int)",
      "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'",
    ];
    expect(told(lines, { ledger: "public.alembic_version" })).toEqual({
      a: [],
      b: ["create table x (id int)"],
    });
  });

  test("a tool that writes before and after each", () => {
    const write = "INSERT INTO _prisma_migrations VALUES ($1)";
    const done = "UPDATE _prisma_migrations SET finished_at = now()";
    const lines = [write, "create table x (id int)", done, write, "drop table y", done];
    expect(told(lines, { ledger: "public._prisma_migrations" })).toEqual({
      a: ["create table x (id int)"],
      b: ["drop table y"],
    });
  });

  test("a table whose name begins with the tool's is the app's", () => {
    const lines = [
      "insert into pgmigrations_notes values (1)",
      "insert into pgmigrations values (1)",
      "insert into pgmigrations values (2)",
    ];
    expect(told(lines, { ledger: "public.pgmigrations" })).toEqual({
      a: ["insert into pgmigrations_notes values (1)"],
      b: [],
    });
  });
});

test("what failed belongs to the migration after the last one that is in", () => {
  const lines: Line[] = [
    "create table x (id int)",
    "insert into s.ledger values (1)",
    { sql: "alter table y add z int", failed: true },
    "ROLLBACK",
  ];
  expect(told(lines, { ledger: "s.ledger", names: ["a", "b", "c"] })).toEqual({
    a: ["create table x (id int)"],
    b: ["alter table y add z int", "ROLLBACK"],
    c: [],
  });
});

test("without a table of the tool, statements go where their text is", () => {
  const lines = ["create table x (id int)", "create  table y\n(id int)", "analyze y"];
  const texts = { a: "CREATE TABLE x (id int);", b: "create table y (id int);" };
  expect(told(lines, { ledger: "public.unknown", texts })).toEqual({
    a: ["create table x (id int)"],
    b: ["create  table y\n(id int)", "analyze y"],
  });
});

test("the transactions that are told are those of the migration's own statements", () => {
  const observation = observed([
    { sql: "create table x (id int)", transaction: 1 },
    { sql: "insert into ledger values (1)", transaction: 1 },
    { sql: "create table y (id int)", transaction: 2 },
    { sql: "insert into ledger values (2)", transaction: 2 },
  ]);
  const ledgers = ["public.ledger"];
  const result = attribute({ observation, names: ["a", "b"], ledgers, bookkeeping: ledgers, texts: {} });
  expect(result["b"]?.transactions.map(({ transaction }) => transaction)).toEqual([2]);
});
