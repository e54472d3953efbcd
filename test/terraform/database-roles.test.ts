import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTestbed } from "../../src/adapters/local/postgres/testbed.ts";

/** The script of the database module's task, run as the task runs it, by a master user that is no superuser, as on RDS. */
const SCRIPT = readFileSync("terraform/modules/database/modules/roles/roles.sql", "utf8");
const COMMAND = `printf '%s\\n' "$ROLES_SQL" | psql --no-psqlrc --no-password --file=-`;
const PASSWORDS = { app: "a".repeat(24) + "App0", migrate: "m".repeat(24) + "Mig0" };

const bed = makeTestbed();
let port = 0;
let master: { user: string; password: string };
let superuser: string;

const url = (user: string, password: string, database = "shop") =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
const asApp = () => url("shop_app", PASSWORDS.app);
const asMigrate = () => url("shop_migrate", PASSWORDS.migrate);

const query = async (where: string, ...statements: string[]): Promise<unknown[][]> => {
  const client = new Client({ connectionString: where });
  await client.connect();
  try {
    let rows: unknown[][] = [];
    for (const text of statements) ({ rows } = await client.query<unknown[]>({ text, rowMode: "array" }));
    return rows;
  } finally {
    await client.end();
  }
};

interface Wanted {
  app?: string;
  appRole?: string;
}

const environment = ({ app = PASSWORDS.app, appRole = "shop_app" }: Wanted) => ({
  PATH: process.env.PATH,
  PGHOST: "127.0.0.1",
  PGPORT: String(port),
  PGDATABASE: "shop",
  PGSSLMODE: "disable",
  PGUSER: master.user,
  PGPASSWORD: master.password,
  APP_ROLE: appRole,
  MIGRATE_ROLE: "shop_migrate",
  APP_PASSWORD: app,
  MIGRATE_PASSWORD: PASSWORDS.migrate,
  ROLES_SQL: SCRIPT,
});

const runTask = (wanted: Wanted = {}) =>
  spawnSync("sh", ["-ceu", COMMAND], { encoding: "utf8", env: environment(wanted) });

/** Its exit code. */
const startTask = () =>
  new Promise<number | null>((resolve) => {
    spawn("sh", ["-ceu", COMMAND], { stdio: "ignore", env: environment({}) }).on("close", resolve);
  });

beforeAll(async () => {
  if (spawnSync("psql", ["--version"]).status !== 0)
    throw new Error("psql is needed: apt-get install postgresql-client");
  const server = await bed.start("server");
  port = server.port;
  const owner = new URL((await server.ensureDatabase("shop")).url);
  master = { user: decodeURIComponent(owner.username), password: owner.password };
  const stored = JSON.parse(readFileSync(join(bed.folder("server"), "passwords.json"), "utf8")) as {
    superuser: string;
  };
  superuser = url("switchback", stored.superuser);
  await query(
    superuser,
    `ALTER ROLE ${master.user} CREATEROLE CREATEDB`,
    "ALTER SYSTEM SET log_statement = 'all'",
    "ALTER SYSTEM SET log_min_duration_statement = 0",
    "SELECT pg_reload_conf()",
  );
}, 120_000);
afterAll(() => bed.remove());

describe("the task that makes the database's roles", () => {
  test("ends with 0 the first time and again, and says so in one line", () => {
    for (const time of ["first", "again"]) {
      const { status, stdout, stderr } = runTask();
      expect({ time, status, stdout, stderr }).toEqual({
        time,
        status: 0,
        stdout: "roles shop_app and shop_migrate are ready in shop\n",
        stderr: "",
      });
    }
  });

  test("lets migrations make tables, schemas and sequences, and the app use them at once", async () => {
    await query(
      asMigrate(),
      "CREATE TABLE rides (id serial PRIMARY KEY, fare int NOT NULL)",
      "CREATE SCHEMA billing",
      "CREATE TABLE billing.invoices (id bigint GENERATED ALWAYS AS IDENTITY, ride int)",
      "CREATE TYPE mood AS ENUM ('calm')",
      "CREATE FUNCTION doubled(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'",
    );
    const rows = await query(
      asApp(),
      "INSERT INTO rides (fare) VALUES (7), (8)",
      "UPDATE rides SET fare = doubled(fare) WHERE fare = 7",
      "DELETE FROM rides WHERE fare = 8",
      "INSERT INTO billing.invoices (ride) VALUES (1)",
      "SELECT fare, 'calm'::mood::text, (SELECT count(*)::int FROM billing.invoices) FROM rides",
    );
    expect(rows).toEqual([[14, "calm", 1]]);
  });

  test("does not let the app make, change or empty anything else", async () => {
    for (const statement of [
      "CREATE TABLE mine (id int)",
      "CREATE TEMPORARY TABLE mine (id int)",
      "CREATE SCHEMA mine",
      "CREATE TABLE billing.mine (id int)",
      "ALTER TABLE rides ADD COLUMN mine int",
      "DROP TABLE rides",
      "TRUNCATE rides",
      "CREATE ROLE mine",
      "SET ROLE shop_migrate",
      "GRANT shop_migrate TO shop_app",
      "CREATE EXTENSION pgcrypto",
    ])
      await expect(query(asApp(), statement), statement).rejects.toThrow(/permission denied|must be owner/);
  });

  test("shuts out roles that nobody named", async () => {
    await query(superuser, "CREATE ROLE stranger LOGIN PASSWORD 'stranger-password'");
    await expect(query(url("stranger", "stranger-password"), "SELECT 1")).rejects.toThrow(
      /permission denied for database/,
    );
  });

  test("gives the app back what somebody took from it", async () => {
    await query(
      superuser,
      "REVOKE ALL ON rides FROM shop_app",
      "REVOKE USAGE ON SCHEMA billing FROM shop_app",
    );
    await expect(query(asApp(), "SELECT 1 FROM rides")).rejects.toThrow("permission denied");
    expect(runTask().status).toBe(0);
    await query(asApp(), "SELECT 1 FROM rides", "SELECT 1 FROM billing.invoices");
  });

  test("changes passwords while the app is connected", async () => {
    const client = new Client({ connectionString: asApp() });
    await client.connect();
    const next = { app: "n".repeat(24) + "New1" };
    expect(runTask(next).status).toBe(0);
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await client.end();
    await expect(query(asApp(), "SELECT 1")).rejects.toThrow("password authentication failed");
    expect(await query(url("shop_app", next.app), "SELECT 1")).toEqual([[1]]);
    expect(runTask().status).toBe(0);
  });

  test("three at once all end well", async () => {
    expect(await Promise.all([startTask(), startTask(), startTask()])).toEqual([0, 0, 0]);
  });

  test("refuses when the app could still make objects, and changes nothing", async () => {
    await query(superuser, "ALTER ROLE shop_app CREATEDB");
    const { status, stderr } = runTask({ app: "x".repeat(24) });
    expect(status).not.toBe(0);
    expect(stderr).toContain("the role shop_app may do more than use tables");
    await query(superuser, "ALTER ROLE shop_app NOCREATEDB");
    expect(await query(asApp(), "SELECT 1")).toEqual([[1]]);
  });

  test("refuses a short password", () => {
    const { status, stderr } = runTask({ app: "short" });
    expect(status).not.toBe(0);
    expect(stderr).toContain("a password of 16 characters or more");
  });

  test("no password reaches the server's log, though it logs every statement and a failed ALTER ROLE", async () => {
    await query(superuser, "CREATE ROLE foreign_role SUPERUSER LOGIN");
    const failed = runTask({ appRole: "foreign_role" });
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain("role foreign_role: permission denied to alter role");
    const log = readFileSync(join(bed.folder("server"), "postgres.log"), "utf8");
    expect(log).toContain("ALTER DEFAULT PRIVILEGES");
    for (const text of [log, failed.stderr])
      for (const password of Object.values(PASSWORDS)) expect(text).not.toContain(password);
  });
});
