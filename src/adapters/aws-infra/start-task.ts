import { createHash } from "node:crypto";
import {
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  type ECSClient,
  type Task,
} from "@aws-sdk/client-ecs";
import { AppError } from "../../domain/errors.ts";
import type { OneOffTask } from "../../domain/one-off-task.ts";
import type { Clock } from "../../ports/clock.ts";
import { watchTask } from "./watch-task.ts";

/** Describes that many at once. */
const PAGE = 100;
/** A task that is still there after it hangs: on AWS the whole run takes one to two minutes. */
export const LIMIT_MS = 15 * 60_000;

/** What a run works with. */
export interface Run {
  client: ECSClient;
  task: OneOffTask;
  clock: Clock;
  signal: AbortSignal;
  onStatus(status: string): void;
}

const familyOf = (definition: string): string => definition.replace(/^.*\//, "").replace(/:\d+$/, "");

/** Whom ECS shows as having started it: by this a run that was cut off is found again. */
const startedBy = ({ purpose }: OneOffTask): string => `switchback-${purpose}`;

const tasksOf = async (
  { client, task, signal }: Run,
  desiredStatus: "RUNNING" | "STOPPED",
): Promise<Task[]> => {
  const { cluster, taskDefinition } = task;
  const options = { abortSignal: signal };
  const found: Task[] = [];
  let nextToken: string | undefined;
  do {
    const listed = await client.send(
      new ListTasksCommand({
        cluster,
        family: familyOf(taskDefinition),
        desiredStatus,
        nextToken,
        maxResults: PAGE,
      }),
      options,
    );
    const tasks = listed.taskArns ?? [];
    if (tasks.length > 0)
      found.push(...((await client.send(new DescribeTasksCommand({ cluster, tasks }), options)).tasks ?? []));
    nextToken = listed.nextToken;
  } while (nextToken !== undefined);
  return found;
};

/** The task that runs for the same purpose already; null once none of the family runs any more. */
export const settleRunning = async (run: Run): Promise<string | null> => {
  for (;;) {
    const running = (await tasksOf(run, "RUNNING")).filter(({ lastStatus }) => lastStatus !== "STOPPED");
    const own = running.find(
      (one) => one.startedBy === startedBy(run.task) && one.taskDefinitionArn === run.task.taskDefinition,
    );
    if (own !== undefined) return own.taskArn!;
    if (running.length === 0) return null;
    run.onStatus("waiting for another one");
    await watchTask(run, { cluster: run.task.cluster, arn: running[0]!.taskArn!, limitMs: LIMIT_MS });
  }
};

/**
 * ECS answers a token that it knows with the task that it stands for, even when that one has ended. So the first run has a token
 * of its purpose alone, and each after a run that has ended one that names it: two who start at once get the same task, and
 * a failed task is never taken for a new one. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export const start = async (run: Run): Promise<{ arn: string; isNew: boolean }> => {
  const past = new Set((await tasksOf(run, "STOPPED")).map(({ taskArn }) => taskArn!));
  const seen = new Set<string>();
  let after = "";
  for (;;) {
    const arn = await startOne(run, tokenOf(run.task, after));
    if (!past.has(arn) && !(await isForgotten(run, arn))) return { arn, isNew: true };
    if (seen.has(arn)) throw new AppError("BUG", `ECS answers every token with ${arn}.`);
    seen.add(arn);
    after = arn;
  }
};

/** ECS forgets a task an hour after its end, and its token only later. */
const isForgotten = async ({ client, task, signal, clock }: Run, arn: string): Promise<boolean> => {
  // What was made just now may not be told for a moment.
  for (const waitMs of [0, 1000, 2000, 4000, 8000]) {
    await clock.sleep(waitMs, signal);
    const command = new DescribeTasksCommand({ cluster: task.cluster, tasks: [arn] });
    const { tasks } = await client.send(command, { abortSignal: signal });
    if ((tasks ?? []).length > 0) return false;
  }
  return true;
};

/** Of all that the request says: the same token with another request is refused. */
const tokenOf = (task: OneOffTask, after: string): string =>
  createHash("sha256")
    .update(JSON.stringify([task, after]))
    .digest("hex");

const startOne = async ({ client, task, signal }: Run, clientToken: string): Promise<string> => {
  const { tasks, failures } = await client.send(
    new RunTaskCommand({
      clientToken,
      cluster: task.cluster,
      taskDefinition: task.taskDefinition,
      startedBy: startedBy(task),
      launchType: "FARGATE",
      count: 1,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: task.subnets,
          securityGroups: [task.securityGroup],
          assignPublicIp: task.assignPublicIp ? "ENABLED" : "DISABLED",
        },
      },
    }),
    { abortSignal: signal },
  );
  const arn = tasks?.[0]?.taskArn;
  if (arn !== undefined) return arn;
  const { reason = "no reason was given", detail } = failures?.[0] ?? {};
  throw new AppError(
    "INFRA_FAILED",
    `ECS did not start the task: ${[reason, detail].filter(Boolean).join(", ")}.`,
    {
      hint: "run the command again",
      context: { taskDefinition: task.taskDefinition, reason },
    },
  );
};
