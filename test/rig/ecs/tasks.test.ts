import { describe, expect, test } from "vitest";
import type { Json } from "../call.ts";
import { json, useRig } from "../gaps/wire.ts";
import { makeEcsModel } from "./index.ts";
import { describeTask, ecs, firstTask, logOf, makeShop, NETWORK, runJob, untilTask } from "./testbed.ts";

useRig({
  models: [
    makeEcsModel({
      network: (env) => Promise.resolve(env["HOST"] === undefined ? env : { ...env, HOST: "127.0.0.1" }),
      canPull: (image) => !image.startsWith("ghcr.io/"),
    }),
  ],
});

const secretOf = async (value: Json) => {
  const { content } = await json("secretsmanager", "secretsmanager.CreateSecret", {
    Name: "shop/login",
    SecretString: JSON.stringify(value),
  });
  return String(content["ARN"]);
};

describe("a task", () => {
  test("goes from PROVISIONING to STOPPED, with the exit code of its command and its lines in the log", async () => {
    await makeShop("echo one; echo two >&2; printf three; exit 7");
    const made = firstTask(await runJob({ startedBy: "me" }));
    expect(made).toMatchObject({ lastStatus: "PROVISIONING", desiredStatus: "RUNNING", startedBy: "me" });
    expect(await untilTask(made["taskArn"], "STOPPED")).toMatchObject({
      desiredStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "job", lastStatus: "STOPPED", exitCode: 7 }],
    });
    expect((await logOf(made["taskArn"])).sort()).toEqual(["one", "three", "two"]);
  });

  test("gets its environment, overrides, keys of secrets, and what it reaches as this machine reaches it", async () => {
    const arn = await secretOf({ password: "a secret of 24 characters" });
    await makeShop('echo "$PLAIN $PASSWORD $HOST"', {
      environment: [
        { name: "PLAIN", value: "plain" },
        { name: "HOST", value: "database.example" },
      ],
      secrets: [{ name: "PASSWORD", valueFrom: `${arn}:password::` }],
    });
    const overrides = {
      containerOverrides: [{ name: "job", environment: [{ name: "PLAIN", value: "other" }] }],
    };
    const { taskArn } = firstTask(await runJob({ overrides }));
    await untilTask(taskArn, "STOPPED");
    expect(await logOf(taskArn)).toEqual(["other a secret of 24 characters 127.0.0.1"]);
  });

  test.each<[string, Json, RegExp]>([
    [
      "a secret that is not there",
      {
        secrets: [{ name: "A", valueFrom: "arn:aws:secretsmanager:eu-north-1:123456789012:secret:none:a::" }],
      },
      /^ResourceInitializationError: unable to pull secrets/,
    ],
    ["an image that is out of reach", { image: "ghcr.io/a/b:1" }, /^CannotPullContainerError/],
    ["a program that is not there", { command: ["no-such-program"] }, /^CannotStartContainerError/],
  ])("with %s never runs, and says so without an exit code", async (_what, more, reason) => {
    await makeShop("exit 0", more);
    const { taskArn } = firstTask(await runJob());
    const task = await untilTask(taskArn, "STOPPED");
    expect(task).toMatchObject({
      stopCode: "TaskFailedToStart",
      stoppedReason: expect.stringMatching(reason),
    });
    expect((task["containers"] as Json[])[0]).not.toHaveProperty("exitCode");
  });

  test("is stopped with SIGTERM, and told with who did it", async () => {
    await makeShop("trap 'echo bye; exit 3' TERM; while :; do sleep 0.05; done 2>/dev/null");
    const { taskArn } = firstTask(await runJob());
    await untilTask(taskArn, "RUNNING");
    const stopped = await ecs("StopTask", { cluster: "shop", task: taskArn, reason: "enough" });
    expect(stopped.content["task"]).toMatchObject({ desiredStatus: "STOPPED" });
    expect(await untilTask(taskArn, "STOPPED")).toMatchObject({
      stopCode: "UserInitiated",
      stoppedReason: "enough",
      containers: [{ exitCode: 3 }],
    });
    expect(await logOf(taskArn)).toEqual(["bye"]);
  });

  test("that does not listen is killed after its stop timeout", async () => {
    await makeShop("trap '' TERM; while :; do sleep 0.05; done", { stopTimeout: 2 });
    const { taskArn } = firstTask(await runJob());
    await untilTask(taskArn, "RUNNING");
    await ecs("StopTask", { cluster: "shop", task: taskArn });
    expect(await untilTask(taskArn, "STOPPED")).toMatchObject({ containers: [{ exitCode: 137 }] });
  });
});

describe("a client token", () => {
  test("stands for one task, also when it is asked for at once and again after the end", async () => {
    await makeShop("echo once");
    const asked = { clientToken: "token-1" };
    const answers = await Promise.all([runJob(asked), runJob(asked), runJob(asked)]);
    const arns = new Set(answers.map((one) => firstTask(one)["taskArn"]));
    expect(arns.size).toBe(1);
    const [arn] = arns;
    await untilTask(arn, "STOPPED");
    expect(firstTask(await runJob(asked))["taskArn"]).toBe(arn);
    expect(await logOf(arn)).toEqual(["once"]);
  });

  test("with another request is a conflict that names the task", async () => {
    await makeShop("exit 0");
    const { taskArn } = firstTask(await runJob({ clientToken: "token-1" }));
    expect(await runJob({ clientToken: "token-1", startedBy: "somebody" })).toMatchObject({
      __type: "ConflictException",
      resourceIds: [taskArn],
    });
  });
});

describe("ECS", () => {
  test("lists tasks by family, by who started them and by what they shall become", async () => {
    await makeShop("while :; do sleep 0.05; done");
    const one = firstTask(await runJob({ startedBy: "me" }))["taskArn"];
    await untilTask(one, "RUNNING");
    const list = async (filter: Json) =>
      (await ecs("ListTasks", { cluster: "shop", ...filter })).content["taskArns"];
    expect(await list({})).toEqual([one]);
    expect(await list({ family: "job", startedBy: "me" })).toEqual([one]);
    expect(await list({ startedBy: "you" })).toEqual([]);
    expect(await list({ family: "other" })).toEqual([]);
    await ecs("StopTask", { cluster: "shop", task: one });
    expect(await list({ desiredStatus: "STOPPED" })).toEqual([one]);
    await untilTask(one, "STOPPED");
  });

  test("refuses what AWS refuses", async () => {
    await makeShop("exit 0");
    const codes = await Promise.all(
      [
        { cluster: "none", taskDefinition: "job", networkConfiguration: NETWORK },
        { cluster: "shop", taskDefinition: "none", networkConfiguration: NETWORK },
        { cluster: "shop", taskDefinition: "job" },
        { cluster: "shop", taskDefinition: "job", networkConfiguration: NETWORK, count: 11 },
      ].map(async (content) => (await ecs("RunTask", content)).content["__type"]),
    );
    expect(codes).toEqual([
      "ClusterNotFoundException",
      "ClientException",
      "InvalidParameterException",
      "InvalidParameterException",
    ]);
    const unknown = await ecs("DescribeTasks", { cluster: "shop", tasks: ["abc"] });
    expect(unknown.content).toMatchObject({ tasks: [], failures: [{ arn: "abc", reason: "MISSING" }] });
    await expect(describeTask("abc")).resolves.toBeUndefined();
  });
});
