import { createColors } from "picocolors";
import { expect, test } from "vitest";
import type { RuleText } from "../../domain/migration-rule.ts";
import { renderRule } from "./migration-rule.ts";

const look = { colours: createColors(false), columns: 80 };
const rule: RuleText = {
  ...{ id: "rename-column", family: "breaks-the-release-before", level: "by-size" },
  ...{ title: "A column is renamed.", why: "Old code fails.", instead: "Add a new one." },
  example: {
    finds: ["ALTER TABLE rides RENAME fare TO price;"],
    instead: ["ALTER TABLE rides ADD price int;"],
  },
  sameAs: { squawk: ["renaming-column"], eugene: ["E1", "E2"] },
};

test("a rule is explained: what it finds, why, the safe way, who says so too, how to let it be", () => {
  expect(renderRule(look, rule)).toEqual([
    "rename-column  A column is renamed.",
    "  level      warns or blocks, by how long others would wait at the target's size",
    "  finds      ALTER TABLE rides RENAME fare TO price;",
    "  why        Old code fails.",
    "  instead    Add a new one.",
    "             ALTER TABLE rides ADD price int;",
    "  elsewhere  squawk renaming-column · eugene E1, E2",
    "  waiver     -- switchback: allow rename-column because <reason>",
  ]);
});

test("a rule without an example, or that cannot be waived, shows none", () => {
  const lines = renderRule(look, {
    ...rule,
    family: "waivers",
    example: { finds: [], instead: [] },
    sameAs: {},
  });
  expect(lines.join("\n")).not.toMatch(/finds|elsewhere|allow/);
});
