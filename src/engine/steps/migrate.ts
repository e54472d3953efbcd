import { AppError } from "../../domain/errors.ts";
import type { Json } from "../../domain/log-entry.ts";
import { step } from "./step.ts";

const namesIn = (value: Json): string[] => (Array.isArray(value) ? value.map(String) : []);

/**
 * Brings the schema up to the release's migrations by the release's own `up` command. Judged by its exit code *and* by
 * what is applied afterwards. Not compensated: an expanded schema stays, the release before runs on it.
 */
export const migrate = step({
  kind: "migrate",
  effect: "changes",
  observe: async ({ migrations, spec }, { platform }, context) => {
    const applied = await platform.appliedMigrations(migrations, spec, context);
    return { done: migrations.names.every((name) => applied.includes(name)), before: applied };
  },
  run: async ({ migrations, spec }, { platform }, context) => {
    const result = await platform.runCommand(migrations.up, spec, context);
    const applied = await platform.appliedMigrations(migrations, spec, context);
    const missing = migrations.names.filter((name) => !applied.includes(name));
    if (result.exitCode === 0 && missing.length === 0) return { applied };
    const why =
      result.exitCode === 0 ? `it left out ${missing.join(", ")}` : `it exited with code ${result.exitCode}`;
    throw new AppError("MIGRATION_FAILED", `The migration command failed: ${why}.`, {
      hint: "mend the migration and deploy again; what it had applied stays and is not run twice",
      context: {
        command: migrations.up,
        exitCode: result.exitCode,
        lines: result.lines.slice(-20),
        applied,
        missing,
      },
    });
  },
  detail: ({ migrations }) => `at ${migrations.names.at(-1) ?? "nothing"}`,
  receipt: ({ migrations }, { before, outputs }) => {
    // It could not even be asked what is applied: nothing was run.
    if (before === null && outputs === null) return null;
    const was = namesIn(before);
    const now = outputs === null ? [] : namesIn((outputs as { applied: Json }).applied);
    const added = (outputs === null ? migrations.names : now).filter((name) => !was.includes(name));
    return added.length === 0
      ? null
      : added.length === 1
        ? { what: `migration ${added[0]}`, detail: "(the schema keeps it)" }
        : { what: `migrations ${added[0]} to ${added.at(-1)}`, detail: "(the schema keeps them)" };
  },
});
