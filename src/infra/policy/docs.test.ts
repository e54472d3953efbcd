import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policiesPage } from "./docs.ts";
import { RULES } from "./rules.ts";

test("docs/policies.md is what the code says (else: npm run docs)", () => {
  const page = readFileSync(new URL("../../../docs/policies.md", import.meta.url), "utf8");
  expect(page).toBe(policiesPage());
});

test("docs/policies.md lists exactly the rules there are", () => {
  const listed = [...policiesPage().matchAll(/^\| <a id="([^"]+)"><\/a>/gm)].map(([, id]) => id);
  expect(listed).toEqual(RULES.map(({ id }) => id));
});
