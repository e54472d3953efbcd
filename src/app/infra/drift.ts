import { driftOf, isUndoneBy, type Drift } from "../../infra/drift.ts";
import { declaredRules, foreignRules, groupsApart } from "../../infra/foreign-rules.ts";
import { fieldsIn } from "../../infra/plain-json.ts";
import { readPlan } from "../../infra/read-plan.ts";
import { variablesFor } from "../../infra/variables.ts";
import type { InfraContext, InfraSession } from "./context.ts";
import { prepare } from "./prepare.ts";

export interface InfraDrift {
  environment: string;
  drift: Drift[];
  /** How many security groups were looked into, rule by rule. */
  securityGroups: number;
}

/**
 * What was changed outside of Terraform: what it finds itself, and rules in its security groups that it cannot see. The
 * state stays as it is.
 */
export const infraDrift = async (
  context: InfraContext,
  environment: string,
  session: InfraSession,
): Promise<InfraDrift> => {
  const { region } = variablesFor(context.app, environment);
  const { folder, terraform } = await prepare(context, environment, session);
  const file = await folder.planFile("look");
  session.onPhase(`looking at what ${folder.path} made`);
  await terraform.plan({ ...session, file, mode: "look" });
  const json = await terraform.show(file);
  await folder.forgetPlan("look");
  const declared = declaredRules(fieldsIn(json)?.["prior_state"]);
  const apart = groupsApart(declared);
  const groups = [...declared.groups].filter(([, address]) => apart.has(address)).map(([id]) => id);
  const rules =
    groups.length === 0 ? [] : await context.facts.rulesOf(groups, { region, signal: session.interrupt });
  const plan = readPlan(json);
  return {
    environment,
    drift: [...driftOf(plan, apart).filter(isUndoneBy(plan)), ...foreignRules(declared, rules)],
    securityGroups: groups.length,
  };
};
