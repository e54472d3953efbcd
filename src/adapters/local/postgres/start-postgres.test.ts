import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, makeTestbed } from "./testbed.ts";
import type { PostgresServer } from "./types.ts";

const LINUX = process.platform === "linux";
const ROOT = process.getuid?.() === 0;
const bed = makeTestbed();
let server: PostgresServer;

beforeAll(async () => {
  server = await bed.start("shared");
});
afterAll(() => bed.remove());

const passwordOf = (url: string): string => new URL(url).password;

test("the server is the version it says, on the loopback address, with full durability", async () => {
  const { url } = await server.ensureDatabase("facts");
  expect(await ask(url, "SHOW server_version")).toEqual([server.version]);
  expect(await ask(url, "SHOW listen_addresses")).toEqual(["127.0.0.1"]);
  expect(await ask(url, "SHOW fsync")).toEqual(["on"]);
  expect(await ask(url, "SHOW synchronous_commit")).toEqual(["on"]);
  expect(await ask(url, "SELECT upper('åß')")).toEqual([expect.stringMatching(/^Å/)]);
});

test("two connections see each other's committed rows", async () => {
  const { url } = await server.ensureDatabase("two");
  const one = new Client({ connectionString: url });
  const other = new Client({ connectionString: url });
  await Promise.all([one.connect(), other.connect()]);
  await one.query("CREATE TABLE t (n int)");
  await one.query("INSERT INTO t VALUES (1)");
  expect((await other.query("SELECT n FROM t")).rows).toEqual([{ n: 1 }]);
  await Promise.all([one.end(), other.end()]);
});

test.each(["plain", `we"ird 'name' ü %`, "public", "pg_mine", "UPPER-case"])(
  "a database is made once, however often and at once it is asked for: %s",
  async (name) => {
    const urls = await Promise.all([1, 2, 3].map(() => server.ensureDatabase(name)));
    const url = urls[0]?.url ?? "";
    await ask(url, "CREATE TABLE kept (n int)");
    const again = await server.ensureDatabase(name);
    expect(new Set([...urls, again].map((one) => one.url)).size).toBe(1);
    expect(await ask(url, "SELECT current_database()")).toEqual([name]);
    expect(await ask(url, "SELECT count(*)::int FROM kept")).toEqual([0]);
  },
);

test("a role owns its own database and cannot enter another", async () => {
  const mine = new URL((await server.ensureDatabase("mine")).url);
  const yours = new URL((await server.ensureDatabase("yours")).url);
  await ask(mine.href, "CREATE SCHEMA extra");
  yours.pathname = mine.pathname;
  await expect(ask(yours.href, "SELECT 1")).rejects.toThrow(/permission denied/);
  yours.username = mine.username;
  await expect(ask(yours.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
});

test.each(["", "postgres", "template1", "a\0b", "a/b", "x".repeat(60)])(
  "%j cannot be a database's name",
  async (name) => {
    await expect(server.ensureDatabase(name)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  },
);

test.runIf(LINUX)("no password is in a command line, an environment or the log", async () => {
  const { url } = await server.ensureDatabase("hidden");
  const stored = readFileSync(join(bed.folder("shared"), "passwords.json"), "utf8");
  const { superuser } = JSON.parse(stored) as { superuser: string };
  const secrets = [superuser, passwordOf(url)];
  expect(secrets.every((secret) => secret.length >= 32)).toBe(true);
  const texts = [readFileSync(join(bed.folder("shared"), "postgres.log"), "latin1")];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid))
    for (const file of ["cmdline", "environ"])
      try {
        texts.push(readFileSync(`/proc/${pid}/${file}`, "latin1"));
      } catch {
        // ended meanwhile
      }
  for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});

test("passwords are the owner's alone to read, and so are the data", () => {
  expect(statSync(join(bed.folder("shared"), "passwords.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(bed.folder("shared"), "data")).mode & 0o777).toBe(0o700);
  expect(existsSync(join(bed.folder("shared"), "data.password"))).toBe(false);
});

describe("a stop and a start", () => {
  test("keep port, URL and data; a port that was taken meanwhile is replaced", async () => {
    const first = await bed.start("again");
    const { url } = await first.ensureDatabase("app");
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS n");
    await Promise.all([first.stop(), first.stop()]);
    await expect(ask(url, "SELECT 1")).rejects.toThrow();

    const second = await bed.start("again", { port: first.port });
    expect(await second.ensureDatabase("app")).toEqual({ url });
    expect(await ask(url, "SELECT n FROM kept")).toEqual([7]);
    await second.stop();

    const stranger = createServer().listen(first.port, "127.0.0.1");
    const third = await bed.start("again", { port: first.port });
    expect(third.port).not.toBe(first.port);
    expect(await ask((await third.ensureDatabase("app")).url, "SELECT n FROM kept")).toEqual([7]);
    await third.stop();
    stranger.close();
  });

  test("a stop does not count as a death", async () => {
    const one = await bed.start("again");
    let died = false;
    void one.died.then(() => (died = true));
    await one.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(died).toBe(false);
  });

  test("a start that is called off leaves no server behind", async () => {
    const calledOff = AbortSignal.abort(new Error("called off"));
    await expect(bed.start("again", { signal: calledOff })).rejects.toThrow();
    expect(existsSync(join(bed.folder("again"), "data", "postmaster.pid"))).toBe(false);
  });
});

test.runIf(ROOT)(
  "below a folder of root's alone the data are where the server's user can reach them",
  async () => {
    const closed = bed.folder("closed");
    mkdirSync(closed, { mode: 0o700 });
    const one = await bed.start("closed/deep");
    const place = readFileSync(join(closed, "deep", "data-is-elsewhere.txt"), "utf8").trim();
    try {
      const { url } = await one.ensureDatabase("app");
      await ask(url, "CREATE TABLE kept AS SELECT 8 AS n");
      expect(existsSync(join(place, "PG_VERSION"))).toBe(true);
      expect(existsSync(join(closed, "deep", "data"))).toBe(false);
      await one.stop();
      const two = await bed.start("closed/deep", { port: one.port });
      expect(await ask(url, "SELECT n FROM kept")).toEqual([8]);
      await two.stop();
    } finally {
      await one.stop();
      rmSync(join(place, ".."), { recursive: true });
    }
  },
);
