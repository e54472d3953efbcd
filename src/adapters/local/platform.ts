import type { ObservedEnvironment, RevisionMetrics } from "../../domain/observed.ts";
import { AppError } from "../../domain/errors.ts";
import type {
  CommandResult,
  EffectContext,
  MigrationResult,
  OneOffContext,
  Platform,
} from "../../ports/platform.ts";
import { callSupervisor, effectId } from "./client.ts";
import type { Secrets } from "./secrets.ts";
import type { EffectName } from "./supervisor/protocol.ts";

export interface LocalPlatformOptions {
  environment: string;
  socketPath: string;
  secrets: Secrets;
}

/** Only a request has to arrive in this time: the supervisor's own fence ends what an earlier deployer had begun. */
const CALL_BUDGET_MS = 2_000;

/** The local platform: every effect is asked of the supervisor, which outlives this process. */
export const makeLocalPlatform = ({ environment, socketPath, secrets }: LocalPlatformOptions): Platform => {
  const path = (rest: string): string => `/v1/environments/${environment}/${rest}`;
  const ask = (rest: string, body: unknown, signal: AbortSignal): Promise<unknown> =>
    callSupervisor(socketPath, { path: path(rest), body, signal });

  const effect = async (
    name: EffectName,
    input: unknown,
    context: EffectContext | OneOffContext,
  ): Promise<unknown> => {
    const { epoch, deployment, signal, onProgress } = context;
    const id = effectId();
    signal.throwIfAborted();
    const cancel = () =>
      // A supervisor that is gone has nothing to cancel.
      void callSupervisor(socketPath, { path: "/v1/cancel", body: { id } }).catch(() => undefined);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const body = { id, epoch, deployment, input };
      // Without the signal: a cancelled effect answers once nothing of it runs any more.
      return await callSupervisor(socketPath, { path: path(`effects/${name}`), body, onProgress });
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };

  const runCommand = async (command: string, spec: unknown, context: EffectContext | OneOffContext) =>
    (await effect("run-command", { command, spec }, context)) as CommandResult;

  return {
    name: "local",
    rollout: "engine",
    callBudgetMs: CALL_BUDGET_MS,
    observe: async ({ signal, epoch }) =>
      (await ask("observe", epoch === undefined ? {} : { epoch }, signal)) as ObservedEnvironment,
    secretVersions: (wanted) => secrets.versions(environment, wanted),
    unreadableSecrets: (bound) => secrets.unreadable(environment, bound),
    ensureBacking: async (backing, context) =>
      (await effect("ensure-backing", { backing }, context)) as { notes: string[] },
    stageRevision: async (staged, context) => void (await effect("stage-revision", staged, context)),
    stageSite: async (site, context) => void (await effect("stage-site", { site }, context)),
    setInstances: async (service, counts, context) =>
      void (await effect("set-instances", { service, counts }, context)),
    setWeights: async (service, weights, context) =>
      void (await effect("set-weights", { service, weights }, context)),
    switchSite: async (site, to, context) => void (await effect("switch-site", { site, to }, context)),
    appliedMigrations: async (migrations, spec, context) => {
      const { onProgress: _quiet, ...quiet } = context;
      const result = await runCommand(migrations.status, spec, quiet);
      if (result.exitCode === 0)
        return result.stdout
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => line !== "");
      throw new AppError(
        "MIGRATION_FAILED",
        `The migration status command exited with code ${result.exitCode}.`,
        {
          hint: "it must print the names of the applied migrations, one a line",
          context: { command: migrations.status, lines: result.lines.slice(-20) },
        },
      );
    },
    runCommand,
    runMigration: async ({ command, limits }, spec, context) =>
      (await effect("run-migration", { command, limits, spec }, context)) as MigrationResult,
    databaseReader: async ({ signal }) => (await ask("database-reader", {}, signal)) as string | null,
    countRows: async (questions, { signal }) => (await ask("count-rows", { questions }, signal)) as number[],
    metrics: async (service, revision, sinceMs, { signal }) =>
      (await ask("metrics", { service, revision, sinceMs }, signal)) as RevisionMetrics,
    smoke: async (check, { signal }) => void (await ask("smoke", { check }, signal)),
    retire: async (keep, context) => void (await effect("retire", keep, context)),
    settle: async (context) => void (await effect("settle", {}, context)),
    close: async () => undefined,
  };
};
