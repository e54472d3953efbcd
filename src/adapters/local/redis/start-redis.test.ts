import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeNodeScript } from "../../../../test/helpers/node-script.ts";
import { systemClock, until } from "../../../../test/helpers/system-clock.ts";
import { identityOf } from "../process-identity.ts";
import { findProgram } from "./find-program.ts";
import { ping } from "./ping.ts";
import { makeStartRedis } from "./start-redis.ts";
import type { RedisServer } from "./types.ts";

const LINUX = process.platform === "linux";
const PATH = process.env["PATH"] ?? "";
const installed = await findProgram(PATH);

let root = "";
const startRedis = makeStartRedis({ clock: systemClock });
const start = async (name: string, port: number | null = null): Promise<RedisServer> => {
  const server = await startRedis({ folder: join(root, name), port, path: PATH });
  if (server === null) throw new Error("found a moment ago");
  return server;
};

beforeAll(() => (root = mkdtempSync(join(tmpdir(), "redis-test-"))));
afterAll(() => rmSync(root, { recursive: true }));

/** Sends one line, gives back what comes until `count` lines are there. */
const say = (port: number, lines: string[], count: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1" }, () =>
      socket.write(lines.map((line) => `${line}\r\n`).join("")),
    );
    socket.once("error", reject);
    socket.on("data", (chunk) => {
      text += String(chunk);
      const answers = text.split("\r\n");
      if (answers.length <= count) return;
      socket.destroy();
      resolve(answers.slice(0, count));
    });
  });

const authFor = (url: string): string => `AUTH ${new URL(url).password}`;

/** Programs that stand on the PATH under the given names. */
const makePath = (name: string, programs: Record<string, string>): string => {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(folder, program), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
};

describe("which program", () => {
  test("none on the PATH: there is no cache, and nothing is made", async () => {
    for (const path of ["", "/does/not/exist", ".:relative", makePath("none", {})])
      expect(await startRedis({ folder: join(root, "absent"), port: null, path })).toBeNull();
    expect(readdirSync(root)).not.toContain("absent");
  });

  test("Valkey comes before Redis, and a program that does not run is passed over", async () => {
    const redis = makePath("redis", { "redis-server": "echo Redis server v=7.0.1 sha=0" });
    const valkey = makePath("valkey", { "valkey-server": "echo Valkey server v=8.1.2 sha=0" });
    const broken = makePath("broken", { "valkey-server": "exit 1" });
    expect((await findProgram(`${redis}:${valkey}`))?.version).toBe("valkey-server 8.1.2");
    expect((await findProgram(`${broken}:${redis}`))?.version).toBe("redis-server 7.0.1");
  });

  test("a program that does not start is told with its last lines", async () => {
    const path = makePath("refuses", {
      "redis-server": `[ "$1" = --version ] && echo v=7.0.1 && exit; cat > /dev/null; echo "Can't handle RDB format"; exit 1`,
    });
    await expect(startRedis({ folder: join(root, "refused"), port: null, path })).rejects.toMatchObject({
      code: "CACHE_FAILED",
      message: expect.stringContaining("exit code 1"),
      context: { lines: ["Can't handle RDB format"] },
    });
  });
});

describe.runIf(installed !== null)("a server", () => {
  test("answers to its password alone, keeps what it holds, and keeps URL and port", async () => {
    const one = await start("kept");
    expect(one.version).toBe(installed?.version);
    expect(await ping(one.port, "wrong")).toBe(false);
    expect((await say(one.port, ["GET a"], 1))[0]).toContain("NOAUTH");
    expect(await say(one.port, [authFor(one.url), "SET a 1"], 2)).toEqual(["+OK", "+OK"]);
    let died = false;
    void one.died.then(() => (died = true));
    await Promise.all([one.stop(), one.stop()]);
    expect(died).toBe(false);

    const two = await start("kept", one.port);
    expect(two.url).toBe(one.url);
    expect(await say(two.port, [authFor(two.url), "GET a"], 3)).toEqual(["+OK", "$1", "1"]);
    await two.stop();

    const stranger = createServer().listen(one.port, "127.0.0.1");
    const three = await start("kept", one.port);
    expect(three.port).not.toBe(one.port);
    await three.stop();
    stranger.close();
  });

  test("works below a path that its configuration has to quote, readable by its owner alone", async () => {
    const name = `we "ird\\ 'path' ü`;
    const one = await start(name);
    await say(one.port, [authFor(one.url), "SET a 1"], 2);
    await one.stop();
    expect(readdirSync(join(root, name, "data"))).toContain("appendonlydir");
    for (const part of ["", "data"]) expect(statSync(join(root, name, part)).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, name, "password")).mode & 0o777).toBe(0o600);
  });

  test.runIf(LINUX)("its password is in no command line and no environment", async () => {
    const one = await start("hidden");
    const secret = new URL(one.url).password;
    const showing = readdirSync("/proc").filter((name) => {
      try {
        if (!/^\d+$/.test(name)) return false;
        return ["cmdline", "environ"].some((file) =>
          readFileSync(`/proc/${name}/${file}`, "latin1").includes(secret),
        );
      } catch {
        return false;
      }
    });
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(showing).toEqual([]);
    await one.stop();
  });

  const pidOf = (name: string): number =>
    Number(readFileSync(join(root, name, "data", "server.pid"), "utf8"));

  test("one that dies by itself says so", async () => {
    const one = await start("dies");
    process.kill(pidOf("dies"), "SIGKILL");
    expect((await one.died).lines.join("\n")).toContain("Ready to accept connections");
    await one.stop();
  });

  test("SIGKILL of the supervisor ends it, and the next start has what was written", async () => {
    const script = await makeNodeScript(
      `
      import { makeStartRedis } from "./start-redis.ts";
      import { systemClock } from "../../../../test/helpers/system-clock.ts";
      const server = await makeStartRedis({ clock: systemClock })({ folder: process.argv[2], port: null, path: process.env.PATH });
      console.log("url", server.url);
      setInterval(() => {}, 1000);`,
      import.meta.dirname,
    );
    const { child, text, ended } = script.start([join(root, "killed")]);
    await until(() => /url \S+\n/.test(text()));
    const url = /url (\S+)\n/.exec(text())?.[1] ?? "";
    await say(Number(new URL(url).port), [authFor(url), "SET a 1"], 2);
    const pid = pidOf("killed");
    child.kill("SIGKILL");
    await ended;
    // At once, while the old server may still be writing.
    const next = await start("killed");
    expect(await identityOf(pid)).toBeNull();
    expect(await say(next.port, [authFor(next.url), "GET a"], 3)).toEqual(["+OK", "$1", "1"]);
    await next.stop();
    script.remove();
  });
});
