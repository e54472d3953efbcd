import { downCommand } from "../../domain/plan.ts";
import { checkRows } from "./check-rows.ts";
import { runUntilDone } from "./run-migration.ts";
import { step } from "./step.ts";

/**
 * Takes the schema back to what an earlier release knows, by the down command of the release that is left, after what it
 * would lose was counted in the live database. Judged by its exit code and by what is applied afterwards. Taken back by
 * running the migrations again.
 */
export const migrateDown = step({
  kind: "migrate-down",
  effect: "changes",
  observe: async ({ migrations, spec, keep }, { platform }, context) => {
    const applied = await platform.appliedMigrations(migrations, spec, context);
    return { done: applied.every((name) => keep.includes(name)), before: applied };
  },
  run: async (action, deps, context) => {
    const { migrations, spec, keep, limits } = action;
    if (!action.acceptDataLoss) await checkRows(action.loses, deps, context);
    const applied = await deps.platform.appliedMigrations(migrations, spec, context);
    return runUntilDone(
      {
        command: downCommand(migrations, { applied, keep }),
        migrations,
        spec,
        limits,
        left: (now) => now.filter((name) => !keep.includes(name)),
        leftWord: "left applied",
      },
      deps,
      context,
    );
  },
  compensate: async ({ migrations, spec, limits }, before, deps, context) => {
    const wanted = Array.isArray(before) ? before.map(String) : [];
    const left = (applied: string[]) => wanted.filter((name) => !applied.includes(name));
    if (left(await deps.platform.appliedMigrations(migrations, spec, context)).length === 0) return;
    const command = migrations.up;
    await runUntilDone({ command, migrations, spec, limits, left, leftWord: "left out" }, deps, context);
  },
  detail: ({ keep }) => `back to ${keep.at(-1) ?? "nothing"}`,
  receipt: ({ keep, acceptDataLoss }, { before, reverted }) => {
    const undone = (Array.isArray(before) ? before.map(String) : []).filter((name) => !keep.includes(name));
    if (undone.length === 0) return null;
    const what =
      undone.length === 1 ? `migration ${undone[0]}` : `migrations ${undone[0]} to ${undone.at(-1)}`;
    const lost = acceptDataLoss ? ", with the data that only they held" : "";
    return { what, detail: reverted ? "(run again)" : `(taken back by its down${lost})` };
  },
});
