import { ECSClient, StopTaskCommand } from "@aws-sdk/client-ecs";
import { AppError } from "../../domain/errors.ts";
import type { OneOffTask, TaskEnd } from "../../domain/one-off-task.ts";
import { awsFault } from "./aws-fault.ts";
import { LIMIT_MS, settleRunning, start, type Run } from "./start-task.ts";
import { lastLines } from "./task-log.ts";
import { watchTask } from "./watch-task.ts";

const STOP_LIMIT_MS = 3 * 60_000;

const ACTION = "ecs:RunTask, ecs:ListTasks, ecs:DescribeTasks";

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
