import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { PolicyFinding, PolicyReport, PolicyWaiver } from "../../domain/policy-finding.ts";
import { renderPolicies } from "./policy.ts";

const look = { colours: createColors(false), columns: 80 };
const waiver: PolicyWaiver = {
  rule: "images-scanned",
  address: "*",
  reason: "scanned elsewhere",
  until: "2026-12-31",
};

const finding = (change: Partial<PolicyFinding>): PolicyFinding => ({
  ...{ rule: "database-not-public", severity: "high", state: "broken", address: "aws_db_instance.this" },
  ...{ attribute: "publicly_accessible", is: "true", shouldBe: "false" },
  ...{ title: "A database has no public address.", why: "A password is all that is left." },
  ...{ reference: "https://docs.aws.amazon.com/page.html", waiver: null },
  ...change,
});
const text = (
  findings: PolicyFinding[],
  { waivers = [] as PolicyReport["waivers"], exitCode = 3, verbose = false } = {},
): string =>
  renderPolicies(look, { findings, waivers, rules: 147, resources: 99 }, { exitCode, verbose }).join("\n");
const widest = (lines: string): number => Math.max(...lines.split("\n").map(({ length }) => length));

test("a rule is told once: every address, and what is the same of all of them below", () => {
  expect(text([finding({}), finding({ address: "aws_db_instance.replica" })])).toBe(
    [
      "✘ database-not-public  high",
      "    A database has no public address.",
      "    aws_db_instance.this",
      "    aws_db_instance.replica",
      "      publicly_accessible is true, should be false",
      "    why     A password is all that is left.",
      "    see     docs/policies.md#database-not-public",
      `policies   1 of 147 broken in 2 places${" ".repeat(36)}exit 3`,
    ].join("\n"),
  );
});

test("a resource with several wrong attributes is named once, and others apart", () => {
  const lines = text([
    finding({}),
    finding({ attribute: "port", is: "5432" }),
    finding({ address: "aws_db_instance.replica" }),
  ]);
  expect(lines.match(/aws_db_instance\.this/g)).toHaveLength(1);
  expect(lines).toMatch(
    /this\n {6}publicly_accessible is.*\n {6}port is 5432.*\n {4}aws_db_instance\.replica\n/,
  );
});

test("of many resources the first are named, and all with --verbose", () => {
  const many = Array.from({ length: 40 }, (_, index) => finding({ address: `aws_db_instance.n${index}` }));
  expect(text(many)).toContain("aws_db_instance.n5\n    and 34 more: --verbose\n");
  expect(text(many, { verbose: true })).toContain("aws_db_instance.n39\n");
});

test("what only the apply can tell is counted, and told with --verbose; it is not called broken", () => {
  const unknown = [finding({ state: "unknown", is: "known after apply" })];
  expect(text(unknown, { exitCode: 0 })).toBe(
    "policies   none of 147 broken, 1 open until the apply (--verbose)",
  );
  const lines = text(unknown, { exitCode: 0, verbose: true });
  expect(lines).toContain("! database-not-public");
  expect(lines).toContain("The plan cannot tell.");
  expect(lines).toMatch(/policies {3}none of 147 broken, 1 open until the apply$/);
});

test("what is waived says until when and why", () => {
  const lines = text([finding({ state: "waived", waiver })], { exitCode: 0 });
  expect(lines).toContain("    waived  until 2026-12-31: scanned elsewhere");
  expect(lines).toMatch(/all 147 hold for 99 resources, 1 waived$/);
});

test("a waiver that nobody may count on is a finding, one without use a remark", () => {
  const waivers: PolicyReport["waivers"] = [{ waiver, problem: "expired", what: "it expired on 2026-12-31" }];
  expect(text([], { waivers })).toBe(
    [
      "✘ waiver of images-scanned",
      "    at      *",
      "    does    nothing: it expired on 2026-12-31",
      "    reason  scanned elsewhere",
      `policies   all 147 hold for 99 resources, 1 of the waivers wrong${" ".repeat(10)}exit 3`,
    ].join("\n"),
  );
  const unused = text([], { waivers: [{ ...waivers[0]!, problem: "unused" }], exitCode: 0 });
  expect(unused).toMatch(/^! waiver of images-scanned\n/);
  expect(unused).toMatch(/\npolicies {3}all 147 hold for 99 resources$/);
});

test("nothing that stands in a plan can draw on the terminal, and 80 columns are enough", () => {
  const long = {
    ...{ is: "\u001b[31mred", address: `module.${"a".repeat(90)}.aws_db_instance.this` },
    attribute: "ordered_cache_behavior.0.response_headers_policy_id",
  };
  const waivers: PolicyReport["waivers"] = [
    { waiver: { ...waiver, address: long.address }, problem: "expired", what: "it expired on 2026-12-31" },
  ];
  const lines = text(
    [
      ...[finding(long), finding({ ...long, state: "waived", waiver })],
      ...Array.from({ length: 30 }, (_, at) => finding({ rule: `rule-${at}`, state: "unknown" })),
    ],
    { waivers },
  );
  expect(lines).not.toContain("\u001b");
  expect(widest(lines)).toBeLessThanOrEqual(80);
  expect(lines).toMatch(/ exit 3$/);
});
