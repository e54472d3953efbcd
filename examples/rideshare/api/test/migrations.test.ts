import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "./person.ts";
import { query, startRig, type Rig } from "./rig.ts";

const all = ["0001_accounts", "0002_drivers", "0003_rides", "0004_ride_events", "0005_receipts"];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const migrate = (databaseUrl: string, ...args: string[]) =>
  rig.run("migrate", args, { DATABASE_URL: databaseUrl });

const applied = async (databaseUrl: string): Promise<string[]> => {
  const { code, stdout } = await migrate(databaseUrl, "status");
  expect(code).toBe(0);
  return stdout.split("\n").filter(Boolean);
};

/** Columns, constraints, indexes, triggers, functions and fixed rows: what the migrations make. */
const schemaOf = async (databaseUrl: string): Promise<string[]> => {
  const rows = await query<{ thing: string }>(
    databaseUrl,
    `select format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as thing
       from information_schema.columns where table_schema = 'public'
     union all select format('constraint %s %s', conname, pg_get_constraintdef(oid)) from pg_constraint
       where connamespace = 'public'::regnamespace
     union all select indexdef from pg_indexes where schemaname = 'public'
     union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
     union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
     order by 1`,
  );
  return rows.map(({ thing }) => thing);
};

describe("migrate", () => {
  test("takes an empty database up, all the way down, and up again to the same schema", async () => {
    const databaseUrl = await rig.newDatabase({ migrated: false });
    expect(await applied(databaseUrl)).toEqual([]);

    expect((await migrate(databaseUrl, "up")).code).toBe(0);
    expect(await applied(databaseUrl)).toEqual(all);
    const up = await schemaOf(databaseUrl);
    expect(up.some((thing) => thing.includes("rides_state_machine"))).toBe(true);

    expect((await migrate(databaseUrl, "down", "--count", "5")).code).toBe(0);
    expect(await applied(databaseUrl)).toEqual([]);
    expect((await schemaOf(databaseUrl)).filter((thing) => !thing.includes("pgmigrations"))).toEqual([]);

    expect((await migrate(databaseUrl, "up")).code).toBe(0);
    expect(await schemaOf(databaseUrl)).toEqual(up);
  });

  test("each migration's down undoes exactly its up", async () => {
    const databaseUrl = await rig.newDatabase();
    const schemas: string[][] = [];
    for (let left = all.length; left > 0; left -= 1) {
      schemas.unshift(await schemaOf(databaseUrl));
      expect((await migrate(databaseUrl, "down", "--count", "1")).code).toBe(0);
    }
    await migrate(databaseUrl, "up");
    for (const [i, name] of [...all.entries()].reverse()) {
      expect((await migrate(databaseUrl, "down", "--to", name)).code).toBe(0);
      expect(await applied(databaseUrl)).toEqual(all.slice(0, i + 1));
      expect(await schemaOf(databaseUrl)).toEqual(schemas[i]);
    }
  });

  test("two at once both succeed, and every migration is applied once", async () => {
    const databaseUrl = await rig.newDatabase({ migrated: false });
    const [one, two] = await Promise.all([migrate(databaseUrl, "up"), migrate(databaseUrl, "up")]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(await applied(databaseUrl)).toEqual(all);
  });

  test("a table that is held too long fails the migration and leaves the schema as it was", async () => {
    const databaseUrl = await rig.newDatabase();
    const before = await schemaOf(databaseUrl);
    const reader = new pg.Client({ connectionString: databaseUrl });
    await reader.connect();
    await reader.query("begin; lock table receipts in access share mode");
    const { code, stderr } = await migrate(databaseUrl, "down", "--count", "1");
    await reader.end();
    expect(code).toBe(1);
    expect(stderr).toContain("lock timeout");
    expect(await applied(databaseUrl)).toEqual(all);
    expect(await schemaOf(databaseUrl)).toEqual(before);
  });

  test.each([
    ["an unknown command", ["sideways"], 2],
    ["no command", [], 2],
    ["a down without a limit", ["down"], 2],
    ["a down with both limits", ["down", "--count", "1", "--to", "0001_accounts"], 2],
    ["a count that is no number", ["down", "--count", "some"], 2],
    ["an unknown option", ["up", "--fast"], 2],
    ["a migration that does not exist", ["down", "--to", "0000_nothing"], 1],
  ])("refuses %s", async (_what, args, code) => {
    const databaseUrl = await rig.newDatabase();
    const result = await migrate(databaseUrl, ...args);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).not.toBe("");
    expect(await applied(databaseUrl)).toEqual(all);
  });

  test("says so when the database is out of reach", async () => {
    const result = await migrate("postgres://nobody@127.0.0.1:1/nothing", "up");
    expect(result).toMatchObject({ code: 1, stdout: "" });
    expect(result.stderr).toContain("ECONNREFUSED");
  });
});

describe("health", () => {
  test("is 503 until every shipped migration is applied, and again after one is undone", async () => {
    const databaseUrl = await rig.newDatabase({ migrated: false });
    const api = await rig.startApi(databaseUrl);
    const health = () => call(api.baseUrl, ["GET", "/api/health"]);

    const before = await health();
    expect(before.status).toBe(503);
    expect(before.body).toMatchObject({ status: "unready", database: "ok", error: { code: "NOT_READY" } });
    expect(before.body.error.message).toContain("0001_accounts");

    await migrate(databaseUrl, "up");
    expect(await health()).toMatchObject({
      status: 200,
      body: { status: "ready", database: "ok", cache: "none" },
    });

    await migrate(databaseUrl, "down", "--count", "1");
    const after = await health();
    expect(after.status).toBe(503);
    expect(after.body.error.message).toBe("Migrations are not applied: 0005_receipts.");
  });

  test("is 503 without a database, and the process still answers", async () => {
    const api = await rig.startApi("postgres://nobody@127.0.0.1:1/nothing");
    expect(await call(api.baseUrl, ["GET", "/api/health"])).toMatchObject({
      status: 503,
      body: { status: "unready", database: "down" },
    });
    const version = await call(api.baseUrl, ["GET", "/api/version"]);
    expect(version).toMatchObject({ status: 200, body: { name: "rideshare-api", version: "0.1.0" } });
    expect(
      await call(api.baseUrl, ["POST", "/api/sessions"], { body: { email: "a@b.se", password: "x" } }),
    ).toMatchObject({
      status: 503,
      body: { error: { code: "UNAVAILABLE" } },
    });
  });
});
