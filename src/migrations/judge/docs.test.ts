import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { migrationRulesPage } from "./docs.ts";
import { RULES } from "./rules.ts";

test("docs/migration-rules.md is what the code says (else: npm run docs)", () => {
  const page = readFileSync(new URL("../../../docs/migration-rules.md", import.meta.url), "utf8");
  expect(page).toBe(migrationRulesPage());
});

test("docs/migration-rules.md lists exactly the rules there are", () => {
  const listed = [...migrationRulesPage().matchAll(/^### (\S+)$/gm)].map(([, id]) => id);
  expect(listed.sort()).toEqual(RULES.map(({ id }) => id).sort());
});
