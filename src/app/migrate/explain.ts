import { AppError } from "../../domain/errors.ts";
import type { RuleText } from "../../domain/migration-rule.ts";
import type { Rehearsal } from "../../domain/rehearsal.ts";
import type { AppContext } from "../context.ts";
import { listRehearsals } from "./records.ts";

export type Explained = { type: "rule"; rule: RuleText } | { type: "migration"; rehearsal: Rehearsal };

/**
 * What a rule says of itself, or what a recorded rehearsal showed of a migration. Throws USAGE with the nearest
 * rule when it is neither.
 */
export const explain = async (context: AppContext, name: string): Promise<Explained> => {
  const rehearser = await context.rehearser("");
  const { text, meant } = rehearser.explain(name);
  if (text !== null) return { type: "rule", rule: text };
  const knows = ({ migrations, findings }: Rehearsal) =>
    migrations.some((one) => one.name === name) || findings.some(({ migration }) => migration === name);
  const rehearsal = (await listRehearsals(context.store)).find(knows);
  if (rehearsal !== undefined) return { type: "migration", rehearsal };
  throw new AppError("USAGE", `"${name}" is neither a rule nor a migration that was rehearsed.`, {
    hint: meant === null ? "the rules are in docs/migration-rules.md" : `did you mean ${meant}?`,
  });
};
