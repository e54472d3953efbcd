import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock, until } from "../../../test/helpers/system-clock.ts";
import { startThrowaway } from "../throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../throwaway/types.ts";
import { runPlain } from "./command-line.ts";

let server: ThrowawayServer;
beforeAll(async () => {
  server = await startThrowaway({ major: 18, clock: systemClock, signal: new AbortController().signal });
});
afterAll(() => server.stop());

let folder = "";
let database = "";
let databases = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "plain-"));
  database = `plain_${(databases += 1)}`;
  await ask("postgres", `create database ${database}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const ask = async (name: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client(server.url(name));
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
};

const write = (path: string, text: string): void => {
  const file = join(folder, "migrations", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const run = async (...args: string[]) => {
  const printed: string[] = [];
  const told: string[] = [];
  const code = await runPlain(args, {
    env: { DATABASE_URL: server.url(database) },
    cwd: folder,
    print: (line) => void printed.push(line),
    tell: (line) => void told.push(line),
  });
  return { code, printed, told: told.join("\n") };
};

const status = async (): Promise<string[]> => (await run("status")).printed;
const tables = async (): Promise<unknown[]> =>
  (
    (await ask(
      database,
      "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'switchback_migrations' order by 1",
    )) as { relname: string }[]
  ).map(({ relname }) => relname);

const threeTables = (): void => {
  write("0001_a.sql", "-- up\ncreate table a (id int);\n-- down\ndrop table a;\n");
  write("0002_b.up.sql", "create table b (id int);\n");
  write("0002_b.down.sql", "drop table b;\n");
  write("0003_c/migration.sql", "create table c (id int);\n");
  write("0003_c/down.sql", "drop table c;\n");
};

describe("up, down and status", () => {
  test("files with both parts, pairs of files and folders run in the order of their names, and back", async () => {
    threeTables();
    expect(await status()).toEqual([]);
    expect(await run("up", "--to", "2")).toMatchObject({ code: 0, told: "Applied 0001_a\nApplied 0002_b" });
    expect(await run("up")).toMatchObject({ code: 0, told: "Applied 0003_c" });
    expect(await run("up")).toMatchObject({ code: 0, told: "Nothing to do." });
    expect(await status()).toEqual(["0001_a", "0002_b", "0003_c"]);
    expect(await run("down", "--to", "0001_a")).toMatchObject({
      code: 0,
      told: "Undid 0003_c\nUndid 0002_b",
    });
    expect(await tables()).toEqual(["a"]);
    expect(await run("down", "--to", "")).toMatchObject({ code: 0 });
    expect(await tables()).toEqual([]);
  });

  test("a migration that fails leaves nothing of itself, keeps those before it, and says where", async () => {
    write("0001_a.sql", "create table a (id int);");
    write("0002_b.sql", "-- up\ncreate table b (id int);\ninsert into missing values (1);\n");
    const { code, told } = await run("up");
    expect(code).toBe(1);
    expect(told).toContain('0002_b.sql:3: relation "missing" does not exist (SQLSTATE 42P01)');
    expect(await tables()).toEqual(["a"]);
    expect(await status()).toEqual(["0001_a"]);
  });

  test("two at once: the second waits, and finds nothing to do", async () => {
    write("0001_a.sql", "select pg_sleep(0.3); create table a (id int);");
    const both = await Promise.all([run("up"), run("up")]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ told }) => told).sort()).toEqual(["Applied 0001_a", "Nothing to do."]);
  });
});

describe("what is refused runs nothing", () => {
  test("an applied migration that was edited is named; its down may be mended", async () => {
    threeTables();
    await run("up");
    write("0001_a.sql", "-- up\ncreate table a (id int);\n-- down\ndrop table if exists a;\n");
    expect(await run("up")).toMatchObject({ code: 0 });
    write("0001_a.sql", "create table a (id bigint);");
    write("0004_d.sql", "create table d (id int);");
    const { code, told } = await run("up");
    expect(code).toBe(3);
    expect(told).toContain("0001_a.sql was edited after it was applied");
    expect(await tables()).not.toContain("d");
  });

  test("a migration that comes before an applied one", async () => {
    write("0002_b.sql", "create table b (id int);");
    await run("up");
    write("0001_a.sql", "create table a (id int);");
    expect(await run("up")).toMatchObject({ code: 3, told: expect.stringContaining("0001_a comes before") });
  });

  test("a down over a migration without one, before any other is undone", async () => {
    write("0001_a.sql", "create table a (id int);");
    write("0002_b.sql", "-- up\ncreate table b (id int);\n-- down\ndrop table b;\n");
    await run("up");
    expect(await run("down", "--to", "")).toMatchObject({
      code: 3,
      told: expect.stringContaining("0001_a has no way back"),
    });
    expect(await tables()).toEqual(["a", "b"]);
  });

  test.each([
    [["sideways"], "Unknown command: sideways"],
    [["down"], "`down` needs --to"],
    [["up", "--fast"], "Unknown option"],
    [["status", "--to", "1"], "--to is not an option of `status`"],
    [["up", "--folder", "nowhere"], "nowhere holds no migrations"],
  ])("%j is wrong use", async (args, why) => {
    write("0001_a.sql", "select 1;");
    expect(await run(...args)).toMatchObject({ code: 2, told: expect.stringContaining(why) });
  });
});

describe("without a transaction", () => {
  const mark = "-- switchback: no transaction\n";

  test("an index is built concurrently", async () => {
    write("0001_a.sql", "create table a (id int);");
    write(
      "0002_i.sql",
      `${mark}create index concurrently a_id on a (id);\ncreate index concurrently a_2 on a (id);\n`,
    );
    expect(await run("up")).toMatchObject({ code: 0 });
    expect(await status()).toEqual(["0001_a", "0002_i"]);
  });

  test("what fails in the middle is told, and the next run goes on behind what is in", async () => {
    write("0001_a.sql", `${mark}create table a (id int);\ncreate table b (id int);\n`);
    await ask(database, "create table b (id int)");
    const failed = await run("up");
    expect(failed.code).toBe(1);
    expect(failed.told).toContain(
      '0001_a.sql:3: relation "b" already exists (SQLSTATE 42P07) In before it: 1 statement.',
    );
    expect(await run("status")).toMatchObject({
      printed: [],
      told: "0001_a was interrupted: in are 1 statement of it",
    });
    await ask(database, "drop table b");
    expect(await run("up")).toMatchObject({ code: 0, told: "Applied 0001_a" });
    expect(await tables()).toEqual(["a", "b"]);
  });
});

test("the session's lock_timeout holds for tables and not for the wait for a colleague", async () => {
  write("0001_a.sql", "create table a (id int);");
  await run("up");
  write("0002_b.sql", "alter table a add column x int;");
  await ask("postgres", `alter database ${database} set lock_timeout = '100ms'`);
  const holder = new pg.Client(server.url(database));
  await holder.connect();
  await holder.query("begin; lock table a");
  expect(await run("up")).toMatchObject({ code: 1, told: expect.stringContaining("SQLSTATE 55P03") });
  await holder.query("rollback");
  await holder.query("select pg_advisory_lock(hashtextextended('switchback_migrations', 0))");
  const waiting = run("up");
  const waits = "select 1 from pg_locks where locktype = 'advisory' and not granted";
  await until(async () => (await ask("postgres", waits)).length > 0);
  await ask("postgres", "select pg_sleep(0.3)");
  await holder.end();
  expect(await waiting).toMatchObject({ code: 0, told: "Applied 0002_b" });
});
