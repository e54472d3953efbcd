import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PolicyReport } from "../../domain/policy-finding.ts";
import { checkPolicies, type CheckOptions } from "./check-policies.ts";
import type { Rule } from "./rule.ts";
import type {
  Expressions,
  Json,
  JsonObject,
  PlanModule,
  PlanResource,
  PolicyPlan,
} from "./terraform-plan.ts";

const read = (name: string): string =>
  readFileSync(new URL(`testdata/${name}.json`, import.meta.url), "utf8");
const texts = new Map<string, string>();

/** A recorded plan, anew each time. Recorded by scripts/record-plan.mjs. */
export const planOf = (name = "good-plan"): PolicyPlan => {
  if (!texts.has(name)) texts.set(name, read(name));
  return JSON.parse(texts.get(name)!) as PolicyPlan;
};

/** Changes a plan in one place. */
export type Mutation = (plan: PolicyPlan) => void;

const modulesOf = (module: PlanModule): PlanModule[] => [
  module,
  ...(module.child_modules ?? []).flatMap(modulesOf),
];

const everyModule = (plan: PolicyPlan): PlanModule[] => [
  ...modulesOf(plan.planned_values.root_module),
  ...modulesOf(plan.prior_state?.values?.root_module ?? {}),
];

const resourceAt = (plan: PolicyPlan, address: string): PlanResource => {
  const found = everyModule(plan)
    .flatMap(({ resources = [] }) => resources)
    .find((resource) => resource.address === address);
  if (found === undefined) throw new Error(`the plan has no ${address}`);
  return found;
};

/** Sets `path`; undefined takes it away. Blocks on the way are made. */
const put = (target: JsonObject, path: string, value: Json | undefined): void => {
  const keys = path.split(".");
  const last = keys.pop()!;
  let at = target as Record<string, Json | undefined>;
  for (const [index, key] of keys.entries()) {
    at[key] ??= /^\d+$/.test(keys[index + 1] ?? last) ? [] : {};
    at = at[key] as Record<string, Json | undefined>;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
};

const unknownOf = (plan: PolicyPlan, address: string): JsonObject => {
  const change = (plan.resource_changes ?? []).find((one) => one.address === address)?.change;
  if (change === undefined) return {};
  change.after_unknown ??= {};
  return change.after_unknown as JsonObject;
};

export const set =
  (address: string, path: string, value: Json): Mutation =>
  (plan) => {
    put((resourceAt(plan, address).values ??= {}), path, value);
    const [top = ""] = path.split(".");
    const unknown = unknownOf(plan, address);
    if (unknown[top] === true) delete unknown[top];
    else put(unknown, path, undefined);
  };

/** As if nobody had written it: neither a value nor one that comes later. */
export const unset =
  (address: string, path: string): Mutation =>
  (plan) => {
    put((resourceAt(plan, address).values ??= {}), path, undefined);
    put(unknownOf(plan, address), path, undefined);
  };

/** As if it were known only after the apply. */
export const later =
  (address: string, path: string): Mutation =>
  (plan) => {
    put((resourceAt(plan, address).values ??= {}), path, undefined);
    put(unknownOf(plan, address), path, true);
  };

export const remove =
  (address: string): Mutation =>
  (plan) => {
    resourceAt(plan, address);
    for (const module of everyModule(plan)) {
      if (module.resources) module.resources = module.resources.filter((one) => one.address !== address);
    }
  };

const TAGS = { Project: "shop", Environment: "production", ManagedBy: "terraform" };

/** A resource `TYPE.planted` of the root that the plan did not have. */
export const plant =
  (type: string, values: JsonObject, expressions: Expressions = {}): Mutation =>
  (plan) => {
    const entry = { address: `${type}.planted`, mode: "managed", type, name: "planted" };
    const { root_module } = plan.planned_values;
    root_module.resources = [
      ...(root_module.resources ?? []),
      { ...entry, values: { tags_all: TAGS, ...values } },
    ];
    plan.resource_changes?.push({ ...entry, change: { actions: ["create"], after_unknown: {} } });
    const configuration = plan.configuration.root_module;
    configuration.resources = [...(configuration.resources ?? []), { ...entry, expressions }];
  };

/** As if somebody had written the argument in the configuration of a resource of the root. */
export const write =
  (address: string, name: string, expression: Json): Mutation =>
  (plan) => {
    const found = plan.configuration.root_module.resources?.find((resource) => resource.address === address);
    put((found!.expressions ??= {}), name, expression);
  };

export const reportOf = (
  mutations: Mutation[],
  options: Partial<CheckOptions> = {},
  plan = planOf(),
): PolicyReport => {
  for (const mutation of mutations) mutation(plan);
  return checkPolicies(plan, { environment: "production", today: "2026-11-25", ...options });
};

/** Which rules were broken where, each once. */
export const brokenIn = ({ findings }: PolicyReport): string[] => [
  ...new Set(
    findings.filter(({ state }) => state === "broken").map(({ rule, address }) => `${rule} at ${address}`),
  ),
];

export type Violation = [rule: string, at: string, ...mutations: Mutation[]];

/** Each violation breaks its rule at its address and no other, and each rule has one. */
export const testViolations = (rules: Rule[], violations: Violation[]): void => {
  test.each(violations)("%s is broken at %s, and nothing else is", (rule, at, ...mutations) => {
    const report = reportOf(mutations);
    expect(brokenIn(report)).toEqual([`${rule} at ${at}`]);
    expect(report.findings.filter(({ state }) => state !== "broken")).toEqual([]);
  });

  test("each rule has a violation", () => {
    const planted = new Set(violations.map(([rule]) => rule));
    expect(rules.map(({ id }) => id).filter((id) => !planted.has(id))).toEqual([]);
  });
};
