import type { Moto } from "../call.ts";
import { openLog } from "./container-log.ts";
import type { ContainerDefinition, TaskDefinition } from "./definition.ts";
import { runContainer, type RunningContainer } from "./run-container.ts";
import { secretValue } from "./secret-values.ts";
import type { Task } from "./task.ts";

export interface World {
  moto: Moto;
  now(): Date;
  /** What a container reaches over the network, as it is reached on this machine: changes its environment. */
  network(environment: Record<string, string>): Promise<Record<string, string>>;
  canPull(image: string): boolean;
}

export interface Playing {
  stop(options: { reason: string; code: string; graceMs: number | null }): void;
  ended: Promise<void>;
}

/** ECS tells the first failure of a start in these words, and no exit code. */
class NotStarted extends Error {}

const pull = ({ image }: ContainerDefinition, { canPull }: World): void => {
  if (!canPull(image))
    throw new NotStarted(
      `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}`,
    );
};

const environmentOf = async (task: Task, container: ContainerDefinition, world: World) => {
  const env: Record<string, string> = { PATH: process.env["PATH"] ?? "", ...container.environment };
  for (const [name, from] of Object.entries(container.secrets))
    env[name] = await secretValue(world.moto, task.region, from).catch((error: Error) => {
      throw new NotStarted(
        `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ` +
          `unable to retrieve secret from asm: ${error.message}`,
      );
    });
  return world.network(env);
};

/**
 * A task from PROVISIONING to STOPPED: what is needed is fetched while it is PENDING, the commands run while it is RUNNING, and
 * the first essential container that ends takes the others with it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export const playTask = (task: Task, definition: TaskDefinition, world: World): Playing => {
  const running = new Map<string, RunningContainer>();
  let asked: { reason: string; code: string } | null = null;
  const graceOf = ({ stopTimeoutSeconds }: ContainerDefinition) => stopTimeoutSeconds * 1000;

  const stopAll = (graceMs: number | null) => {
    for (const container of definition.containers)
      running.get(container.name)?.stop({ graceMs: graceMs ?? graceOf(container) });
  };
  const begin = async () => {
    task.lastStatus = "PENDING";
    for (const container of definition.containers) {
      pull(container, world);
      const env = await environmentOf(task, container, world);
      const log = await openLog(world.moto, { container, taskId: task.id, now: world.now }).catch(
        (error: Error) => {
          throw new NotStarted(
            `ResourceInitializationError: failed to validate logger args: ${error.message}`,
          );
        },
      );
      if (asked !== null) return;
      const told = task.containers.find(({ name }) => name === container.name)!;
      const one = await runContainer(container, { env, log }).catch((error: Error) => {
        throw new NotStarted(`CannotStartContainerError: failed to create task: ${error.message}`);
      });
      told.lastStatus = "RUNNING";
      running.set(container.name, {
        ...one,
        ended: one.ended.then(async (exitCode) => {
          await log.flush();
          Object.assign(told, { lastStatus: "STOPPED", exitCode });
          return exitCode;
        }),
      });
    }
    Object.assign(task, { lastStatus: "RUNNING", startedAt: world.now() });
    // A stop that came while it started.
    if (asked !== null) stopAll(null);
    const essential = definition.containers.filter((one) => one.essential);
    await Promise.race(essential.map(({ name }) => running.get(name)!.ended));
    task.desiredStatus = "STOPPED";
    stopAll(null);
    await Promise.all([...running.values()].map(({ ended }) => ended));
  };
  const end = (stopCode: string, stoppedReason: string) => {
    const at = world.now();
    for (const container of task.containers) container.lastStatus = "STOPPED";
    Object.assign(task, {
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stopCode,
      stoppedReason,
      stoppedAt: at,
    });
    task.stoppingAt ??= at;
  };
  const ended = begin().then(
    () => {
      if (asked !== null) end(asked.code, asked.reason);
      else end("EssentialContainerExited", "Essential container in task exited");
    },
    async (error: Error) => {
      stopAll(0);
      await Promise.allSettled([...running.values()].map((one) => one.ended));
      const bug = error instanceof NotStarted ? "" : "RigBug: ";
      end("TaskFailedToStart", `${bug}${error.message}`);
    },
  );
  return {
    ended,
    stop: ({ reason, code, graceMs }) => {
      if (task.lastStatus === "STOPPED") return;
      asked ??= { reason, code };
      task.desiredStatus = "STOPPED";
      task.stoppingAt ??= world.now();
      stopAll(graceMs);
    },
  };
};
