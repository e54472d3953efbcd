import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { context, makeLocalProject, type LocalProject } from "../../../../test/helpers/local-project.ts";
import { systemClock, until } from "../../../../test/helpers/system-clock.ts";
import type { ReleaseMigrations } from "../../../domain/release.ts";
import type { RevisionSpec } from "../../../domain/revision.ts";
import { migrate } from "../../../engine/steps/migrate.ts";
import type { Platform } from "../../../ports/platform.ts";
import { makeStartPostgres } from "../postgres/start-postgres.ts";

const limits = { lockTimeoutMs: 400, statementTimeoutMs: 60_000 };
let project: LocalProject;
let platform: Platform;
let spec: RevisionSpec;
/** As the app's services log in. */
let owner: string;

/** What a driver is asked in its own words; its answers are lines on stdout. */
const SQL = ["SHOW lock_timeout", "SHOW statement_timeout"];
const modules = join(process.cwd(), "node_modules");
const pgProgram = (body: string): string => `
  const pg = require(${JSON.stringify(join(modules, "pg"))});
  (async () => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    ${body}
    await client.end();
  })().catch((error) => { console.error(error.message); process.exit(1); });`;
const FILES = {
  "ask-pg.cjs": pgProgram(
    `for (const sql of ${JSON.stringify(SQL)}) console.log(Object.values((await client.query(sql)).rows[0])[0]);`,
  ),
  "ask-postgres.mjs": `
    import postgres from ${JSON.stringify(join(modules, "postgres/src/index.js"))};
    const sql = postgres(process.env.DATABASE_URL);
    for (const text of ${JSON.stringify(SQL)}) console.log(Object.values((await sql.unsafe(text))[0])[0]);
    await sql.end();`,
  // The statement waits for a lock that this test holds.
  "alter.cjs": pgProgram(`await client.query("ALTER TABLE t ADD COLUMN IF NOT EXISTS more int");
    await client.query("CREATE TABLE IF NOT EXISTS applied (name text)");
    await client.query("INSERT INTO applied VALUES ('0001')");`),
  "half.cjs": pgProgram(`await client.query("CREATE TABLE half (id int)");
    await client.query("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)");`),
  "sleep.cjs": pgProgram(`await client.query("SELECT pg_sleep(60)");`),
  "status.cjs": pgProgram(`
    const { rows } = await client.query("SELECT to_regclass('applied') IS NOT NULL AS there");
    if (rows[0].there) for (const { name } of (await client.query("SELECT name FROM applied")).rows) console.log(name);`),
};

beforeAll(async () => {
  project = makeLocalProject({ startPostgres: makeStartPostgres({ clock: systemClock }) });
  await project.start();
  platform = project.platform();
  const tree = await project.storeTree(FILES);
  spec = (await project.revision({ tree })).spec;
  await platform.ensureBacking(
    { database: { engine: "postgresql", version: 18 }, cache: false, buckets: [] },
    context(),
  );
  owner = (await platform.runCommand('echo "$DATABASE_URL" | base64 -w0', spec, context())).stdout;
  owner = Buffer.from(owner, "base64").toString().trim();
  const client = await connected();
  await client.query("CREATE TABLE t AS SELECT 1 AS id FROM generate_series(1, 2)");
  await client.end();
}, 120_000);
afterAll(() => project.remove());

const connected = async (connectionString = owner): Promise<Client> => {
  const client = new Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  return client;
};
const run = (command: string, change: Partial<RevisionSpec> = {}) =>
  platform.runMigration({ command, limits }, { ...spec, ...change }, context());

describe("a migration command's sessions have the limits, whatever its driver", () => {
  test.each([
    ["pg", "node ask-pg.cjs"],
    ["postgres.js", "node ask-postgres.mjs"],
    // What libpq's own program gets, psycopg and every binding to it get as well.
    ["libpq", SQL.map((sql) => `psql -tAc '${sql}' "$DATABASE_URL"`).join(" && ")],
  ])("%s", async (_driver, command) => {
    expect(await run(command)).toMatchObject({ exitCode: 0, stdout: "400ms\n1min\n" });
  });

  test("one whose address is its own setting gets them by PGOPTIONS", async () => {
    const result = await run("node ask-pg.cjs", { env: { DATABASE_URL: owner } });
    expect(result).toMatchObject({ exitCode: 0, stdout: "400ms\n1min\n" });
  });

  test("an ordinary command has none, and the login's password is masked", async () => {
    expect((await platform.runCommand("node ask-pg.cjs", spec, context())).stdout).toBe("0\n0\n");
    const told = await run('echo "$DATABASE_URL"');
    expect(told.stdout).toMatch(/^postgres:\/\/mig_[a-z_]+:\*\*\*@127\.0\.0\.1/);
  });
});

test("a lock that does not come is told as such, with nothing half done; its log has a name", async () => {
  const other = await connected();
  await other.query("BEGIN; LOCK TABLE t");
  const result = await run("node alter.cjs");
  await other.end();
  expect(result).toMatchObject({ exitCode: 1, lockTimeout: true, changedSchema: false, leftovers: [] });
  expect(result.log).toMatch(/^development\.api\.migrate\.d-0001\./);
});

test("the step tries again once the lock is free, and says how often it had to", async () => {
  const other = await connected();
  await other.query("BEGIN; LOCK TABLE t");
  const progress: string[] = [];
  const onProgress = (text: string) => {
    progress.push(text);
    if (text.startsWith("no lock")) void other.end();
  };
  const migrations: ReleaseMigrations = {
    ...{ service: "api", folder: "m", names: ["0001"] },
    ...{ up: "node alter.cjs", down: null, status: "node status.cjs" },
  };
  const names = migrations.names;
  const back = { how: "stay" as const, because: null };
  const action = {
    kind: "migrate" as const,
    migrations,
    spec,
    run: { names, limits: { ...limits, retries: 3 }, back, held: [] },
  };
  const outputs = await migrate.run(
    action,
    { platform, clock: systemClock, artefacts: null as never },
    context({ onProgress }),
  );
  expect(outputs).toMatchObject({ applied: ["0001"], tries: 2 });
  expect(progress.some((text) => text.startsWith("no lock within 400 ms: again in 1 s (try 2 of 4)"))).toBe(
    true,
  );
});

test("what failed half-way is told: the schema has changed, and the index that is invalid", async () => {
  const result = await run("node half.cjs");
  expect(result).toMatchObject({ exitCode: 1, lockTimeout: false, changedSchema: true });
  expect(result.leftovers).toEqual([{ kind: "invalid-index", index: "public.t_id", table: "t" }]);
});

test("a command that was told to stop leaves a session, which the next one ends before it begins", async () => {
  const stop = new AbortController();
  const sleeping = platform.runMigration(
    { command: "node sleep.cjs", limits },
    spec,
    context({ signal: stop.signal }),
  );
  sleeping.catch(() => undefined);
  const reader = await platform.databaseReader({ signal: stop.signal });
  const other = await connected(reader!);
  const asleep = async () =>
    (await other.query("SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")).rowCount;
  await until(async () => (await asleep()) === 1);
  stop.abort(new Error("stop"));
  await expect(sleeping).rejects.toThrow();
  expect((await run("node ask-pg.cjs")).exitCode).toBe(0);
  expect(await asleep()).toBe(0);
  await other.end();
});

test("rows are counted in the live database; what is not there has none", async () => {
  const questions = [
    { table: "public.t", column: null },
    { table: "t", column: "more" },
    { table: "public.gone", column: null },
    { table: "public.t", column: "gone" },
  ];
  const { signal } = new AbortController();
  expect(await platform.countRows(questions, { signal })).toEqual([2, 0, 0, 0]);
  const reader = await platform.databaseReader({ signal });
  expect(reader).toMatch(/^postgres:\/\/see_/);
});
