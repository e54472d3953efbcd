import { expect, test } from "vitest";
import { checkPolicies } from "./check-policies.ts";
import { brokenIn, planOf } from "./testbed.ts";

const report = (environment: string) =>
  checkPolicies(planOf(`app-${environment}`), { environment, today: "2026-11-25" });

/** Recorded from test/infra/app-environment by scripts/record-plan.mjs. */
const SITE = "module.app.module.site[0]";

test.each([
  ["staging", []],
  [
    "production",
    [
      `bucket-access-logged at ${SITE}.aws_s3_bucket.sites`,
      'bucket-access-logged at module.app.module.storage.aws_s3_bucket.this["uploads"]',
    ],
  ],
])("the app module in %s keeps all policies but these", (environment, broken) => {
  const { findings, resources } = report(environment);
  expect(brokenIn({ findings, resources, rules: 0, waivers: [] })).toEqual(broken);
  expect(findings.filter(({ severity, state }) => severity === "high" && state === "broken")).toEqual([]);
  expect(resources).toBeGreaterThan(150);
});

test.each(["staging", "production"])(
  "what a first plan of %s cannot tell is zones, dynamic blocks and texts with ARNs",
  (environment) => {
    const unknown = report(environment).findings.filter(({ state }) => state === "unknown");
    expect([...new Set(unknown.map(({ rule }) => rule))].sort()).toEqual([
      "bucket-denies-plain-http",
      "cache-subnets-in-two-zones",
      "database-subnets-in-two-zones",
      "distribution-response-headers",
      "load-balancer-in-two-zones",
      "policy-readable",
      "services-in-two-zones",
      "task-writes-logs",
    ]);
  },
);

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
