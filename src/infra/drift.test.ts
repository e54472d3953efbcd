import { expect, test } from "vitest";
import { driftOf, isUndoneBy } from "./drift.ts";
import { declaredRules, foreignRules, groupsApart, type RuleThere } from "./foreign-rules.ts";
import { readPlan } from "./read-plan.ts";
import { entry, recorded } from "./recorded-plan.test-rig.ts";

const GROUP = "module.network.aws_security_group.services";

const drifted = (...resource_drift: unknown[]) =>
  driftOf(readPlan({ format_version: "1.2", resource_changes: [], resource_drift }));

/** As the adapter reads it from the recorded answer of the EC2 API. */
const recordedRules = (): RuleThere[] =>
  (recorded("rules") as { SecurityGroupRules: Record<string, never>[] }).SecurityGroupRules.map((rule) => ({
    id: rule["SecurityGroupRuleId"]!,
    group: rule["GroupId"]!,
    direction: rule["IsEgress"] ? "egress" : "ingress",
    protocol: rule["IpProtocol"]!,
    fromPort: rule["FromPort"]!,
    toPort: rule["ToPort"]!,
    peer: rule["CidrIpv4"]!,
  }));

test("what was changed and what was deleted from outside is named, with what was and what is", () => {
  const apart = groupsApart(declaredRules(recorded("state")));
  expect(driftOf(readPlan(recorded("drift")), apart)).toEqual([
    { address: "aws_cloudwatch_log_group.api", attribute: "retention_in_days", was: "30", is: "7" },
    { address: "aws_ecr_repository.api", attribute: null, was: "rideshare/api", is: "gone" },
  ]);
});

test("a rule that nobody declared is found in a group whose rules are resources of their own", () => {
  expect(foreignRules(declaredRules(recorded("state")), recordedRules())).toEqual([
    {
      address: GROUP,
      attribute: "ingress",
      was: "(no such rule)",
      is: expect.stringMatching(/^tcp 22 from 0\.0\.0\.0\/0 \(sgr-[0-9a-f]+\)$/),
    },
  ]);
});

test("a group without such rules is Terraform's to look at, and its list is drift", () => {
  const found = driftOf(readPlan(recorded("drift")));
  expect(found.filter(({ address }) => address === GROUP)).toMatchObject([{ attribute: "ingress" }]);
  const declared = { ...declaredRules(recorded("state")), apart: new Set<string>() };
  expect(foreignRules(declared, recordedRules())).toEqual([]);
});

test("rules of groups that are not ours are nobody's drift", () => {
  const declared = declaredRules(recorded("state"));
  const others = recordedRules().map((rule) => ({ ...rule, group: "sg-other" }));
  expect(foreignRules(declared, others)).toEqual([]);
});

test("what a release changes is no drift", () => {
  const release = [
    entry("aws_ecs_service.api", {
      actions: ["update"],
      before: { task_definition: "a:1", desired_count: 0, load_balancer: [], name: "x" },
      after: { task_definition: "a:2", desired_count: 4, load_balancer: [{ port: 1 }], name: "x" },
    }),
    entry("aws_lb_listener_rule.production", {
      actions: ["update"],
      before: { action: [{ weight: 100 }], priority: 1 },
      after: { action: [{ weight: 0 }], priority: 1 },
    }),
  ];
  expect(drifted(...release)).toEqual([]);
  const other = entry("aws_ecs_service.api", {
    actions: ["update"],
    before: { desired_count: 0, propagate_tags: "SERVICE" },
    after: { desired_count: 4, propagate_tags: "NONE" },
  });
  expect(drifted(other)).toMatchObject([{ attribute: "propagate_tags", was: '"SERVICE"', is: '"NONE"' }]);
});

test("what AWS stamps by itself, and nothing against empty, is no drift", () => {
  expect(
    drifted(
      entry("aws_db_instance.this", {
        actions: ["update"],
        before: { latest_restorable_time: "1", tags_all: { a: "1" }, domain: null, list: null },
        after: { latest_restorable_time: "2", tags_all: { a: "2" }, domain: "", list: [] },
      }),
    ),
  ).toEqual([]);
});

test("a secret that was changed from outside is named without either value", () => {
  const [found] = drifted(
    entry("aws_ssm_parameter.this", {
      actions: ["update"],
      before: { value: "hunter2" },
      after: { value: "hunter3" },
      before_sensitive: { value: true },
      after_sensitive: { value: true },
    }),
  );
  expect(found).toMatchObject({ attribute: "value", was: "(sensitive)", is: "(sensitive)" });
});

test.each([undefined, null, "", 7, [], {}, { values: { root_module: { resources: [null, {}] } } }])(
  "a state that is %j declares nothing",
  (state) => {
    const { groups, rules, apart } = declaredRules(state);
    expect([groups.size, rules.size, apart.size]).toEqual([0, 0, 0]);
  },
);

test("what a plan would put back is drift; what it leaves as it is, is none", () => {
  const update = (before: unknown, after: unknown) => ({ actions: ["update"], before, after });
  const plan = readPlan({
    format_version: "1.2",
    resource_changes: [
      entry("aws_sns_topic.alarms", update({ name: "a", policy: "theirs" }, { name: "a", policy: "ours" })),
    ],
    resource_drift: [
      entry("aws_sns_topic.alarms", update({ policy: "ours", fifo: "" }, { policy: "theirs", fifo: "x" })),
      entry("aws_eip.nat", update({ private_ip: "10.0.0.1" }, { private_ip: "10.0.0.2" })),
    ],
  });
  expect(driftOf(plan)).toHaveLength(3);
  expect(driftOf(plan).filter(isUndoneBy(plan))).toEqual([
    { address: "aws_sns_topic.alarms", attribute: "policy", was: '"ours"', is: '"theirs"' },
  ]);
});
