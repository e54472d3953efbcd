import { DescribeTasksCommand, type ECSClient, type Task } from "@aws-sdk/client-ecs";
import type { Clock } from "../../ports/clock.ts";

/** Soon after each change, when the next one may be near; then more and more seldom. */
const FIRST_MS = 1000;
const MOST_MS = 8000;
const GROWTH = 1.5;
/** A task that was made just now may not be told for a moment. */
const UNSEEN_MS = 60_000;

/** Asks until the task is STOPPED, tells each status once. "gone": ECS does not know it (any more). */
export const watchTask = async (
  {
    client,
    clock,
    signal,
    onStatus,
  }: { client: ECSClient; clock: Clock; signal: AbortSignal; onStatus(status: string): void },
  { cluster, arn, limitMs }: { cluster: string; arn: string; limitMs: number },
): Promise<Task | "gone" | "still there"> => {
  const startedMs = clock.monotonicMs();
  let told: string | null = null;
  let waitMs = FIRST_MS;
  for (;;) {
    const command = new DescribeTasksCommand({ cluster, tasks: [arn] });
    const { tasks } = await client.send(command, { abortSignal: signal });
    const task = tasks?.[0];
    if (task?.lastStatus === "STOPPED") return task;
    const elapsedMs = clock.monotonicMs() - startedMs;
    if (task === undefined && (told !== null || elapsedMs > UNSEEN_MS)) return "gone";
    if (elapsedMs > limitMs) return "still there";
    const status = task?.lastStatus ?? null;
    if (status !== null && status !== told) {
      told = status;
      waitMs = FIRST_MS;
      onStatus(status);
    }
    await clock.sleep(waitMs, signal);
    waitMs = Math.min(MOST_MS, waitMs * GROWTH);
  }
};
