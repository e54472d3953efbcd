import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeNodeScript, type NodeScript } from "../../../../test/helpers/node-script.ts";
import { until } from "../../../../test/helpers/system-clock.ts";
import { identityOf } from "../process-identity.ts";
import { serverUser } from "../../../postgres/server-user.ts";
import { ask, makeTestbed, VERSION } from "./testbed.ts";

const LINUX = process.platform === "linux";
const user = serverUser();
const bed = makeTestbed();
let host: NodeScript;

/** Starts a server and commits one row after another, telling of each once it is committed. */
beforeAll(async () => {
  host = await makeNodeScript(
    `
    import { Client } from "pg";
    import { makeStartPostgres } from "./start-postgres.ts";
    import { systemClock } from "../../../../test/helpers/system-clock.ts";
    const start = makeStartPostgres({ clock: systemClock, packagesFrom: [${JSON.stringify(import.meta.url)}] });
    const server = await start({ folder: process.argv[2], version: ${VERSION}, port: null });
    const { url } = await server.ensureDatabase("app");
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("CREATE TABLE IF NOT EXISTS kept (n int)");
    console.log("user", process.getuid());
    for (let n = 1; ; n++) {
      await client.query("INSERT INTO kept VALUES (" + n + ")");
      console.log("committed", n);
    }`,
    import.meta.dirname,
  );
});
afterAll(async () => {
  host.remove();
  await bed.remove();
});

const lastCommitted = (text: string): number =>
  Number(/committed (\d+)\n(?!.*committed \d+\n)/s.exec(text)?.[1] ?? 0);
const postmasterOf = (folder: string): number =>
  Number(readFileSync(join(folder, "data", "postmaster.pid"), "utf8").split("\n")[0]);
const gone = async (pid: number): Promise<boolean> => (await identityOf(pid)) === null;

test("SIGKILL of the supervisor ends the server, and the next start has every committed row", async () => {
  const folder = bed.folder("one");
  const { child, text, ended } = host.start([folder]);
  await until(() => lastCommitted(text()) > 50);
  const postmaster = postmasterOf(folder);
  child.kill("SIGKILL");
  await ended;
  // At once, while the old server may still be at work.
  const server = await bed.start("one");
  expect(await gone(postmaster)).toBe(true);
  const { url } = await server.ensureDatabase("app");
  expect(await ask(url, `SELECT count(*)::int FROM kept WHERE n <= ${lastCommitted(text())}`)).toEqual([
    lastCommitted(text()),
  ]);
  await server.stop();
});

/** The process by which the server would have been ended. */
const watcherOf = (group: number): number =>
  Number(
    readdirSync("/proc").find((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, "latin1");
        return /^\d+$/.test(name) && line.includes(`switchback-lifeline\0${group}\0`);
      } catch {
        return false;
      }
    }),
  );

test.runIf(LINUX)(
  "a server that outlived its supervisor all the same is stopped by the next start",
  async () => {
    const folder = bed.folder("one");
    const { child, text, ended } = host.start([folder]);
    await until(() => lastCommitted(text()) > 0);
    const postmaster = postmasterOf(folder);
    process.kill(watcherOf(postmaster), "SIGKILL");
    child.kill("SIGKILL");
    await ended;
    expect(await gone(postmaster)).toBe(false);
    const server = await bed.start("one");
    expect(await gone(postmaster)).toBe(true);
    const { url } = await server.ensureDatabase("app");
    expect(await ask(url, "SELECT max(n) > 0 FROM kept")).toEqual([true]);
    await server.stop();
  },
);

test("a server that dies by itself says so, and can be started again at once", async () => {
  const server = await bed.start("one");
  const { url } = await server.ensureDatabase("app");
  await ask(url, "CREATE TABLE alone AS SELECT 7 AS n");
  process.kill(postmasterOf(bed.folder("one")), "SIGKILL");
  const { lines } = await server.died;
  expect(lines.join("\n")).toContain("ready to accept connections");
  const again = await bed.start("one", { port: server.port });
  expect(await ask((await again.ensureDatabase("app")).url, "SELECT n FROM alone")).toEqual([7]);
  await again.stop();
  await server.stop();
});

/** The server's folder is as after a sudden end, but for the number, which is now this one. */
const leaveBehind = async (folder: string, pid: number): Promise<void> => {
  const file = join(folder, "data", "postmaster.pid");
  const first = await bed.start("one");
  const pidFile = readFileSync(file, "utf8");
  await first.stop();
  writeFileSync(file, pidFile.replace(/^\d+/, String(pid)), { mode: 0o600 });
  if (user !== null) chownSync(file, user.uid, user.gid);
};

const startsAndAnswers = async (): Promise<void> => {
  const server = await bed.start("one");
  expect(await ask((await server.ensureDatabase("app")).url, "SELECT 1")).toEqual([1]);
  await server.stop();
};

test("a stranger who got the old server's number keeps running, and the server starts", async () => {
  const stranger = spawn("sleep", ["1000"], { stdio: "ignore", ...user });
  await leaveBehind(bed.folder("one"), stranger.pid!);
  await startsAndAnswers();
  expect(stranger.exitCode).toBeNull();
  expect(stranger.signalCode).toBeNull();
  stranger.kill();
  await once(stranger, "exit");
});

test("the old server has ended and nobody has asked for its end yet: the server starts", async () => {
  // `exec` gives the ended child a parent that never asks.
  const parent = spawn("/bin/sh", ["-c", "sleep 0.3 & echo $!; exec sleep 1000"], {
    stdio: ["ignore", "pipe", "ignore"],
    ...user,
  });
  const ended = Number(String((await once(parent.stdout, "data"))[0]));
  await until(async () => (await identityOf(ended)) === null);
  expect(() => process.kill(ended, 0)).not.toThrow();
  await leaveBehind(bed.folder("one"), ended);
  await startsAndAnswers();
  parent.kill();
  await once(parent, "exit");
});

test.runIf(user !== null)("a normal user's server runs as that user", async () => {
  const folder = bed.folder("normal");
  mkdirSync(folder);
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const { child, text, ended } = host.start([folder], user ?? undefined);
  await until(() => lastCommitted(text()) > 0 || child.exitCode !== null);
  expect(text()).toContain(`user ${user?.uid}\n`);
  const postmaster = postmasterOf(folder);
  if (LINUX) expect(readlinkSync(`/proc/${postmaster}/cwd`)).toBe(join(folder, "data"));
  expect(execFileSync("ps", ["-o", "uid=", "-p", String(postmaster)], { encoding: "utf8" }).trim()).toBe(
    String(user?.uid),
  );
  child.kill("SIGKILL");
  await ended;
  await until(() => gone(postmaster));
});
