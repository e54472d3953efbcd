import type { PolicyReport } from "../../domain/policy-finding.ts";
import { checkPolicies } from "../../infra/policy/check-policies.ts";
import type { PolicyPlan } from "../../infra/policy/terraform-plan.ts";
import type { InfraContext } from "./context.ts";
import type { MadePlan } from "./make-plan.ts";

/** What the policies say of a plan of an environment, with the waivers that hold today. */
export const judgePlan = (
  { app, clock }: Pick<InfraContext, "app" | "clock">,
  environment: string,
  { json }: Pick<MadePlan, "json">,
): PolicyReport =>
  checkPolicies(json as PolicyPlan, {
    environment,
    waivers: app.environments[environment]?.aws?.waive ?? [],
    today: new Date(clock.nowMs()).toISOString().slice(0, 10),
  });
