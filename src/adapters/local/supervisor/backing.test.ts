import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock as clock, until } from "../../../../test/helpers/system-clock.ts";
import type { StartPostgres } from "../postgres/types.ts";
import { makeStartRedis } from "../redis/start-redis.ts";
import { databaseName, makeBacking } from "./backing.ts";

let stateDir: string;
let messages: string[];
let asked: { port: number | null; databases: string[] }[];
let end: () => void;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "switchback-backing-"));
  messages = [];
  asked = [];
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

/** A server that only its words tell from a real one: it takes the port that it had, or 5501. */
const startPostgres: StartPostgres = async ({ port }) => {
  const databases: string[] = [];
  asked.push({ port, databases });
  return {
    port: port ?? 5501,
    version: "18.4",
    ensureDatabase: async (name) => {
      databases.push(name);
      return { url: `postgresql://u:p@127.0.0.1:${port ?? 5501}/${name}` };
    },
    migrationLogin: async (name) => ({ url: `postgresql://m:p@127.0.0.1:${port ?? 5501}/${name}` }),
    readerLogin: async (name) => ({ url: `postgresql://r:p@127.0.0.1:${port ?? 5501}/${name}` }),
    died: new Promise((resolve) => (end = () => resolve({ lines: ["PANIC: out of luck"] }))),
    stop: async () => undefined,
  };
};

const make = () =>
  makeBacking({
    ...{ app: "shop", stateDir, startPostgres, clock, path: process.env["PATH"] ?? "" },
    startRedis: makeStartRedis({ clock }),
    onMessage: (text) => void messages.push(text),
  });
const wanted = (database: number | null, cache: boolean) => ({
  database: database === null ? null : { engine: "postgresql" as const, version: database },
  cache,
  buckets: [],
});

test("environments share one server and have a database each", async () => {
  const backing = await make();
  const [dev, staging] = await Promise.all(
    ["development", "staging"].map((name) => backing.ensure(name, wanted(18, false))),
  );
  await backing.ensure("staging", wanted(18, false));
  expect(dev?.databaseUrl).toBe("postgresql://u:p@127.0.0.1:5501/shop_development");
  expect(staging?.databaseUrl).toBe("postgresql://u:p@127.0.0.1:5501/shop_staging");
  expect(asked).toEqual([{ port: null, databases: ["shop_development", "shop_staging"] }]);
  await expect(backing.ensure("testing", wanted(17, false))).rejects.toMatchObject({
    code: "DATABASE_ABSENT",
  });
  await backing.stop();
});

test("a server that ends by itself is started again where it was", async () => {
  const backing = await make();
  const before = await backing.ensure("development", wanted(18, false));
  end();
  await until(() => asked.length === 2);
  expect(messages).toEqual(["PostgreSQL ended by itself: PANIC: out of luck"]);
  expect(await backing.ensure("development", wanted(18, false))).toEqual(before);
  expect(asked.map(({ port }) => port)).toEqual([null, 5501]);
  await backing.stop();
  const next = await make();
  await next.ensure("development", wanted(18, false));
  expect(asked.at(-1)?.port).toBe(5501);
  await next.stop();
});

test("each environment has its own part of the cache, and a killed cache comes back", async () => {
  const backing = await make();
  const development = await backing.ensure("development", wanted(null, true));
  const staging = await backing.ensure("staging", wanted(null, true));
  const at = new URL(development.redisUrl ?? "");
  expect(at.pathname).toBe("/0");
  expect(new URL(staging.redisUrl ?? "").pathname).toBe("/1");
  const lines = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  const pid = Number.parseInt(lines.find((line) => line.includes(`:${at.port}`)) ?? "", 10);
  process.kill(pid, "SIGKILL");
  await until(() => messages.length > 0);
  await until(() => backing.redis() !== null);
  expect(await backing.ensure("development", wanted(null, true))).toEqual(development);
  await backing.stop();
});

test("a database's name is one that needs no quotes", () => {
  expect(databaseName("ride-share", "development")).toBe("ride_share_development");
  expect(databaseName("3d", "dev")).toBe("_3d_dev");
  expect(databaseName("x".repeat(70), "dev")).toHaveLength(63);
});
