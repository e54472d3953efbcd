import { buildTalk } from "../build-talk.ts";
import type { CommandContext } from "../command-context.ts";
import { noWayBackIn } from "../no-way-back.ts";
import { runDeploymentCommand, type DeploymentOptions } from "./deployment-command.ts";

export interface DeployOptions extends DeploymentOptions {
  release?: string;
}

/** `deploy ENV`: builds what changed and takes the environment to it. */
export const deploy = (
  context: CommandContext,
  environment: string,
  options: DeployOptions,
): Promise<number> =>
  runDeploymentCommand(context, options, {
    asked: "serve",
    run: async ({ app, report, signal }) => {
      const { deployRelease } = await import("../../app/deploy.ts");
      const { releaseOfSources, resolveRelease } = await import("../../app/releases.ts");
      const { environmentOf } = await import("../../app/context.ts");
      environmentOf(app, environment);
      const onProgress = buildTalk(context, options);
      const release =
        options.release === undefined
          ? (await releaseOfSources(app, { signal, onProgress })).release
          : await resolveRelease(app, options.release);
      const reason = options.reason ?? null;
      const wait = options.wait === true;
      return deployRelease(app, {
        environment,
        action: "deploy",
        release,
        binding: null,
        reason,
        automated: options.automated === true,
        noWayBack: noWayBackIn(options),
        wait,
        report,
        signal,
      });
    },
  });

/** `promote ENV`: the release of the environment before, byte for byte. */
export const promote = (
  context: CommandContext,
  environment: string,
  options: DeploymentOptions,
): Promise<number> =>
  runDeploymentCommand(context, options, {
    asked: "serve",
    run: async ({ app, report, signal }) => {
      const { deployRelease } = await import("../../app/deploy.ts");
      const { releaseToPromote } = await import("../../app/promote.ts");
      const release = await releaseToPromote(app, environment);
      const reason = options.reason ?? null;
      const wait = options.wait === true;
      return deployRelease(app, {
        environment,
        action: "promote",
        release,
        binding: null,
        reason,
        automated: options.automated === true,
        noWayBack: noWayBackIn(options),
        wait,
        report,
        signal,
      });
    },
  });

/** `rollback ENV [--to RELEASE]`. */
export const rollback = (
  context: CommandContext,
  environment: string,
  options: DeploymentOptions & { to?: string; acceptDataLoss?: boolean },
): Promise<number> =>
  runDeploymentCommand(context, options, {
    asked: "serve",
    run: async ({ app, report, signal }) => {
      const { rollback: rollBack } = await import("../../app/rollback.ts");
      const { to = null, reason = null, wait = false, acceptDataLoss = false } = options;
      const noWayBack = noWayBackIn(options);
      return rollBack(app, { environment, to, reason, noWayBack, acceptDataLoss, wait, report, signal });
    },
  });

/** `resume ENV` and `abort ENV`: finish an open deployment. */
export const finish = (
  context: CommandContext,
  how: "resume" | "abort",
  environment: string,
  options: DeploymentOptions,
): Promise<number> =>
  runDeploymentCommand(context, options, {
    asked: how === "abort" ? "abort" : "serve",
    run: async ({ app, report, signal }) => {
      const { finishDeployment } = await import("../../app/resume.ts");
      return finishDeployment(app, { environment, how, wait: options.wait === true, report, signal });
    },
  });
