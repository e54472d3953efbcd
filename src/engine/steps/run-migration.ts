import { AppError } from "../../domain/errors.ts";
import { wayOutOf } from "../../domain/migration-leftover.ts";
import type { MigrationLimits } from "../../domain/app-definition.ts";
import type { ReleaseMigrations } from "../../domain/release.ts";
import type { RevisionSpec } from "../../domain/revision.ts";
import type { EffectContext, MigrationResult } from "../../ports/platform.ts";
import { describeDuration, judgeAttempt } from "./judge-attempt.ts";
import type { StepDeps } from "./step.ts";

export interface MigrationRunRequest {
  command: string;
  migrations: ReleaseMigrations;
  spec: RevisionSpec;
  limits: MigrationLimits;
  /** What is still to be done, in names: empty when the command has done its work. */
  left: (applied: string[]) => string[];
  /** The word for `left` in an error: "left out", "still applied". */
  leftWord: string;
}

/**
 * Runs the command until nothing is left to do. Tried again, with back-off, only when it waited too long for a lock and left
 * nothing half done. Returns what is applied then; throws MIGRATION_FAILED with what is in, what is not, and the way out.
 */
export const runUntilDone = async (
  request: MigrationRunRequest,
  { platform, clock }: Pick<StepDeps, "platform" | "clock">,
  context: EffectContext,
): Promise<{ applied: string[]; tries: number; log: string | null }> => {
  const { command, migrations, spec, limits, left } = request;
  let before: string[] | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const result = await platform.runMigration({ command, limits }, spec, context);
    const applied = await platform.appliedMigrations(migrations, spec, context);
    const missing = left(applied);
    const moved = before === null || before.join("\n") !== applied.join("\n");
    const judged = judgeAttempt({ result, missing: missing.length, moved, attempt, limits });
    if (judged.type === "done") return { applied, tries: attempt, log: result.log };
    if (judged.type === "failed") throw failed(request, { result, applied, missing, attempt });
    before = applied;
    const { pauseMs } = judged;
    context.onProgress?.(
      `no lock within ${describeDuration(limits.lockTimeoutMs)}: again in ${describeDuration(pauseMs)} (try ${attempt + 1} of ${limits.retries + 1})`,
    );
    await clock.sleep(pauseMs, context.signal);
  }
};

const failed = (
  { command, leftWord, limits }: MigrationRunRequest,
  outcome: { result: MigrationResult; applied: string[]; missing: string[]; attempt: number },
): AppError => {
  const { result, applied, missing, attempt } = outcome;
  const ways = result.leftovers.map(wayOutOf);
  const why =
    result.exitCode === 0
      ? `it ${leftWord} ${missing.join(", ")}`
      : result.lockTimeout
        ? `it got no lock within ${describeDuration(limits.lockTimeoutMs)}, ${attempt === 1 ? "once" : `${attempt} times`}`
        : `it exited with code ${result.exitCode}`;
  const halfDone =
    result.changedSchema && applied.length === 0
      ? " Statements of it are in."
      : result.changedSchema && missing.length > 0
        ? ` Part of the work is in; ${missing[0]} is not written down as done.`
        : "";
  const hint =
    ways[0] === undefined
      ? "mend the migration and deploy again; what it had applied stays and is not run twice"
      : `${ways[0].what}. First: ${ways[0].way}`;
  return new AppError("MIGRATION_FAILED", `The migration command failed: ${why}.${halfDone}`, {
    hint,
    context: {
      command,
      exitCode: result.exitCode,
      lines: result.lines,
      ...(result.log === null ? {} : { log: result.log }),
      applied,
      missing,
      ...(ways.length === 0 ? {} : { leftovers: ways.map(({ what, way }) => `${what}: ${way}`) }),
    },
  });
};
