import { expect, test } from "vitest";
import { readPlan } from "./read-plan.ts";
import { entry, planOf, recorded } from "./recorded-plan.test-rig.ts";

const only = (change: unknown) => readPlan(planOf(change)).changes[0]!;

test("a recorded plan is read change by change", () => {
  const { changes, complete, terraformVersion } = readPlan(recorded("rename"));
  expect({ complete, terraformVersion }).toEqual({ complete: true, terraformVersion: "1.11.4" });
  const database = changes.find(({ type }) => type === "aws_db_instance")!;
  expect(database).toMatchObject({
    address: "module.database.aws_db_instance.this",
    module: "module.database",
    local: "aws_db_instance.this",
    action: "replace",
    order: "destroy first",
    reason: "replace_because_cannot_update",
    resourceName: "rideshare",
  });
  expect(database.attributes.filter(({ forcesReplacement }) => forcesReplacement)).toEqual([
    {
      path: "db_name",
      before: { kind: "value", text: '"rideshare"' },
      after: { kind: "value", text: '"rides"' },
      forcesReplacement: true,
    },
  ]);
});

test("no secret of a recorded plan is in any text that may be shown", () => {
  for (const name of ["create", "rename", "sizes", "destroy"]) {
    const shown = readPlan(recorded(name)).changes.map(({ attributes }) => attributes);
    expect(JSON.stringify(recorded(name))).toMatch(/correct-horse-battery|another-secret/);
    expect(JSON.stringify(shown)).not.toMatch(/correct-horse-battery|another-secret/);
  }
  const password = readPlan(recorded("sizes"))
    .changes.find(({ type }) => type === "aws_db_instance")!
    .attributes.find(({ path }) => path === "password");
  expect(password).toMatchObject({ before: { kind: "sensitive" }, after: { kind: "sensitive" } });
});

test.each([
  [["create"], {}, "create"],
  [["read"], {}, "read"],
  [["update"], {}, "update"],
  [["delete"], {}, "destroy"],
  [["forget"], {}, "forget"],
  [["delete", "create"], {}, "replace"],
  [["create", "delete"], {}, "replace"],
  [["create", "forget"], {}, "create"],
  [["no-op"], { importing: { id: "x" } }, "import"],
] as const)("%j is told as what it is", (actions, more, action) => {
  expect(only(entry("aws_vpc.this", { actions: [...actions], ...more })).action).toBe(action);
});

test("a resource that only moved is told with where it was; what stays is left out", () => {
  const moved = { ...entry("aws_vpc.new", { actions: ["no-op"] }), previous_address: "aws_vpc.old" };
  const stays = entry("aws_vpc.other", { actions: ["no-op"] });
  const { changes } = readPlan(planOf(moved, stays));
  expect(changes).toMatchObject([{ action: "move", movedFrom: "aws_vpc.old" }]);
});

test("keys of instances with dots, quotes and brackets keep module and address apart", () => {
  const address = `module.app.module.service["a.b"].aws_lb_target_group.this["x[0]"]`;
  const told = {
    ...entry(address, { actions: ["create"] }),
    module_address: `module.app.module.service["a.b"]`,
    type: "aws_lb_target_group",
  };
  expect(only(told)).toMatchObject({
    module: `module.app.module.service["a.b"]`,
    local: `aws_lb_target_group.this["x[0]"]`,
    type: "aws_lb_target_group",
  });
});

test("nested attributes are told down to the smallest part that differs", () => {
  const change = only(
    entry("aws_ecs_service.this", {
      actions: ["update"],
      before: { a: [{ b: 1, c: "x" }], d: { e: true }, f: "", g: ["one"] },
      after: { a: [{ b: 2, c: "x" }], d: { e: false }, f: null, g: ["one", "two"] },
    }),
  );
  expect(change.attributes.map(({ path, before, after }) => [path, before, after])).toEqual([
    ["a[0].b", { kind: "value", text: "1" }, { kind: "value", text: "2" }],
    ["d.e", { kind: "value", text: "true" }, { kind: "value", text: "false" }],
    ["g", { kind: "value", text: '["one"]' }, { kind: "value", text: '["one","two"]' }],
  ]);
});

test.each<[string, object]>([
  ["a mark on the whole", { after_sensitive: true }],
  ["a mark on the attribute", { after_sensitive: { a: true } }],
  ["a mark deep inside", { after_sensitive: { a: { b: [true] } } }],
  ["a mark on what was", { before_sensitive: { a: { b: [true] } } }],
])("%s hides the value", (_what, marks) => {
  const { attributes } = only(
    entry("x_y.z", {
      actions: ["update"],
      before: { a: { b: ["hunter2"] } },
      after: { a: { b: ["hunter3"] } },
      ...marks,
    }),
  );
  expect(attributes.length).toBe(1);
  expect(JSON.stringify(attributes)).not.toContain("hunter3");
  if (!("before_sensitive" in marks)) return;
  expect(JSON.stringify(attributes)).not.toContain("hunter2");
});

test("values that are known only afterwards are told as that", () => {
  const { attributes } = only(
    entry("x_y.z", {
      actions: ["update"],
      before: { arn: "arn:1" },
      after: {},
      after_unknown: { arn: true },
    }),
  );
  expect(attributes).toMatchObject([{ path: "arn", after: { kind: "unknown" } }]);
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["text", "{}"],
  ["a list", []],
  ["no format", {}],
  ["a format of the future", { format_version: "2.0" }],
  ["a format that is none", { format_version: "1" }],
  ["changes that are no list", { format_version: "1.2", resource_changes: {} }],
  ["a change without an address", planOf({ change: { actions: ["create"] } })],
  ["a change without a change", planOf({ address: "a.b" })],
  ["an action that is not known", planOf(entry("a.b", { actions: ["annihilate"] }))],
  ["actions in an order that is not known", planOf(entry("a.b", { actions: ["create", "update"] }))],
  ["no actions at all", planOf(entry("a.b", { actions: [] }))],
])("%s is refused, and never read as a plan that changes nothing", (_what, json) => {
  expect(() => readPlan(json)).toThrow(expect.objectContaining({ code: "INFRA_PLAN_UNREADABLE" }));
});
