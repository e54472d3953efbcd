import { createHash } from "node:crypto";
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { AppError } from "../../domain/errors.ts";
import type { OneOffTask, TaskEnd } from "../../domain/one-off-task.ts";
import type { Clock } from "../../ports/clock.ts";
import { awsFault } from "./aws-fault.ts";
import { watchTask } from "./watch-task.ts";
import { lastLines } from "./task-log.ts";

/** Describes that many at once. */
const PAGE = 100;
/** A task that is still there after it hangs: on AWS the whole run takes one to two minutes. */
const LIMIT_MS = 15 * 60_000;
const STOP_LIMIT_MS = 3 * 60_000;

const ACTION = "ecs:RunTask, ecs:ListTasks, ecs:DescribeTasks";

interface Run {
  client: ECSClient;
  task: OneOffTask;
  clock: Clock;
  signal: AbortSignal;
  onStatus(status: string): void;
}

/** Runs a task to its end; what `AwsTasks` promises. A failed call is AWS_CREDENTIALS or INFRA_FAILED. */
export const runTask = async (
  task: OneOffTask,
  { clock, signal, onStatus }: Omit<Run, "client" | "task">,
): Promise<TaskEnd> => {
  const client = new ECSClient({ region: task.region, maxAttempts: 5 });
  const run: Run = { client, task, clock, signal, onStatus };
  try {
    const found = await settleRunning(run);
    const { arn, isNew } = found === null ? await start(run) : { arn: found, isNew: false };
    return await endOf(run, arn, !isNew);
  } catch (error) {
    if (signal.aborted)
      throw new AppError("INTERRUPTED", "Stopped. The task on ECS goes on; the next apply finds it.", {
        cause: error,
      });
    throw awsFault(error, { action: ACTION, signal });
  } finally {
    client.destroy();
  }
};

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
const settleRunning = async (run: Run): Promise<string | null> => {
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
const start = async (run: Run): Promise<{ arn: string; isNew: boolean }> => {
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

const endOf = async (run: Run, arn: string, found: boolean): Promise<TaskEnd> => {
  const { cluster, region, taskDefinition } = run.task;
  let ended = await watchTask(run, { cluster, arn, limitMs: LIMIT_MS });
  if (ended === "still there") {
    run.onStatus("taking too long, stopping it");
    const reason = `It did not end within ${LIMIT_MS / 60_000} minutes.`;
    await run.client.send(new StopTaskCommand({ cluster, task: arn, reason }), { abortSignal: run.signal });
    ended = await watchTask(run, { cluster, arn, limitMs: STOP_LIMIT_MS });
  }
  if (ended === "still there" || ended === "gone")
    return { task: arn, found, exitCode: null, stopCode: null, reason: `it is ${ended}`, lines: [] };
  const [container] = ended.containers ?? [];
  const exitCode = container?.exitCode ?? null;
  const reasons = [ended.stoppedReason, container?.reason].filter(
    (text) => text !== undefined && text !== "",
  );
  const lines = await lastLines({ client: run.client, region, taskDefinition, arn, signal: run.signal });
  return {
    ...{ task: arn, found, exitCode, lines },
    stopCode: ended.stopCode ?? null,
    reason: reasons.length === 0 ? null : reasons.join(": "),
  };
};
