import { expect, test } from "vitest";
import { checkPolicies } from "./check-policies.ts";
import { readResources } from "./planned-resource.ts";
import type { PolicyPlan } from "./terraform-plan.ts";
import { brokenIn, planOf } from "./testbed.ts";
import { known } from "./value-at.ts";

const report = (environment: string) =>
  checkPolicies(planOf(`app-${environment}`), { environment, today: "2026-11-25" });

/** Recorded from test/infra/app-environment by scripts/record-plan.mjs. */
const ENVIRONMENTS = ["staging", "production"];

test.each(ENVIRONMENTS)("the app module in %s keeps all policies", (environment) => {
  const found = report(environment);
  expect(brokenIn(found)).toEqual([]);
  expect(found.resources).toBeGreaterThan(150);
});

test.each(ENVIRONMENTS)(
  "a first plan of %s cannot tell one thing: the task of the roles holds the address of a database that is not there yet",
  (environment) => {
    expect(report(environment).findings.map(({ rule, state, address }) => [rule, state, address])).toEqual([
      [
        "task-writes-logs",
        "unknown",
        "module.app.module.database[0].module.roles[0].aws_ecs_task_definition.this",
      ],
    ]);
  },
);

test.each(ENVIRONMENTS)("every role of %s carries the boundary that the root hands in", (environment) => {
  const roles = readResources(planOf(`app-${environment}`)).filter(({ type }) => type === "aws_iam_role");
  expect(roles.length).toBeGreaterThan(5);
  expect(new Set(roles.map((role) => known(role, "permissions_boundary")))).toEqual(
    new Set(["arn:aws:iam::123456789012:policy/switchback/rideshare-boundary"]),
  );
});

test.each([
  ["load-balancer-in-two-zones", "module.app.module.cluster.aws_lb.this[0]"],
  ["services-in-two-zones", 'module.app.module.service["api"].aws_ecs_service.this'],
  ["database-subnets-in-two-zones", "module.app.module.database[0].aws_db_subnet_group.this"],
  ["cache-subnets-in-two-zones", "module.app.module.cache[0].aws_elasticache_subnet_group.this"],
])("subnets in one zone break %s in a first plan", (rule, address) => {
  const text = JSON.stringify(planOf("app-staging")).replaceAll(
    /"availability_zone":"[^"]+"/g,
    '"availability_zone":"eu-north-1a"',
  );
  const broken = brokenIn(
    checkPolicies(JSON.parse(text) as PolicyPlan, { environment: "staging", today: "2026-11-25" }),
  );
  expect(broken).toContain(`${rule} at ${address}`);
});

test("a rule that is broken deep inside the module is found there", () => {
  const plan = planOf("app-production");
  const text = JSON.stringify(plan).replaceAll('"storage_encrypted":true', '"storage_encrypted":false');
  const broken = brokenIn(
    checkPolicies(JSON.parse(text) as typeof plan, { environment: "production", today: "2026-11-25" }),
  );
  expect(broken).toContain(
    "database-storage-encrypted at module.app.module.database[0].aws_db_instance.this",
  );
});
