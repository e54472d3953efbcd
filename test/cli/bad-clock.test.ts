import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Receipt } from "../../src/domain/receipt.ts";
import { makeJumpingClock, type JumpingClock } from "../helpers/clock-jump.ts";
import { makeTinyProject, type TinyProject } from "../helpers/tiny-project.ts";
import { expectTold } from "../helpers/told.ts";

const HOUR = 3_600_000;
const YEAR = 8_766 * HOUR;

let project: TinyProject;
let clock: JumpingClock;
let folder: string;
let n = 0;

// NODE_OPTIONS reaches the supervisor as well, which outlives the commands: their clocks jump together.
const env = () => ({ NODE_OPTIONS: clock.nodeArgs.join(" ") });
const run = (...args: string[]) => project.runWith({ env: env() }, ...args, "--json");
const change = (before = "") => project.writeApi(`api ${++n}`, before);
const serves = async () => (await project.get("/api/hello")).body;
const deployed = async (): Promise<Receipt> => {
  const { code, stdout } = await run("deploy", "development");
  expect(code).toBe(0);
  expect(await serves()).toBe(`api ${n}`);
  return JSON.parse(stdout) as Receipt;
};
/** Every number of the log that is a duration. */
const durations = (): number[] => {
  const log = join(project.folder, ".switchback/store/environments/development/log");
  const text = readdirSync(log).map((name) => readFileSync(join(log, name), "utf8"));
  return [...text.join("").matchAll(/"durationMs":(-?[\d.e+]+)/g)].map(([, ms]) => Number(ms));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sb-clock-"));
  clock = makeJumpingClock(folder);
  project = makeTinyProject();
  change();
  project.writeSite("site");
});
afterEach(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

test("between deployments the clock may go where it likes: the log keeps its order, and durations stay true", async () => {
  const order: string[] = [];
  for (const offset of [0, -3 * YEAR, 10 * YEAR, -HOUR, HOUR, 0]) {
    clock.set(offset);
    change();
    const { deployment, durationMs } = await deployed();
    order.unshift(deployment);
    expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(durationMs).toBeLessThan(HOUR);
    expect((await run("status", "development")).code).toBe(0);
  }
  const history = JSON.parse((await run("history", "development")).stdout) as { id: string }[];
  expect(history.map(({ id }) => id)).toEqual(order);
  expect((await run("history", "development", "--verify")).code).toBe(0);
  expect(durations().filter((ms) => !(ms >= 0 && ms < HOUR))).toEqual([]);
  for (const command of ["status", "history"])
    expect((await project.run(command, "development")).stdout).not.toMatch(/ -\d|NaN|Invalid/);
});

test("a clock that jumps in the middle of a deployment costs it neither its lease nor its way", async () => {
  await deployed();
  const slow = "const until = performance.now() + 700; while (performance.now() < until);";
  for (const offset of [2 * YEAR, -2 * YEAR, 0]) {
    change(slow);
    const running = deployed();
    for (const jump of [offset - HOUR, offset + HOUR, offset]) {
      await wait(400);
      clock.set(jump);
    }
    const receipt = await running;
    expect([receipt.outcome, receipt.durationMs < HOUR]).toEqual(["succeeded", true]);
  }
  expect(durations().filter((ms) => !(ms >= 0 && ms < HOUR))).toEqual([]);
});

test("while a deployment runs, a second one with another clock does not take its environment", async () => {
  await deployed();
  change("const until = performance.now() + 1500; while (performance.now() < until);");
  await run("release");
  const first = run("deploy", "development");
  while (!(await run("status", "development")).stdout.includes(`"open":{`)) await wait(20);
  clock.set(5 * YEAR);
  const second = await run("deploy", "development");
  expect(second.code).toBe(3);
  expect(second.stdout).toContain("ENVIRONMENT_BUSY");
  clock.set(0);
  expect((await first).code).toBe(0);
  expect(await serves()).toBe(`api ${n}`);
});

test("a lock holds until its time by the clock of now, and one that is over is refused when it is set", async () => {
  await deployed();
  const inOneHour = new Date(Date.now() + HOUR).toISOString();
  expect((await run("lock", "development", "--why", "lunch", "--until", inOneHour)).code).toBe(0);
  for (const offset of [0, -YEAR]) {
    clock.set(offset);
    const error = expectTold(await run("deploy", "development"), 3, "ENVIRONMENT_LOCKED");
    expect(error.hint).toContain("switchback unlock development");
  }
  clock.set(2 * HOUR);
  await deployed();
  expect(
    (JSON.parse((await run("status", "development")).stdout) as { lock: unknown }[])[0]!.lock,
  ).toBeNull();
  expect(expectTold(await run("lock", "development", "--until", inOneHour), 2, "USAGE").message).toContain(
    "over",
  );
});

test("a release that was kept warm goes in time, also when the clock was set back meanwhile", async () => {
  await project.close();
  project = makeTinyProject({ strategy: "blue-green", warm: "3s" });
  change();
  project.writeSite("site");
  await deployed();
  change();
  await deployed();
  clock.set(-YEAR);
  const state = join(project.folder, ".switchback/local/environments/development.json");
  const kept = () =>
    Object.keys(
      (JSON.parse(readFileSync(state, "utf8")) as { state: { services: { api: { revisions: object } } } })
        .state.services.api.revisions,
    );
  await expect.poll(kept, { timeout: 20_000 }).toHaveLength(1);
  expect(await serves()).toBe(`api ${n}`);
});
