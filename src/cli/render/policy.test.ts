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
const text = (findings: PolicyFinding[], waivers: PolicyReport["waivers"] = [], exitCode = 3): string =>
  renderPolicies(look, { findings, waivers, rules: 147, resources: 99 }, { exitCode }).join("\n");

test("a rule is told once, with every address, what is and what should be", () => {
  const lines = text([finding({}), finding({ address: "aws_db_instance.replica" })]);
  expect(lines.match(/database-not-public/g)).toHaveLength(1);
  expect(lines).toContain("aws_db_instance.this");
  expect(lines).toContain("aws_db_instance.replica");
  expect(lines).toContain("publicly_accessible  is true, should be false");
  expect(lines).toContain("why    A password is all that is left.");
  expect(lines).toMatch(/2 broken of 147 policies +exit 3$/);
});

test("what cannot be known is not called broken, and what is waived says until when and why", () => {
  const lines = text(
    [finding({ state: "unknown", is: "known after apply" }), finding({ state: "waived", waiver })],
    [],
    0,
  );
  expect(lines).toContain("The plan cannot tell.");
  expect(lines).toContain("until 2026-12-31: scanned elsewhere");
  expect(lines).toMatch(/147 policies hold for 99 resources, 1 known only after the apply, 1 waived$/);
});

test("a waiver that does nothing is told", () => {
  const lines = text([], [{ waiver, problem: "expired", what: "it expired on 2026-12-31" }], 0);
  expect(lines).toContain("waiver of images-scanned");
  expect(lines).toContain("it expired on 2026-12-31");
});

test("nothing that stands in a plan can draw on the terminal, and 80 columns are enough", () => {
  const lines = text([
    finding({ is: "\u001b[31mred", address: `module.${"a".repeat(30)}.aws_db_instance.this` }),
  ]);
  expect(lines).not.toContain("\u001b");
  expect(Math.max(...lines.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
});
