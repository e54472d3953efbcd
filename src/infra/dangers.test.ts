import { expect, test } from "vitest";
import { dangersOf, refusedDangers } from "./dangers.ts";
import { readPlan } from "./read-plan.ts";
import { entry, planOf, recorded } from "./recorded-plan.test-rig.ts";

const dangers = (...changes: unknown[]) => dangersOf(readPlan(planOf(...changes)).changes);
const there = { id: "i-1", name: "this-one" };

test("a rename in the configuration that would replace the database is stopped, and names it and why", () => {
  const found = dangersOf(readPlan(recorded("rename")).changes);
  expect(found[0]).toEqual({
    address: "module.database.aws_db_instance.this",
    type: "aws_db_instance",
    kind: "data",
    action: "replace",
    name: "rideshare",
    loss: "deletes the database and its automated backups; no final snapshot is made",
    because: ["db_name"],
    takes: [],
  });
  expect(found.filter(({ kind }) => kind === "data").map(({ name }) => name)).toEqual([
    "rideshare",
    "rideshare-uploads",
    "rideshare/api",
    "rideshare/database",
    "/rideshare/api",
    "rideshare.example",
  ]);
});

test("a plan that only makes things, and one that changes sizes, stop nowhere", () => {
  expect(dangersOf(readPlan(recorded("create")).changes)).toEqual([]);
  expect(dangersOf(readPlan(recorded("sizes")).changes)).toEqual([]);
});

test.each([
  "aws_db_instance",
  "aws_rds_cluster",
  "aws_s3_bucket",
  "aws_route53_zone",
  "aws_kms_key",
  "aws_ecr_repository",
  "aws_secretsmanager_secret",
  "aws_efs_file_system",
  "aws_dynamodb_table",
  "aws_cloudwatch_log_group",
])("%s is data: destroyed or replaced in either order it stops", (type) => {
  for (const actions of [["delete"], ["delete", "create"], ["create", "delete"]])
    expect(dangers(entry(`${type}.this`, { actions, before: there }))).toMatchObject([
      { kind: "data", name: "this-one" },
    ]);
  expect(dangers(entry(`${type}.this`, { actions: ["update"], before: there, after: there }))).toEqual([]);
  expect(dangers(entry(`${type}.this`, { actions: ["forget"], before: there }))).toEqual([]);
});

test("a cache is data when it keeps snapshots, and else what the app goes down without", () => {
  const cache = (snapshot_retention_limit: number) =>
    dangers(
      entry("aws_elasticache_replication_group.this", {
        actions: ["delete"],
        before: { replication_group_id: "c", snapshot_retention_limit },
      }),
    )[0]!;
  expect([cache(1).kind, cache(0).kind]).toEqual(["data", "service"]);
});

test("what carries traffic stops when it goes first, and not when the new one is there before", () => {
  const balancer = (actions: string[]) => dangers(entry("aws_lb.this", { actions, before: there }));
  expect(balancer(["delete", "create"])).toMatchObject([{ kind: "service", action: "replace" }]);
  expect(balancer(["create", "delete"])).toEqual([]);
});

test("a security group rule that is replaced is told as an effect, and stops nothing", () => {
  expect(
    dangers(entry("aws_vpc_security_group_ingress_rule.x", { actions: ["delete", "create"], before: there })),
  ).toEqual([]);
});

test.each([
  ["aws_db_instance", { backup_retention_period: 7 }, { backup_retention_period: 0 }],
  ["aws_kms_key", { is_enabled: true }, { is_enabled: false }],
  ["aws_ecs_service", { desired_count: 2 }, { desired_count: 0 }],
  ["aws_cloudfront_distribution", { enabled: true }, { enabled: false }],
])("an update of %s that does what a removal does stops as well", (type, before, after) => {
  const update = (from: object, to: object) =>
    dangers(
      entry(`${type}.this`, { actions: ["update"], before: { id: "x", ...from }, after: { id: "x", ...to } }),
    );
  expect(update(before, after)).toMatchObject([{ action: "update", because: Object.keys(before) }]);
  expect(update(after, before)).toEqual([]);
});

test("a service that goes as a whole is asked for once, and its data still by itself", () => {
  const of = (local: string, before: object = there) =>
    entry(`module.service.${local}`, { actions: ["delete"], before });
  const found = dangers(
    of("aws_ecs_service.this"),
    of("aws_lb_target_group.blue"),
    of("aws_lb_listener_rule.production"),
    of("aws_cloudwatch_log_group.this"),
    entry("module.other.aws_lb_target_group.blue", { actions: ["delete"], before: there }),
  );
  expect(found.map(({ address, takes }) => [address, takes.length])).toEqual([
    ["module.service.aws_cloudwatch_log_group.this", 0],
    ["module.service.aws_ecs_service.this", 2],
    ["module.other.aws_lb_target_group.blue", 0],
  ]);
});

test("without a name of its own the address is what is typed", () => {
  const [danger] = dangers(entry("aws_s3_bucket.this", { actions: ["delete"], before: {} }));
  expect(danger!.name).toBe("aws_s3_bucket.this");
});

test("an exact address lets its danger pass and no other; one that fits nothing is an error", () => {
  const found = dangersOf(readPlan(recorded("rename")).changes);
  const database = "module.database.aws_db_instance.this";
  expect(refusedDangers(found, [database]).map(({ address }) => address)).not.toContain(database);
  expect(refusedDangers(found, [database]).length).toBe(found.length - 1);
  for (const stale of [
    "module.database",
    "aws_db_instance.this",
    `${database} `,
    "*",
    "aws_kms_key.this",
    "",
  ])
    expect(() => refusedDangers(found, [database, stale])).toThrow(
      expect.objectContaining({ code: "INFRA_ALLOW_STALE" }),
    );
  expect(() => refusedDangers([], [database])).toThrow(
    expect.objectContaining({ hint: "leave it away: the plan destroys nothing that matters" }),
  );
});
