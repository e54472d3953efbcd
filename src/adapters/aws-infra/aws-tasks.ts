import type { Clock } from "../../ports/clock.ts";
import type { AwsParameters, AwsTasks } from "../../ports/infra.ts";

/** Tasks on ECS with the caller's credentials. The SDK is loaded when it is first needed. */
export const makeAwsTasks = ({ clock }: { clock: Clock }): AwsTasks => ({
  run: async (task, options) => (await import("./run-task.ts")).runTask(task, { ...options, clock }),
});

export const makeAwsParameters = (): AwsParameters => ({
  read: async (name, options) => (await import("./parameters.ts")).readParameter(name, options),
  write: async (name, value, options) =>
    (await import("./parameters.ts")).writeParameter(name, value, options),
});
