import { expect, test } from "vitest";
import { exitCodeOfPolicies } from "../../domain/policy-finding.ts";
import { RULES } from "./rules.ts";
import type { PolicyPlan } from "./terraform-plan.ts";
import { brokenIn, later, plant, planOf, remove, reportOf, set, write } from "./testbed.ts";

const DATABASE = "aws_db_instance.this";
const LIVE = { environment: "production", today: "2026-11-25" };

test("the good plan keeps every policy", () => {
  const report = reportOf([]);
  expect(report.findings).toEqual([]);
  expect(report.waivers).toEqual([]);
  expect(report.resources).toBeGreaterThan(90);
});

test("there are well over sixty rules, each with an id of its own, two sentences and a page", () => {
  expect(RULES.length).toBeGreaterThan(120);
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, title, why, reference } of RULES) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(
      [title, why].every((text) => /^[A-Z].*\.$/.test(text)),
      id,
    ).toBe(true);
    expect(reference).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\//);
  }
});

test.each([
  ["database-storage-encrypted", DATABASE, "storage_encrypted"],
  ["database-has-standby", DATABASE, "multi_az"],
  ["database-backed-up", DATABASE, "backup_retention_period"],
  ["database-not-public", DATABASE, "publicly_accessible"],
  ["bucket-block-public-acls", "aws_s3_bucket_public_access_block.logs", "block_public_acls"],
  ["listener-protocol-policy", "aws_lb_listener.https", "ssl_policy"],
  ["tagged-with-environment", "aws_kms_key.this", "tags_all"],
  ["service-two-tasks", 'module.service["api"].aws_ecs_service.this', "min_capacity"],
])("%s says that it cannot know what comes later, and does not pass", (rule, address, attribute) => {
  const where =
    rule === "service-two-tasks" ? 'module.service["api"].aws_appautoscaling_target.this' : address;
  const report = reportOf([later(where, attribute)]);
  const found = report.findings.filter((finding) => finding.rule === rule);
  expect(found.map(({ state, address: at, is }) => ({ state, at, is }))).toEqual([
    { state: "unknown", at: address, is: "known after apply" },
  ]);
  expect(brokenIn(report)).toEqual([]);
  expect(exitCodeOfPolicies(report)).toBe(0);
});

test("a key that is made in the same plan counts as set", () => {
  const key = { kms_key_id: { references: ["aws_kms_key.this.arn", "aws_kms_key.this"] } };
  const group = (expressions: object) => [
    plant("aws_cloudwatch_log_group", { retention_in_days: 30 }, expressions as never),
    later("aws_cloudwatch_log_group.planted", "kms_key_id"),
  ];
  expect(brokenIn(reportOf(group(key)))).toEqual([]);
  expect(brokenIn(reportOf(group({})))).toEqual(["log-group-own-key at aws_cloudwatch_log_group.planted"]);
});

test("a companion that names its bucket in a way that the plan hides is said to be unknown", () => {
  const block = "aws_s3_bucket_public_access_block.logs";
  const report = reportOf([later(block, "bucket"), write(block, "bucket", { references: ["local.bucket"] })]);
  expect(report.findings.map(({ rule, state, address }) => [rule, state, address])).toEqual([
    ["bucket-public-access-blocked", "unknown", "aws_s3_bucket.logs"],
  ]);
});

test("a companion is found by the id that both have once they exist", () => {
  const block = "aws_s3_bucket_public_access_block.logs";
  const hidden = write(block, "bucket", { references: ["local.bucket"] });
  expect(reportOf([set(block, "bucket", "shop-production-logs"), hidden]).findings).toEqual([]);
  expect(brokenIn(reportOf([set(block, "bucket", "another"), hidden]))).toEqual([
    "bucket-public-access-blocked at aws_s3_bucket.logs",
  ]);
});

test("a policy that is put together from what comes later is told once, and not held to be right", () => {
  const report = reportOf([
    later("aws_iam_policy.deployer", "policy"),
    write("aws_iam_policy.deployer", "policy", {
      references: ["aws_db_instance.this.arn", "aws_db_instance.this"],
    }),
  ]);
  expect(report.findings.map(({ rule, state, address }) => [rule, state, address])).toEqual([
    ["policy-readable", "unknown", "aws_iam_policy.deployer"],
  ]);
});

test("a write-only secret leaves an empty text in the state, which is no secret", () => {
  const version = (secret: string) => plant("aws_secretsmanager_secret_version", { secret_string: secret });
  expect(reportOf([version("")]).findings).toEqual([]);
  expect(brokenIn(reportOf([version("swordfish")]))).toHaveLength(1);
});

test("what iterates leads to what it iterates over, also through the modules above", () => {
  const block = "aws_s3_bucket_public_access_block.logs";
  const each = (forEach: object) => [
    later(block, "bucket"),
    write(block, "bucket", { references: ["each.value"] }),
    (plan: PolicyPlan) => {
      const found = plan.configuration.root_module.resources!.find(({ address }) => address === block)!;
      found.for_each_expression = forEach as never;
    },
  ];
  expect(reportOf(each({ references: ["aws_s3_bucket.logs.id", "aws_s3_bucket.logs"] })).findings).toEqual(
    [],
  );
  expect(
    reportOf(each({ references: ["local.buckets"] })).findings.map(({ rule, state }) => [rule, state]),
  ).toEqual([["bucket-public-access-blocked", "unknown"]]);
});

test("what is to be destroyed is not judged", () => {
  expect(brokenIn(reportOf([set(DATABASE, "storage_encrypted", false), remove(DATABASE)]))).toEqual([]);
});

test("what only production needs is not asked of another environment, unless that is said", () => {
  const small = [
    set(DATABASE, "multi_az", false),
    set('module.service["api"].aws_appautoscaling_target.this', "min_capacity", 1),
  ];
  const broken = (options: object) =>
    brokenIn(reportOf(small, options)).filter((one) => !one.startsWith("tagged-with-environment"));
  expect(broken({ environment: "staging" })).toEqual([]);
  expect(broken({ environment: "live", production: true })).toHaveLength(2);
  expect(broken(LIVE)).toHaveLength(2);
});

test("an environment whose data may be lost need not protect them; production always does", () => {
  const plan = () => {
    const made = planOf();
    (made.variables!["app"]!.value as { protect: boolean }).protect = false;
    return made;
  };
  const open = [set(DATABASE, "deletion_protection", false), set(DATABASE, "skip_final_snapshot", true)];
  const about = (report: string[]) => report.filter((one) => one.startsWith("database-"));
  expect(about(brokenIn(reportOf(open, { environment: "staging" }, plan())))).toEqual([]);
  expect(about(brokenIn(reportOf(open, LIVE, plan())))).toHaveLength(2);
  expect(about(brokenIn(reportOf(open, { environment: "staging" })))).toHaveLength(2);
});

test("a sensitive value is never shown", () => {
  const secret = reportOf([
    set(DATABASE, "ca_cert_identifier", "swordfish"),
    (plan) => {
      const found = plan.planned_values.root_module.resources!.find(({ address }) => address === DATABASE)!;
      found.values!["multi_az"] = "swordfish";
      found.sensitive_values = { multi_az: true };
    },
    set(DATABASE, "password", "swordfish"),
  ]);
  expect(secret.findings.map(({ rule, is }) => [rule, is])).toEqual([
    ["database-has-standby", "(sensitive)"],
    ["secret-not-in-plan", "(sensitive)"],
  ]);
  expect(JSON.stringify(secret)).not.toContain("swordfish");
});

test("the worst comes first, and the order of the resources changes nothing", () => {
  const mutations = [
    set("aws_kms_key.this", "tags_all.Project", ""),
    later(DATABASE, "publicly_accessible"),
    set(DATABASE, "storage_encrypted", false),
    set("aws_sqs_queue.jobs", "sqs_managed_sse_enabled", false),
  ];
  const order = reportOf(mutations);
  expect(order.findings.map(({ state, severity }) => `${state} ${severity}`)).toEqual([
    "broken high",
    "broken medium",
    "broken low",
    "unknown high",
  ]);
  const turned = reportOf([
    ...mutations,
    (plan) => void plan.planned_values.root_module.resources!.reverse(),
  ]);
  expect(turned).toEqual(order);
});
