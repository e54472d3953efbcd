import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../../test/helpers/system-clock.ts";
import { readLeftovers, readSchemaMark } from "../../../postgres/migrating/leftovers.ts";
import { endOrphans, takeTurn } from "../../../postgres/migrating/turn.ts";
import { ask, makeTestbed } from "./testbed.ts";
import type { PostgresServer } from "./types.ts";

const testbed = makeTestbed();
let server: PostgresServer;
const limits = { lockTimeoutMs: 1_500, statementTimeoutMs: 0 };
let databases = 0;

beforeAll(async () => {
  server = await testbed.start("migrating");
}, 60_000);
afterAll(() => testbed.remove());

const fresh = async (): Promise<{ name: string; owner: string; login: string; reader: string }> => {
  const name = `m${(databases += 1)}`;
  const { url: owner } = await server.ensureDatabase(name);
  const { url: login } = await server.migrationLogin(name, limits);
  const { url: reader } = await server.readerLogin(name);
  return { name, owner, login, reader };
};

const connected = async (url: string, name = "a test"): Promise<Client> => {
  const client = new Client({ connectionString: url, application_name: name });
  client.on("error", () => {});
  await client.connect();
  return client;
};

describe("the login of migration commands", () => {
  test("begins as the owner with the limits set, and what it makes is the owner's", async () => {
    const { owner, login, name } = await fresh();
    expect(await ask(login, "SHOW lock_timeout")).toEqual(["1500ms"]);
    expect(await ask(login, "SHOW statement_timeout")).toEqual(["0"]);
    expect(await ask(login, "SELECT current_user")).toEqual([`app_${name}`]);
    await ask(login, "CREATE TABLE made (id int); ");
    await ask(owner, "ALTER TABLE made ADD COLUMN more int");
    expect(await ask(owner, "SELECT tableowner FROM pg_tables WHERE tablename = 'made'")).toEqual([
      `app_${name}`,
    ]);
  });

  test("other limits are taken at the next call; a service's own login has none", async () => {
    const { owner, name } = await fresh();
    const { url } = await server.migrationLogin(name, { lockTimeoutMs: 700, statementTimeoutMs: 60_000 });
    expect(await ask(url, "SHOW lock_timeout")).toEqual(["700ms"]);
    expect(await ask(url, "SHOW statement_timeout")).toEqual(["1min"]);
    expect(await ask(owner, "SHOW lock_timeout")).toEqual(["0"]);
  });
});

test("the reader reads every table of the owner and changes nothing", async () => {
  const { owner, reader } = await fresh();
  await ask(owner, "CREATE TABLE hidden AS SELECT 7 AS n");
  expect(await ask(reader, "SELECT n FROM hidden")).toEqual([7]);
  await expect(ask(reader, "DELETE FROM hidden")).rejects.toThrow(/read-only|permission denied/);
  await expect(ask(reader, "CREATE TABLE mine (id int)")).rejects.toThrow(/read-only|permission denied/);
});

describe("the turn", () => {
  const options = (change: { waitMs: number; told?: string[] }) => ({
    clock: systemClock,
    signal: new AbortController().signal,
    waitMs: change.waitMs,
    onWaiting: (text: string) => void change.told?.push(text),
  });

  test("is one session's; another waits, is told who has it, and gives up with that name", async () => {
    const { login } = await fresh();
    const first = await connected(login, "switchback d-0007 of staging");
    const second = await connected(login);
    await takeTurn(first, options({ waitMs: 0 }));
    const told: string[] = [];
    await expect(takeTurn(second, options({ waitMs: 300, told }))).rejects.toMatchObject({
      code: "MIGRATION_BUSY",
      message: expect.stringContaining("switchback d-0007 of staging"),
      hint: expect.stringContaining("pg_terminate_backend"),
    });
    expect(told[0]).toContain("waiting for switchback d-0007 of staging");
    await first.end();
    await takeTurn(second, options({ waitMs: 5_000 }));
    await second.end();
  });

  test("what a killed command left running is ended, and its work with it", async () => {
    const { login, owner } = await fresh();
    await ask(owner, "CREATE TABLE t (id int)");
    const orphan = await connected(login);
    await orphan.query("BEGIN; ALTER TABLE t ADD COLUMN half int");
    const holder = await connected(login);
    await takeTurn(holder, options({ waitMs: 0 }));
    expect(await endOrphans(holder)).toBe(1);
    await holder.query("SELECT count(*) FROM t");
    await holder.end();
    await orphan.end().catch(() => {});
    expect(
      await ask(
        owner,
        "SELECT count(*)::int FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'half'",
      ),
    ).toEqual([0]);
  });
});

describe("what is left", () => {
  const leftIn = async (sql: string) => {
    const { owner } = await fresh();
    const client = await connected(owner);
    await client.query(sql).catch(() => undefined);
    const found = await readLeftovers(client);
    await client.end();
    return found;
  };

  test.each([
    ["nothing", "CREATE TABLE t (id int)", []],
    [
      "Knex's lock",
      "CREATE TABLE knex_migrations_lock (index int, is_locked int); INSERT INTO knex_migrations_lock VALUES (1, 1)",
      [{ kind: "tool-lock", tool: "knex", table: "public.knex_migrations_lock" }],
    ],
    [
      "no lock of Knex when it is free",
      "CREATE TABLE knex_migrations_lock (index int, is_locked int); INSERT INTO knex_migrations_lock VALUES (1, 0)",
      [],
    ],
    [
      "Prisma's failed migration",
      `CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz);
       INSERT INTO _prisma_migrations VALUES ('1_good', now(), now(), null), ('2_half', now(), null, null), ('3_back', now(), null, now())`,
      [{ kind: "failed-migration", tool: "prisma", migration: "2_half" }],
    ],
    [
      "golang-migrate's dirty version",
      "CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (12, true)",
      [{ kind: "failed-migration", tool: "golang-migrate", migration: "12" }],
    ],
    ["no trace in a table of another tool by that name", "CREATE TABLE schema_migrations (version text)", []],
  ])("%s", async (_what, sql, found) => {
    expect(await leftIn(sql)).toEqual(found);
  });

  test("an index whose CREATE INDEX CONCURRENTLY failed", async () => {
    const { owner } = await fresh();
    const client = await connected(owner);
    await client.query("CREATE TABLE t AS SELECT 1 AS id FROM generate_series(1, 2)");
    await expect(client.query("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)")).rejects.toThrow();
    expect(await readLeftovers(client)).toEqual([
      { kind: "invalid-index", index: "public.t_id", table: "t" },
    ]);
    await client.end();
  });
});

test("the schema's mark changes with the schema, and not with rows or what was rolled back", async () => {
  const { owner } = await fresh();
  const client = await connected(owner);
  await client.query("CREATE TABLE t (id int)");
  const before = await readSchemaMark(client);
  await client.query("INSERT INTO t VALUES (1)");
  await client.query("BEGIN; ALTER TABLE t ADD COLUMN gone int; ROLLBACK");
  expect(await readSchemaMark(client)).toBe(before);
  await client.query("ALTER TABLE t ALTER COLUMN id SET NOT NULL");
  expect(await readSchemaMark(client)).not.toBe(before);
  await client.end();
});
