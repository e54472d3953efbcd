import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, until } from "../../../../test/helpers/system-clock.ts";
import { identityOf } from "../process-identity.ts";
import { makeProcessRunner } from "./process-runner.ts";
import { procSnapshot, psSnapshot, type TakeSnapshot } from "./process-snapshot.ts";
import type { ProcessRunner, ProcessSpec, RunningProcess } from "./types.ts";

const LINUX = process.platform === "linux";
const NODE = `"${process.execPath}"`;
const PATH = process.env["PATH"] ?? "/usr/bin:/bin";

let folder = "";
let runner: ProcessRunner;
const started: RunningProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "process-runner-"));
  runner = makeProcessRunner({ clock: systemClock });
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  runner.close();
  rmSync(folder, { recursive: true });
});

const start = (command: string, more: Partial<ProcessSpec> = {}, by = runner): RunningProcess => {
  const one = by.start({
    id: "api-1",
    command,
    cwd: folder,
    env: { PATH },
    memoryMb: null,
    stopMs: 20_000,
    logFile: join(folder, "api.log"),
    ...more,
  });
  started.push(one);
  return one;
};

const script = (text: string): string => `${NODE} -e '${text}'`;
const isAlive = async (pid: number): Promise<boolean> => (await identityOf(pid)) !== null;
const lines = (one: RunningProcess): string[] => one.lastLines(200);
const pidIn = (one: RunningProcess, name: string): number =>
  Number(
    lines(one)
      .find((line) => line.startsWith(`${name} `))
      ?.split(" ")[1],
  );
const says = (one: RunningProcess, text: string) =>
  until(() => lines(one).some((line) => line.includes(text)));

describe("what a process says and how it ends", () => {
  test("lines of both streams are kept, the unfinished last one too, and the exit code is told", async () => {
    const one = start("echo out; echo err >&2; printf unfinished; exit 3");
    expect(await one.exited).toEqual({ reason: "exited", code: 3 });
    expect(lines(one).sort()).toEqual(["err", "out", "unfinished"]);
    const log = readFileSync(join(folder, "api.log"), "utf8");
    expect(log).toMatch(/^\d{4}-\d\d-\d\dT\S+Z o out$/m);
    expect(log).toMatch(/Z e err$/m);
    expect(log).toMatch(/Z o unfinished\n/);
  });

  test("a command that does not exist ends with 127 and says its name", async () => {
    const one = start("no-such-program --port 1");
    expect(await one.exited).toEqual({ reason: "exited", code: 127 });
    expect(lines(one).join()).toContain("no-such-program");
  });

  test.each([
    ["a folder that does not exist", { cwd: "/does/not/exist" }, "/does/not/exist does not exist"],
    ["a file as its folder", { cwd: process.execPath }, "is not a folder"],
    ["a variable that is too long", { env: { PATH, LONG: "hidden".repeat(1_000_000) } }, "E2BIG"],
    ["a null byte", { env: { SECRET: "hidden\0value" } }, "null byte"],
  ])("%s: the process is not started, and no secret is told", async (_name, more, word) => {
    const one = start("true", more);
    const exit = await one.exited;
    expect(exit.reason).toBe("not-started");
    expect(JSON.stringify(exit)).toContain(word);
    expect(JSON.stringify(exit)).not.toContain("hidden");
    expect(await one.stop()).toEqual(exit);
    expect(readFileSync(join(folder, "api.log"), "utf8")).toContain(word);
  });

  test("binary noise on stdout stays text in the log, and the lines around it are whole", async () => {
    const one = start(`echo before; head -c 300000 /dev/urandom; echo; echo after`);
    expect(await one.exited).toEqual({ reason: "exited", code: 0 });
    expect(lines(one).at(-1)).toBe("after");
    const log = readFileSync(join(folder, "api.log"));
    expect(log.includes(0)).toBe(false);
    expect(log.toString("utf8")).toContain(" o before\n");
  });

  test("a process that writes faster than anybody reads loses nothing", async () => {
    const one = start("seq 1 60000");
    await one.exited;
    const log = readFileSync(join(folder, "api.log"), "utf8").trim().split("\n");
    expect(log.map((line) => Number(line.split(" ")[2]))).toEqual(
      Array.from({ length: 60_000 }, (_, n) => n + 1),
    );
  });

  test("the environment is the one that was given", async () => {
    const one = start("env", { env: { PATH, A: "b c" } });
    await one.exited;
    const names = lines(one).map((line) => line.split("=")[0]);
    expect(new Set([...names, "PWD", "OLDPWD", "SHLVL", "_"])).toEqual(
      new Set(["A", "PATH", "SWITCHBACK_PROCESS", "PWD", "OLDPWD", "SHLVL", "_"]),
    );
    expect(lines(one)).toContain("A=b c");
  });

  test.runIf(LINUX)("the program has neither the lifeline nor a child that it did not start", async () => {
    const one = start(
      script(`
        const { readdirSync, readlinkSync, readFileSync } = require("node:fs");
        console.log("ppid", process.ppid, "children", readFileSync("/proc/self/task/" + process.pid + "/children", "utf8"));
        for (const fd of [3]) try { console.log("fd", readlinkSync("/proc/self/fd/" + fd)); } catch { console.log("fd none"); }
        setInterval(() => {}, 1000)`),
    );
    await says(one, "fd ");
    expect(lines(one)[0]).toBe(`ppid ${process.pid} children `);
    expect(lines(one)[1]).not.toContain("socket:");
    expect(pidIn(one, "ppid")).toBe(process.pid);
  });
});

describe("stopping", () => {
  const polite = script(
    `process.on("SIGTERM", () => { console.error("bye"); process.exit(7) }); setInterval(() => {}, 1000); console.log("up")`,
  );

  test.each([
    ["a program", polite],
    ["a program after a change of folder", `cd / && ${polite}`],
    ["a program that a shell waits for", `true; ${polite}; exit 9`],
    ["a program in a pipe", `${polite} | cat`],
  ])("%s gets SIGTERM and the time to end by itself", async (_name, command) => {
    const one = start(command);
    await says(one, "up");
    const exits = await Promise.all([one.stop(), one.stop(), one.exited]);
    expect(lines(one)).toContain("bye");
    expect(exits[0]).toEqual(exits[2]);
    expect(exits[1]).toEqual(exits[2]);
    expect(await isAlive(one.pid)).toBe(false);
  });

  test("a process that ignores SIGTERM is killed, with all that it started", async () => {
    const one = start(`trap '' TERM; sleep 1000 & echo child $!; echo up; while :; do sleep 1; done`, {
      stopMs: 50,
    });
    await says(one, "up");
    expect(await one.stop()).toEqual({ reason: "signalled", signal: "SIGKILL" });
    expect(await isAlive(pidIn(one, "child"))).toBe(false);
  });

  test("what is left when the main process ended ends too", async () => {
    const one = start(`sleep 1000 & echo child $!`);
    expect(await one.exited).toEqual({ reason: "exited", code: 0 });
    expect(await isAlive(pidIn(one, "child"))).toBe(false);
  });

  test.runIf(LINUX)("a grandchild that became a daemon ends with its process", async () => {
    const one = start(`setsid sh -c 'echo daemon $$; exec sleep 1000' & sleep 0.01; sleep 1000`, {
      stopMs: 50,
    });
    await says(one, "daemon ");
    const daemon = pidIn(one, "daemon");
    expect(await isAlive(daemon)).toBe(true);
    await one.stop();
    expect(await isAlive(daemon)).toBe(false);
  });

  test("fifty starts and stops leave no descriptor, timer or process", async () => {
    const handles = () =>
      process
        .getActiveResourcesInfo()
        .filter((name) => name !== "CloseReq")
        .sort();
    const descriptors = () => (LINUX ? readdirSync("/proc/self/fd").length : 0);
    await start("true").exited;
    await systemClock.sleep(50);
    const before = { handles: handles(), descriptors: descriptors() };
    for (let round = 0; round < 5; round++) {
      const ten = Array.from({ length: 10 }, (_, number) =>
        start(number % 2 === 0 ? "true" : "sleep 1000", {
          id: `many-${number}`,
          logFile: join(folder, `${number}.log`),
        }),
      );
      await Promise.all(ten.map((one) => one.stop()));
    }
    await until(() => handles().length <= before.handles.length);
    await until(() => descriptors() <= before.descriptors);
    const left = await procSnapshotOrPs();
    for (const one of started) expect(left.has(one.pid)).toBe(false);
  });
});

const procSnapshotOrPs = async (): Promise<Set<number>> => {
  const snapshot = await (LINUX ? procSnapshot() : psSnapshot());
  return new Set(snapshot.pids.filter((pid) => snapshot.row(pid) !== null));
};

const readers: [string, TakeSnapshot][] = LINUX
  ? [
      ["/proc", procSnapshot],
      ["ps", psSnapshot],
    ]
  : [["ps", psSnapshot]];

describe.each(readers)("memory, read by %s", (_name, takeSnapshot) => {
  const grow = (mb: number) =>
    script(
      `const held = Buffer.alloc(${mb} * 1048576, 1); console.log("grown"); setInterval(() => held.length, 1000)`,
    );

  test("a tree that grows beyond its memory is killed, and the exit says so", async () => {
    const own = makeProcessRunner({ clock: systemClock, takeSnapshot });
    const one = start(`true; ${grow(300)}; true`, { memoryMb: 250 }, own);
    const exit = await one.exited;
    expect(exit).toEqual({ reason: "out-of-memory", residentMb: expect.any(Number), limitMb: 250 });
    expect(exit.reason === "out-of-memory" ? exit.residentMb : 0).toBeGreaterThan(250);
    expect(await isAlive(one.pid)).toBe(false);
    own.close();
  });

  test("a process within its memory goes on, and its size is known", async () => {
    const own = makeProcessRunner({ clock: systemClock, takeSnapshot });
    const one = start(grow(100), { memoryMb: 1000 }, own);
    await until(() => one.residentMb() > 100);
    expect(one.residentMb()).toBeLessThan(1000);
    expect(await one.stop()).toEqual({ reason: "signalled", signal: "SIGTERM" });
    own.close();
  });
});
