import { AppError } from "../../domain/errors.ts";
import type { RuleText } from "../../domain/migration-rule.ts";
import type { MigrationFinding, RehearsedMigration } from "../../domain/rehearsal.ts";
import type { AppContext } from "../context.ts";
import { listRehearsals } from "./records.ts";

export type Explained =
  | { type: "rule"; rule: RuleText }
  | { type: "migration"; migration: RehearsedMigration; findings: MigrationFinding[] };

/**
 * What a rule says of itself, or what the latest recorded rehearsal showed of a migration. Throws USAGE with the nearest
 * rule when it is neither.
 */
export const explain = async (context: AppContext, name: string): Promise<Explained> => {
  const rehearser = await context.rehearser("");
  const { text, meant } = rehearser.explain(name);
  if (text !== null) return { type: "rule", rule: text };
  for (const { migrations, findings } of await listRehearsals(context.store)) {
    const migration = migrations.find((one) => one.name === name);
    if (migration !== undefined)
      return { type: "migration", migration, findings: findings.filter((one) => one.migration === name) };
  }
  throw new AppError("USAGE", `"${name}" is neither a rule nor a migration that was rehearsed.`, {
    hint: meant === null ? "the rules are in docs/migration-rules.md" : `did you mean ${meant}?`,
  });
};
