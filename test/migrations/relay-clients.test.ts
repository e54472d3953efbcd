import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startRelay } from "../../src/migrations/relay/start-relay.ts";
import type { ObservedStatement, Relay, RelayMode } from "../../src/migrations/relay/types.ts";
import { startThrowaway } from "../../src/migrations/throwaway/start-throwaway.ts";
import type { ThrowawayServer } from "../../src/migrations/throwaway/types.ts";
import { systemClock, until } from "../helpers/system-clock.ts";

const stop = new AbortController();
let server: ThrowawayServer;
let root: string;
const relays = new Map<RelayMode, Relay>();

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "relay-clients-"));
  server = await startThrowaway({ major: 18, clock: systemClock, signal: stop.signal });
  for (const mode of ["locks", "errors"] as const)
    relays.set(mode, await startRelay({ server, mode, signal: stop.signal, clock: systemClock }));
});
afterAll(async () => {
  for (const relay of relays.values()) await relay.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const straight = async (sql: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

const run = (program: string, args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const options = {
      env: { PATH: process.env["PATH"] ?? "", PGCONNECT_TIMEOUT: "10", ...env },
      timeout: 50_000,
    };
    execFile(program, args, options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
  });

describe.each(["locks", "errors"] as const)("in mode %s", (mode) => {
  let relay: Relay;
  let url: string;
  beforeAll(async () => {
    relay = relays.get(mode) as Relay;
    url = relay.url(server.url("postgres"));
  });
  afterEach(async () => {
    await straight("DROP SCHEMA public CASCADE");
    await straight("CREATE SCHEMA public");
    relay.reset();
  });
  const statements = (): ObservedStatement[] => relay.observed().statements;
  const psql = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
    run("psql", ["-X", "-v", "ON_ERROR_STOP=1", "-d", url, ...args], env);

  test("pg: simple, with parameters, named, with a cursor's row limit, and many at once", async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("CREATE TABLE t (id int PRIMARY KEY, v text)");
    for (let id = 0; id < 5; id++)
      await client.query({ name: "put", text: "INSERT INTO t VALUES ($1, $2)", values: [id, `v${id}`] });
    const { rows } = await client.query("SELECT v FROM t WHERE id >= $1 ORDER BY id", [3]);
    expect(rows).toEqual([{ v: "v3" }, { v: "v4" }]);
    const limited = await client.query({ text: "SELECT id FROM t ORDER BY id", rows: 2 } as { text: string });
    expect(limited.rows).toHaveLength(5);
    await expect(client.query("SELECT nix FROM t WHERE id = $1", [1])).rejects.toMatchObject({
      code: "42703",
      position: "8",
    });
    expect(
      await Promise.all(
        [1, 2, 3].map(async (n) => (await client.query("SELECT $1::int AS n", [n])).rows[0] as unknown),
      ),
    ).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await client.end();
    expect(statements().map(({ sql, tag, error }) => `${sql}: ${tag ?? error?.sqlState}`)).toEqual([
      "CREATE TABLE t (id int PRIMARY KEY, v text): CREATE TABLE",
      ...Array.from({ length: 5 }, () => "INSERT INTO t VALUES ($1, $2): INSERT 0 1"),
      "SELECT v FROM t WHERE id >= $1 ORDER BY id: SELECT 2",
      expect.stringMatching(/^SELECT id FROM t ORDER BY id: SELECT/),
      "SELECT nix FROM t WHERE id = $1: 42703",
      ...Array.from({ length: 3 }, () => "SELECT $1::int AS n: SELECT 1"),
    ]);
  });

  test("postgres.js: pipelines, transactions, COPY and notifications", async () => {
    const sql = postgres(url, { max: 3, onnotice: () => {}, prepare: true });
    await sql`CREATE TABLE t (id int PRIMARY KEY, v text)`;
    await sql.begin(async (tx) => {
      await Promise.all(Array.from({ length: 20 }, (_, id) => tx`INSERT INTO t ${tx({ id, v: "ä" })}`));
      await tx`ALTER TABLE t ADD COLUMN w int`;
    });
    const copy = await sql`COPY t (id, v) FROM STDIN`.writable();
    await new Promise<void>((resolve, reject) => {
      copy.on("error", reject).on("finish", resolve);
      for (let id = 100; id < 20_100; id++) copy.write(`${id}\trow\n`);
      copy.end();
    });
    expect(await sql`SELECT count(*)::int AS n FROM t`).toEqual([{ n: 20_020 }]);
    const heard: string[] = [];
    const { unlisten } = await sql.listen("news", (text) => heard.push(text));
    await straight("NOTIFY news, 'while idle'");
    await until(() => heard.length === 1);
    await unlisten();
    await expect(sql`SELECT * FROM missing`).rejects.toMatchObject({ code: "42P01" });
    await sql.end();
    expect(heard).toEqual(["while idle"]);
    expect(
      statements()
        .filter(({ error }) => error !== null)
        .map(({ sql: text }) => text),
    ).toEqual(["SELECT * FROM missing"]);
    if (mode === "locks")
      expect(statements().find(({ sql: text }) => text.startsWith("ALTER"))?.locks).toEqual([
        { table: "public.t", index: null, mode: "AccessExclusiveLock" },
      ]);
  });

  test("psql: scripts, several statements in one text, \\copy both ways, a failed script, TLS", async () => {
    const script = join(root, `${mode}.sql`);
    const rows = join(root, `${mode}.rows`);
    writeFileSync(rows, Array.from({ length: 1000 }, (_, n) => `${n}\tname ${n}\n`).join(""));
    writeFileSync(
      script,
      `CREATE TABLE t (id int, v text);\n\\copy t from '${rows}'\nALTER TABLE t ADD PRIMARY KEY (id);\nSELECT count(*) FROM t;\n`,
    );
    expect(await psql(["-At", "-f", script], { PGSSLMODE: "require" })).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringContaining("1000\n") as string,
    });
    expect(await psql(["-At", "-c", "\\conninfo"], { PGSSLMODE: "require" })).toMatchObject({
      out: expect.stringMatching(/TLS|SSL/) as string,
    });
    expect(
      (await psql(["-At", "-c", "\\copy t to stdout"], { PGSSLMODE: "disable" })).out.split("\n"),
    ).toHaveLength(1001);
    expect(
      await psql(["-At", "-c", "INSERT INTO t VALUES (-1, 'x'); INSERT INTO t VALUES (-1, 'y'); SELECT 1"]),
    ).toMatchObject({ code: 1, err: expect.stringContaining("duplicate key") as string });
    expect(await straight("SELECT count(*)::int AS n FROM t WHERE id < 0")).toEqual([{ n: 0 }]);
    expect(await psql(["-c", "SELECT 'ä', nix"])).toMatchObject({
      err: "ERROR:  column \"nix\" does not exist\nLINE 1: SELECT 'ä', nix\n                    ^\n",
    });
    const listen = await psql(["-At", "-c", "LISTEN news", "-c", "NOTIFY news, 'mine'", "-c", "SELECT 1"]);
    expect(listen.out).toContain('Asynchronous notification "news" with payload "mine" received');
  });

  test("a statement is cancelled by the client, and by its time limit", async () => {
    const child = spawn("psql", ["-X", "-d", url, "-c", "SELECT pg_sleep(600)"], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env["PATH"] },
    });
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const ended = new Promise((resolve) => child.once("close", resolve));
    await until(
      async () =>
        (
          await straight(
            "SELECT 1 FROM pg_stat_activity WHERE query ~ 'sleep.600' AND state = 'active' AND pid <> pg_backend_pid()",
          )
        ).length > 0,
    );
    child.kill("SIGINT");
    await ended;
    expect(err).toContain("canceling statement due to user request");
    expect(statements().at(-1)?.error?.sqlState).toBe("57014");
    expect((await psql(["-c", "SET statement_timeout = 50; SELECT pg_sleep(600)"])).err).toContain(
      "statement timeout",
    );
  });

  test("psycopg2: transactions, server-side cursors, COPY, TLS by demand", async () => {
    const python = `
import io, os, psycopg2
c = psycopg2.connect(os.environ["URL"], sslmode="require")
k = c.cursor()
k.execute("CREATE TABLE t (id int PRIMARY KEY, v text)")
k.copy_expert("COPY t FROM STDIN", io.StringIO("".join("%d\\tv\\n" % n for n in range(5000))))
c.commit()
k.execute("ALTER TABLE t ADD COLUMN w int DEFAULT 1; UPDATE t SET v = %s WHERE id < 10", ("ä",))
print(k.rowcount)
s = c.cursor("named"); s.itersize = 700
s.execute("SELECT id FROM t"); print(sum(1 for _ in s)); s.close()
c.commit()
try: k.execute("INSERT INTO t VALUES (1)")
except psycopg2.errors.UniqueViolation as e: print(e.pgcode)
c.rollback()
c.autocommit = True
k.execute("CREATE INDEX CONCURRENTLY ON t (v)")
print(c.notices)
`;
    const ran = await run("/usr/bin/python3", ["-c", python], { URL: url });
    expect(ran).toEqual({ code: 0, err: "", out: "10\n5000\n23505\n[]\n" });
    if (mode === "locks") {
      expect(statements().find(({ sql }) => sql.startsWith("UPDATE"))?.writes).toEqual({
        "public.t": { inserted: 0, updated: 10, deleted: 0 },
      });
      expect(statements().find(({ sql }) => sql.startsWith("COPY"))?.writes).toEqual({});
      expect(statements().at(-1)).toMatchObject({
        kind: "own",
        locks: [{ table: "public.t", mode: "ShareUpdateExclusiveLock" }],
      });
    }
  });
});
