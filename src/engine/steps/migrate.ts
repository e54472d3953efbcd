import { commandFor, downCommand, type StepAction } from "../../domain/plan.ts";
import type { Json } from "../../domain/log-entry.ts";
import type { ReceiptItem } from "../../domain/receipt.ts";
import { checkRows } from "./check-rows.ts";
import { runUntilDone } from "./run-migration.ts";
import { step } from "./step.ts";

type Migrate = Extract<StepAction, { kind: "migrate" }>;

const namesIn = (value: Json): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Of a plan that an earlier version wrote. */
const LIMITS = { lockTimeoutMs: 2_000, statementTimeoutMs: 0, retries: 5 };
const runOf = ({ migrations, run }: Migrate) =>
  run ?? {
    names: migrations.names,
    limits: LIMITS,
    back: { how: "stay" as const, because: null },
    held: [],
  };

/**
 * Brings the schema up to the plan's migrations by the release's own command. Judged by its exit code *and* by what is
 * applied afterwards. Taken back only where the rehearsal showed that the release before needs it: else the schema stays.
 */
export const migrate = step({
  kind: "migrate",
  effect: "changes",
  observe: async (action, { platform }, context) => {
    const applied = await platform.appliedMigrations(action.migrations, action.spec, context);
    return { done: runOf(action).names.every((name) => applied.includes(name)), before: applied };
  },
  run: async (action, deps, context) => {
    const { names, limits } = runOf(action);
    const { migrations, spec } = action;
    return runUntilDone(
      {
        command: commandFor(migrations, names),
        migrations,
        spec,
        limits,
        left: (applied) => names.filter((name) => !applied.includes(name)),
        leftWord: "left out",
      },
      deps,
      context,
    );
  },
  compensates: (action) => runOf(action).back.how === "down",
  compensate: async (action, before, deps, context) => {
    const { migrations, spec } = action;
    const { limits, back } = runOf(action);
    const keep = namesIn(before);
    const applied = await deps.platform.appliedMigrations(migrations, spec, context);
    const extra = (now: string[]) => now.filter((name) => !keep.includes(name));
    if (extra(applied).length === 0) return;
    await checkRows(back.loses ?? [], deps, context);
    await runUntilDone(
      {
        command: downCommand(migrations, { applied, keep }),
        migrations,
        spec,
        limits,
        left: extra,
        leftWord: "left applied",
      },
      deps,
      context,
    );
  },
  detail: (action, outputs) => {
    const { names, held } = runOf(action);
    const tries = (outputs as { tries?: number } | null)?.tries ?? 1;
    return [
      `at ${names.at(-1) ?? "nothing"}`,
      ...(tries > 1 ? [`${tries} tries`] : []),
      ...(held.length > 0 ? [`${held.length} held back`] : []),
    ].join(" · ");
  },
  receipt: (action, { before, outputs, reverted }) => {
    // It could not even be asked what is applied: nothing was run.
    if (before === null && outputs === null) return null;
    const was = namesIn(before);
    const now = outputs === null ? [] : namesIn((outputs as { applied: Json }).applied);
    const added = (outputs === null ? runOf(action).names : now).filter((name) => !was.includes(name));
    const { because } = runOf(action).back;
    if (reverted) return itemFor(added, "(taken back: the schema is as before)");
    const stays = added.length === 1 ? "the schema keeps it" : "the schema keeps them";
    return itemFor(added, `(${because === null ? stays : `${stays}: ${because}`})`);
  },
});

const itemFor = (names: string[], detail: string): ReceiptItem | null => {
  if (names.length === 0) return null;
  const what = names.length === 1 ? `migration ${names[0]}` : `migrations ${names[0]} to ${names.at(-1)}`;
  return { what, detail };
};
