import { createHash } from "node:crypto";
import { jsonAnswer, Refused } from "../answers.ts";
import { jsonOf, type Answer, type Call, type Json, type Moto } from "../call.ts";
import type { Gap, GapContext } from "../gap.ts";
import { readCluster, readDefinition, type ContainerDefinition, type TaskDefinition } from "./definition.ts";
import { playTask, type Playing, type World } from "./play-task.ts";
import { tellTask, type Task } from "./task.ts";
import { makeTokens } from "./tokens.ts";

const MOST_AT_ONCE = 10;
const MOST_DESCRIBED = 100;

const last = (arnOrId: unknown): string => String(arnOrId).split("/").at(-1)!;

interface Overridden {
  name?: string;
  command?: string[];
  environment?: { name: string; value: string }[];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html */
const override = (definition: TaskDefinition, overrides: unknown): TaskDefinition => {
  const { containerOverrides = [] } = (overrides ?? {}) as { containerOverrides?: Overridden[] };
  const changed = (container: ContainerDefinition): ContainerDefinition => {
    const one = containerOverrides.find(({ name }) => name === container.name);
    if (one === undefined) return container;
    const set = Object.fromEntries((one.environment ?? []).map(({ name, value }) => [name, value]));
    return {
      ...container,
      command: one.command ?? container.command,
      environment: { ...container.environment, ...set },
    };
  };
  return { ...definition, containers: definition.containers.map(changed) };
};

const judgeRequest = (request: Json, { networkMode }: TaskDefinition): number => {
  const count = Number(request["count"] ?? 1);
  if (!(count >= 1 && count <= MOST_AT_ONCE))
    throw new Refused("InvalidParameterException", `count must be between 1 and ${MOST_AT_ONCE}.`);
  const { awsvpcConfiguration } = (request["networkConfiguration"] ?? {}) as { awsvpcConfiguration?: Json };
  if (networkMode === "awsvpc" && awsvpcConfiguration === undefined)
    throw new Refused(
      "InvalidParameterException",
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
  return count;
};

/**
 * RunTask, DescribeTasks, ListTasks and StopTask over real processes. A task's commands run on this machine, its secrets come
 * from moto's Secrets Manager and its log goes to moto's CloudWatch Logs. Other resources of ECS stay with moto.
 */
export const makeTasks = (
  { account, now, nextId }: GapContext,
  reach: Pick<World, "network" | "canPull">,
): Pick<Gap, "actions" | "reset"> => {
  const tasks = new Map<string, Task>();
  const playing = new Map<string, Playing>();
  const tokens = makeTokens({ now });

  const make = (call: Call, clusterArn: string, definition: TaskDefinition): Task => {
    const request = jsonOf(call);
    const id = createHash("sha256").update(`task ${nextId()}`).digest("hex").slice(0, 32);
    return {
      arn: `arn:aws:ecs:${call.region}:${account}:task/${last(clusterArn)}/${id}`,
      ...{ id, region: call.region, clusterArn, definitionArn: definition.arn, family: definition.family },
      startedBy: typeof request["startedBy"] === "string" ? request["startedBy"] : null,
      group: typeof request["group"] === "string" ? request["group"] : null,
      launchType: String(request["launchType"] ?? "FARGATE"),
      ...{ cpu: definition.cpu, memory: definition.memory },
      ...{ lastStatus: "PROVISIONING", desiredStatus: "RUNNING", stopCode: null, stoppedReason: null },
      ...{ createdAt: now(), startedAt: null, stoppingAt: null, stoppedAt: null },
      tags: (request["tags"] as Json[] | undefined) ?? [],
      containers: definition.containers.map(({ name, image, essential }) => ({
        ...{ name, image, essential },
        ...{ lastStatus: "PENDING", exitCode: null, reason: null },
      })),
    };
  };
  const run = async (call: Call, moto: Moto): Promise<Answer> => {
    const request = jsonOf(call);
    const clusterArn = await readCluster(moto, call.region, request["cluster"]);
    const definition = override(
      await readDefinition(moto, call.region, request["taskDefinition"]),
      request["overrides"],
    );
    const count = judgeRequest(request, definition);
    const again = tokens.find(clusterArn, request);
    if (again !== null) {
      if ("conflict" in again) return again.conflict;
      return jsonAnswer({ tasks: again.tasks, failures: [] });
    }
    const made = Array.from({ length: count }, () => make(call, clusterArn, definition));
    const told = made.map((task) => tellTask(task));
    tokens.use(clusterArn, request, told);
    for (const task of made) {
      tasks.set(task.arn, task);
      playing.set(task.arn, playTask(task, definition, { moto, now, ...reach }));
    }
    return jsonAnswer({ tasks: told, failures: [] });
  };
  const inCluster = async (call: Call, moto: Moto): Promise<Task[]> => {
    const clusterArn = await readCluster(moto, call.region, jsonOf(call)["cluster"]);
    return [...tasks.values()].filter((task) => task.clusterArn === clusterArn);
  };
  const describe = async (call: Call, moto: Moto): Promise<Answer> => {
    const { tasks: asked, include } = jsonOf(call) as { tasks?: string[]; include?: string[] };
    if (asked === undefined || asked.length === 0)
      throw new Refused("InvalidParameterException", "Tasks cannot be empty.");
    if (asked.length > MOST_DESCRIBED) throw new Refused("InvalidParameterException", "Too many tasks.");
    const all = await inCluster(call, moto);
    const found = asked.map((one) => ({ one, task: all.find(({ id }) => id === last(one)) }));
    return jsonAnswer({
      tasks: found.flatMap(({ task }) =>
        task === undefined ? [] : [tellTask(task, { withTags: include?.includes("TAGS") === true })],
      ),
      failures: found.flatMap(({ one, task }) =>
        task === undefined ? [{ arn: one, reason: "MISSING" }] : [],
      ),
    });
  };
  /** By what a task shall become, not by what it is: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html */
  const list = async (call: Call, moto: Moto): Promise<Answer> => {
    const { family, startedBy, desiredStatus = "RUNNING" } = jsonOf(call) as Record<string, string>;
    const found = (await inCluster(call, moto)).filter(
      (task) =>
        task.desiredStatus === desiredStatus &&
        (family === undefined || task.family === family) &&
        (startedBy === undefined || task.startedBy === startedBy),
    );
    return jsonAnswer({ taskArns: found.map(({ arn }) => arn) });
  };
  const stop = async (call: Call, moto: Moto): Promise<Answer> => {
    const { task: asked, reason = "Task stopped by user" } = jsonOf(call) as Record<string, string>;
    const task = (await inCluster(call, moto)).find(({ id }) => id === last(asked));
    if (task === undefined)
      throw new Refused("InvalidParameterException", "The referenced task was not found.");
    playing.get(task.arn)?.stop({ reason, code: "UserInitiated", graceMs: null });
    return jsonAnswer({ task: tellTask(task) });
  };
  return {
    actions: { RunTask: run, DescribeTasks: describe, ListTasks: list, StopTask: stop },
    reset: () => {
      for (const one of playing.values()) one.stop({ reason: "reset", code: "UserInitiated", graceMs: 0 });
      playing.clear();
      tasks.clear();
      tokens.clear();
    },
  };
};
