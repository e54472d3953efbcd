import type { PolicyFinding, PolicyReport, PolicyWaiver } from "../../domain/policy-finding.ts";
import type { PlannedResource } from "./planned-resource.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";
import type { PolicyPlan } from "./terraform-plan.ts";
import { applyWaivers } from "./waivers.ts";
import { makeWorld, type PolicyOptions, type World } from "./world.ts";

export interface CheckOptions extends PolicyOptions {
  waivers?: PolicyWaiver[];
  /** The day on which waivers are judged, `2026-11-25`. */
  today: string;
}

const SEVERITY = { high: 0, medium: 1, low: 2 };
const STATE = { broken: 0, unknown: 1, waived: 2 };

/**
 * Asks every policy of every resource that is there after the apply. Pure. What the plan cannot tell yet is a finding
 * of its own ("unknown"); the worst comes first, and equal plans give equal reports.
 */
export const checkPolicies = (plan: PolicyPlan, options: CheckOptions): PolicyReport => {
  const world = makeWorld(plan, options);
  const found = RULES.flatMap((rule) =>
    resourcesFor(rule, world)
      .filter((resource) => rule.when?.(resource, world) ?? true)
      .flatMap((resource) => findingsOf(rule, resource, world)),
  );
  const { findings, problems } = applyWaivers(found, options.waivers ?? [], {
    rules: new Set(RULES.map(({ id }) => id)),
    today: options.today,
  });
  findings.sort(
    (one, other) =>
      STATE[one.state] - STATE[other.state] ||
      SEVERITY[one.severity] - SEVERITY[other.severity] ||
      compare(one.rule, other.rule) ||
      compare(one.address, other.address) ||
      compare(one.attribute, other.attribute),
  );
  return { findings, waivers: problems, rules: RULES.length, resources: world.resources.length };
};

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const resourcesFor = ({ types, only }: Rule, world: World): PlannedResource[] => {
  if (only === "production" && !world.production) return [];
  if (only === "protected" && !world.production && !world.protect) return [];
  return types === null ? world.resources : world.ofType(...types);
};

const findingsOf = (rule: Rule, resource: PlannedResource, world: World): PolicyFinding[] =>
  rule.check(resource, world).map((verdict) => ({
    ...{ rule: rule.id, severity: rule.severity, address: resource.address },
    ...verdict,
    ...{ title: rule.title, why: rule.why, reference: rule.reference, waiver: null },
  }));
