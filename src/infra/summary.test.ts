import { expect, test } from "vitest";
import { effectOf } from "./effect-of.ts";
import { readPlan } from "./read-plan.ts";
import { isEmptyPlan, summarise } from "./summary.ts";
import { entry, planOf, recorded } from "./recorded-plan.test-rig.ts";

const effect = (address: string, change: Parameters<typeof entry>[1]) =>
  effectOf(readPlan(planOf(entry(address, change))).changes[0]!);
const update = (type: string, before: object, after: object) =>
  effect(`${type}.this`, { actions: ["update"], before, after });

test("a recorded plan is told by module, what is lost first", () => {
  const summary = summarise(readPlan(recorded("rename")));
  expect(summary.counts).toMatchObject({ replace: 14, update: 4, create: 0, destroy: 0 });
  expect(summary.modules.map(({ module }) => module)).toEqual(["", "database", "network"]);
  expect(summary.modules[1]!.lines[0]).toMatchObject({
    local: "aws_db_instance.this",
    action: "replace",
    effect: { severity: "loss" },
  });
  expect(summary.worst.severity).toBe("loss");
});

test("a larger database instance costs an outage: about a minute with a standby, longer without, and says when", () => {
  const resize = (more: object) =>
    update("aws_db_instance", { instance_class: "a" }, { instance_class: "b", ...more }).text;
  expect(resize({ multi_az: true, apply_immediately: true })).toMatch(/about a minute .* at apply$/);
  expect(resize({ multi_az: false })).toMatch(/5 to 10 minutes .* in the next maintenance window$/);
});

test.each<[string, object, object, string]>([
  ["aws_db_instance", { allocated_storage: 20 }, { allocated_storage: 40 }, "none"],
  ["aws_db_instance", { engine_version: "17" }, { engine_version: "18" }, "outage"],
  [
    "aws_ecs_service",
    { network_configuration: [{ a: 1 }] },
    { network_configuration: [{ a: 2 }] },
    "restart",
  ],
  ["aws_cloudfront_distribution", { comment: "a" }, { comment: "b" }, "none"],
  ["aws_lb_listener", { port: 443 }, { port: 8443 }, "outage"],
  ["aws_elasticache_replication_group", { node_type: "a" }, { node_type: "b" }, "dropped"],
  ["aws_iam_role_policy", { policy: "a" }, { policy: "b" }, "dropped"],
  ["aws_vpc", { tags: { a: "1" } }, { tags: { a: "2" } }, "none"],
])("a change of %s from %j to %j is weighed", (type, before, after, severity) => {
  expect(update(type, before, after).severity).toBe(severity);
});

test("the worst of several changes of one resource is told", () => {
  const both = update(
    "aws_db_instance",
    { allocated_storage: 20, engine_version: "17" },
    { allocated_storage: 40, engine_version: "18" },
  );
  expect(both).toMatchObject({ severity: "outage", text: expect.stringContaining("version upgrade") });
});

test("a NAT gateway that is made anew cuts the way out for minutes", () => {
  expect(effect("aws_nat_gateway.this", { actions: ["delete", "create"], before: { id: "n" } })).toEqual({
    severity: "outage",
    text: expect.stringContaining("1 to 3 minutes"),
  });
});

test("300 resources are counted, grouped, and each danger among them is found", () => {
  const changes = Array.from({ length: 300 }, (_, index) => {
    const module = `module.app.module.m${index % 10}`;
    const actions = index % 30 === 0 ? ["delete"] : index % 3 === 0 ? ["update"] : ["create"];
    const type = index % 30 === 0 ? "aws_s3_bucket" : "aws_iam_policy";
    return entry(`${module}.${type}.r${index}`, {
      actions,
      before: actions[0] === "create" ? null : { id: `b-${index}`, policy: "x".repeat(2_000) },
      after: actions[0] === "delete" ? null : { id: `b-${index}`, policy: "y".repeat(2_000) },
    });
  });
  const summary = summarise(readPlan(planOf(...changes)));
  expect(summary.counts).toMatchObject({ create: 200, update: 90, destroy: 10 });
  expect(summary.modules.length).toBe(10);
  expect(summary.modules.reduce((sum, { lines }) => sum + lines.length, 0)).toBe(300);
  expect(summary.dangers.map(({ name }) => name).sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `b-${index * 30}`).sort(),
  );
});

test("a plan is empty when nothing changes, and reading data is no change; an output alone is one", () => {
  const read = { ...entry("data.aws_caller_identity.this", { actions: ["read"] }), mode: "data" };
  expect(isEmptyPlan(summarise(readPlan(planOf(read))))).toBe(true);
  const output = { ...(planOf() as object), output_changes: { contract: { actions: ["update"] } } };
  expect(isEmptyPlan(summarise(readPlan(output)))).toBe(false);
  expect(isEmptyPlan(summarise(readPlan(recorded("sizes"))))).toBe(false);
});
