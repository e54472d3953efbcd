import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { theRig, useRig } from "../../../test/rig/gaps/wire.ts";
import { makeEcsModel } from "../../../test/rig/ecs/index.ts";
import { ecs, firstTask, makeShop, runJob, untilTask } from "../../../test/rig/ecs/testbed.ts";
import type { OneOffTask } from "../../domain/one-off-task.ts";
import type { Clock } from "../../ports/clock.ts";
import { systemClock } from "../../../test/helpers/system-clock.ts";
import { makeAwsParameters, makeAwsTasks } from "./aws-tasks.ts";

useRig({ models: [makeEcsModel({ canPull: (image) => !image.startsWith("ghcr.io/") })] });

const before = { ...process.env };
beforeAll(() => void Object.assign(process.env, theRig().env));
afterAll(() => {
  for (const name of Object.keys(theRig().env)) delete process.env[name];
  Object.assign(process.env, before);
});

/** Waits a hundredth of what it is asked for. */
const clock: Clock = {
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => 100 * systemClock.monotonicMs(),
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
};
const never = new AbortController().signal;
const statuses: string[] = [];
beforeEach(() => void statuses.splice(0));

const TASK: OneOffTask = {
  region: "eu-north-1",
  cluster: "arn:aws:ecs:eu-north-1:123456789012:cluster/shop",
  taskDefinition: "arn:aws:ecs:eu-north-1:123456789012:task-definition/job:1",
  subnets: ["subnet-1"],
  securityGroup: "sg-1",
  assignPublicIp: false,
  purpose: "roles-0123456789abcdef",
};
const run = (signal = never, task = TASK) =>
  makeAwsTasks({ clock }).run(task, { signal, onStatus: (status) => void statuses.push(status) });
const made = () => theRig().log.calls({ service: "ecs", action: "RunTask" });
const endless = "while :; do sleep 0.05; done";
const untilRuns = async () => {
  for (;;) {
    const { content } = await ecs("ListTasks", { cluster: "shop" });
    const [arn] = content["taskArns"] as string[];
    if (arn !== undefined) return arn;
    await systemClock.sleep(20);
  }
};

describe("a task that is run once", () => {
  test("is told with its exit code, AWS's reason and its last lines", async () => {
    await makeShop("for n in $(seq 30); do echo line $n; done; exit 3");
    const end = await run();
    expect(end).toMatchObject({
      exitCode: 3,
      found: false,
      stopCode: "EssentialContainerExited",
      reason: "Essential container in task exited",
    });
    expect([end.lines.length, end.lines.at(-1)]).toEqual([20, "line 30"]);
    const described = await ecs("DescribeTasks", { cluster: "shop", tasks: [end.task] });
    expect(firstTask(described.content)).toMatchObject({ startedBy: "switchback-roles-0123456789abcdef" });
  });

  test("that never ran has no exit code, and the reason why", async () => {
    await makeShop("exit 0", { image: "ghcr.io/a/b:1" });
    expect(await run()).toMatchObject({
      exitCode: null,
      stopCode: "TaskFailedToStart",
      reason: expect.stringMatching(/^CannotPullContainerError/),
      lines: [],
    });
  });

  test("is run anew after one that ended, whether that went well or not", async () => {
    await makeShop("exit 3");
    const ends = [await run(), await run(), await run()];
    expect(new Set(ends.map(({ task }) => task)).size).toBe(3);
  });

  test("is one task when three ask for it at once", async () => {
    await makeShop("sleep 0.3");
    const ends = await Promise.all([run(), run(), run()]);
    expect(new Set(ends.map(({ task }) => task)).size).toBe(1);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });

  test("is one task when ECS's answer is lost", async () => {
    await makeShop("sleep 0.1");
    theRig().faults.add({ service: "ecs", action: "RunTask", fate: { type: "drop-after" } });
    expect((await run()).exitCode).toBe(0);
    expect(made().length).toBe(2);
    const { content } = await ecs("ListTasks", { cluster: "shop", desiredStatus: "STOPPED" });
    expect((content["taskArns"] as string[]).length).toBe(1);
  });

  test("goes on when whoever waits for it stops, and is found by the next", async () => {
    await makeShop("sleep 1");
    const stop = new AbortController();
    const stopped = run(stop.signal);
    const arn = await untilRuns();
    stop.abort(new Error("Ctrl-C"));
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(await run()).toMatchObject({ task: arn, found: true, exitCode: 0 });
    expect(made().length).toBe(1);
  });

  test("waits for one of the family that somebody runs for something else", async () => {
    await makeShop("sleep 0.3");
    const other = firstTask(await runJob({ startedBy: "somebody" }))["taskArn"];
    const end = await run();
    expect(end).toMatchObject({ exitCode: 0, found: false });
    expect(end.task).not.toBe(other);
    expect(statuses[0]).toBe("waiting for another one");
    const { content } = await ecs("DescribeTasks", { cluster: "shop", tasks: [other, end.task] });
    const [first, second] = content["tasks"] as { stoppedAt: number; createdAt: number }[];
    expect(second!.createdAt).toBeGreaterThanOrEqual(first!.stoppedAt);
  });

  test("that hangs is stopped, and said to have taken too long", async () => {
    await makeShop(endless);
    let jumpMs = 0;
    const jumping: Clock = { ...clock, monotonicMs: () => systemClock.monotonicMs() + jumpMs };
    const onStatus = (status: string) => void (status === "RUNNING" && (jumpMs = 20 * 60_000));
    const end = await makeAwsTasks({ clock: jumping }).run(TASK, { signal: never, onStatus });
    expect(end).toMatchObject({ exitCode: 143, stopCode: "UserInitiated" });
    expect(end.reason).toMatch(/^It did not end within 15 minutes/);
    await untilTask(end.task, "STOPPED");
  });

  test("is asked for again through throttling and errors of the API", async () => {
    await makeShop("exit 0");
    theRig().faults.add({ service: "ecs", action: "RunTask", fate: { type: "throttle" } });
    theRig().faults.add({
      service: "ecs",
      action: "DescribeTasks",
      times: 2,
      fate: { type: "error", status: 503, code: "ServerException", message: "no" },
    });
    expect((await run()).exitCode).toBe(0);
  });

  test("without a cluster is a failure that names it", async () => {
    await expect(run(never, { ...TASK, cluster: `${TASK.cluster}-none` })).rejects.toMatchObject({
      code: "INFRA_FAILED",
      message: expect.stringContaining("ClusterNotFoundException"),
    });
  });
});

test("a parameter is read and replaced, and one that is not there is null", async () => {
  const parameters = makeAwsParameters();
  const where = { region: "eu-north-1", signal: never };
  expect(await parameters.read("/switchback/a", where)).toBeNull();
  await parameters.write("/switchback/a", "one", where);
  await parameters.write("/switchback/a", "two", where);
  expect(await parameters.read("/switchback/a", where)).toBe("two");
});
